package io.atlasdb.node.kv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Readers of a group that wait for a quorum or for a transaction, and until when. On the group's thread. */
final class Readers {
    private final Map<Long, Reader> waiting = new HashMap<>();
    private long count;

    private record Reader(long deadlineMs, CompletableFuture<Answer> answer) {}

    /** Minds a reader; returns its number for {@link #done}. */
    long add(long deadlineMs, CompletableFuture<Answer> answer) {
        long number = count++;
        waiting.put(number, new Reader(deadlineMs, answer));
        return number;
    }

    void done(long number) {
        waiting.remove(number);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void refuse(NotOwner moved) {
        List.copyOf(waiting.values()).forEach(reader -> reader.answer().completeExceptionally(moved));
    }

    /** Tells those whose time is over why. */
    void tick(long nowMs, Supplier<? extends RuntimeException> why) {
        for (Reader reader : List.copyOf(waiting.values())) {
            if (reader.deadlineMs() <= nowMs) {
                reader.answer().completeExceptionally(why.get());
            }
        }
    }
}
