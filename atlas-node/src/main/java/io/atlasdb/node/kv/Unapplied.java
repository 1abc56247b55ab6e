package io.atlasdb.node.kv;

import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Entries that this node put into the log of a group and that are not applied, with who waits for them. */
final class Unapplied {
    private final Map<Long, Proposed> bySlot = new HashMap<>();

    private record Proposed(Hash hash, long deadlineMs, CompletableFuture<Answer> answer) {}

    void add(Entry entry, long deadlineMs, CompletableFuture<Answer> answer) {
        bySlot.put(entry.slot(), new Proposed(entry.hash(), deadlineMs, answer));
    }

    boolean isEmpty() {
        return bySlot.isEmpty();
    }

    /** An entry is applied. Answers whoever waits for another one in its slot; {@code owner} is who may have proposed it. */
    void applied(Entry entry, KvApplier.Outcome outcome, int owner) {
        Proposed own = bySlot.remove(entry.slot());
        if (own == null) {
            return;
        }
        if (!own.hash().equals(entry.hash())) {
            own.answer().completeExceptionally(new NotOwner(owner));
            return;
        }
        AtlasException refusal = outcome.refusal();
        if (refusal != null) {
            own.answer().completeExceptionally(refusal);
            return;
        }
        long timestamp = outcome.timestamp() != 0 ? outcome.timestamp() : entry.timestamp();
        own.answer().complete(new Answer(entry.slot(), timestamp, outcome.record(), List.of()));
    }

    /** What was proposed when this node owned the group before, and stands in no slot now, was never chosen. */
    void refuseAbove(long last) {
        NotOwner never = new NotOwner(0);
        List<Proposed> unchosen = new ArrayList<>();
        bySlot.entrySet().removeIf(one -> one.getKey() > last && unchosen.add(one.getValue()));
        unchosen.forEach(one -> one.answer().completeExceptionally(never));
    }

    /** Tells whoever waited too long, or whose slot was skipped by a snapshot, that nobody knows what became of it, and why. */
    void tick(long nowMs, long appliedSlot, Supplier<String> missing) {
        List<Proposed> late = new ArrayList<>();
        bySlot.entrySet()
                .removeIf(one -> (one.getKey() <= appliedSlot || one.getValue().deadlineMs() <= nowMs)
                        && late.add(one.getValue()));
        late.forEach(one -> one.answer()
                .completeExceptionally(ErrorCode.OUTCOME_UNKNOWN.error("not confirmed in time: " + missing.get())));
    }
}
