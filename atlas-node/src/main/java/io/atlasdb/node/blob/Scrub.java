package io.atlasdb.node.blob;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Reads all chunks again, one at a time and once a day, so that damage is found while other members can mend it. */
final class Scrub {
    private static final long PASS_MS = 24 * 60 * 60_000L;

    private final ChunkStore store;
    private final LongSupplier nowMs;
    private final Deque<ChunkName> left = new ArrayDeque<>();
    private long nextPassMs;

    Scrub(ChunkStore store, LongSupplier nowMs) {
        this.store = store;
        this.nowMs = nowMs;
        this.nextPassMs = nowMs.getAsLong() + PASS_MS;
    }

    /** Reads the next chunk, if it is time. */
    void step() {
        if (left.isEmpty() && nowMs.getAsLong() >= nextPassMs) {
            begin();
        }
        ChunkName next = left.poll();
        if (next != null) {
            store.read(next); // marks it as damaged when it is
        }
    }

    /** Begins a pass now. */
    void begin() {
        nextPassMs = nowMs.getAsLong() + PASS_MS;
        left.clear();
        store.each(left::add);
    }

    boolean isDone() {
        return left.isEmpty();
    }
}
