package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Transactions over several groups that every participant has resolved. Their records stay for a while, so that a late
 * PREPARE still meets them, and are then removed from all groups.
 */
final class Finished {
    /** How long records stay, milliseconds: far longer than any message of the transaction can be under way. */
    private static final long KEEP_MS = 60_000;
    /** Transactions named by one FORGET. */
    private static final int BATCH_MAX = 1_000;

    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();

    private record Ended(TxnId txn, List<Long> participants) {}

    void add(TxnId txn, Collection<Long> participants) {
        ended.add(new Ended(txn, List.copyOf(participants)));
    }

    /** Writes FORGET for what ended long enough before {@code now}; a transaction's number is the time it began. */
    void forget(KvStore store, long now) {
        Map<Long, List<TxnId>> byGroup = new TreeMap<>();
        for (int count = 0; count < BATCH_MAX; count++) {
            Ended next = ended.peek();
            if (next == null
                    || HybridClock.millis(now) - HybridClock.millis(next.txn().number()) < KEEP_MS) {
                break;
            }
            ended.remove();
            next.participants()
                    .forEach(group -> byGroup.computeIfAbsent(group, any -> new ArrayList<>())
                            .add(next.txn()));
        }
        byGroup.forEach((group, txns) -> Decision.write(store, group, new Command.Forget(txns)));
    }
}
