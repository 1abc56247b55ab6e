package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cleans up after transactions over several groups, for the owner of one of them: ends those whose node does not, brings
 * decisions of this group to participants that may not know, and removes records when no message of the transaction can come
 * any more. On the group's thread.
 */
final class Janitor {
    /** How long a transaction may stay undecided at this node before it is ended for it, milliseconds. */
    private static final long PATIENCE_MS = 1_000;
    /** A record stays this long after the transaction began: twice as long as its requests are accepted. */
    private static final long KEEP_MS = 2 * Answered.LIFE_MS;
    /** Transactions named by one FORGET. */
    private static final int BATCH_MAX = 1_000;

    private final long group;
    private final KvStore store;
    private final Map<TxnId, Open> open = new HashMap<>();
    private final Deque<Ended> ended = new ArrayDeque<>();
    /** Transactions that something is being done for. */
    private final Set<TxnId> busy = new HashSet<>();

    /** Transactions of which every participant is known to have heard the end. */
    private final Set<TxnId> told = new HashSet<>();

    private record Open(long coordinator, long sinceMs) {}

    private record Ended(TxnId txn, TxnRecord record) {}

    Janitor(long group, KvStore store) {
        this.group = group;
        this.store = store;
    }

    /** The group is owned anew. */
    void reset() {
        open.clear();
        ended.clear();
        busy.clear();
        told.clear();
    }

    /** Every participant has heard how the transaction ended, of which this group is the coordinator. */
    void told(TxnId txn) {
        told.add(txn);
    }

    /** A transaction is prepared here, as this owner knows since a time of the group's loop. */
    void prepared(TxnId txn, long coordinator, long sinceMs) {
        open.put(txn, new Open(coordinator, sinceMs));
    }

    /** The group knows how the transaction ended. */
    void ended(TxnId txn, TxnRecord record) {
        open.remove(txn);
        ended.add(new Ended(txn, record));
    }

    /** Does what is due; whether there will be more to do. */
    boolean tick(long nowMs) {
        open.forEach((txn, one) -> {
            boolean due = store.isOrphan(txn) || nowMs - one.sinceMs() > PATIENCE_MS;
            if (due && busy.add(txn)) {
                TxnRecovery.end(store, group, txn, one.coordinator()).whenComplete((done, failure) -> idle(txn));
            }
        });
        long now = HybridClock.millis(store.clock().next());
        List<TxnId> forgotten = new ArrayList<>();
        // About in the order of their age: a young one bars older ones for a moment only.
        for (int count = 0; count < BATCH_MAX && !ended.isEmpty(); count++) {
            if (now - HybridClock.millis(ended.getFirst().txn().number()) < KEEP_MS) {
                break;
            }
            Ended one = ended.remove();
            if (told.remove(one.txn()) || one.record().participants().isEmpty()) {
                forgotten.add(one.txn());
            } else {
                // Everybody is told once more; who knows already says so. Then nobody can ask.
                TxnRecovery.resolve(store, one.txn(), group, one.record().participants(), one.record())
                        .whenComplete((done, failure) -> store.onGroup(
                                group,
                                () -> ended.add(
                                        failure == null
                                                ? new Ended(
                                                        one.txn(),
                                                        TxnRecord.ended(
                                                                one.record().state(),
                                                                one.record().timestamp()))
                                                : one)));
            }
        }
        if (!forgotten.isEmpty()) {
            store.ask(group, new Request.Propose(new Command.Forget(forgotten)));
        }
        return !open.isEmpty() || !ended.isEmpty();
    }

    private void idle(TxnId txn) {
        store.onGroup(group, () -> busy.remove(txn));
    }
}
