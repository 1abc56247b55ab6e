package io.atlasdb.node.kv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions over several groups that were left undecided or unresolved.
 *
 * <p>A transaction is implicitly committed when its STAGING and every PREPARE are applied as valid; then only COMMIT may be
 * written. Otherwise each missing part is barred by a tombstone, and ABORT follows. What was decided is brought to whoever has
 * not heard of it. Anybody may do this, several at once as well: the first entry of each kind counts.
 */
final class TxnRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(TxnRecovery.class);

    private TxnRecovery() {}

    /** Ends a transaction that holds locks in a group. */
    static CompletableFuture<Void> end(KvStore store, long group, TxnId txn, long coordinator) {
        LOG.info("transaction {} of node {} was left open in group {}", txn.number(), txn.node(), group);
        // Bars a STAGING that has not come; otherwise the answer says what the coordinator group knows.
        return ask(store, coordinator, new Command.Tombstone(txn)).thenCompose(record -> {
            Set<Long> participants = new TreeSet<>(record.participants());
            participants.add(group);
            if (record.state() != TxnRecord.State.PREPARED) {
                return resolve(store, txn, coordinator, participants, record);
            }
            participants.addAll(((Command.Prepare) CommandCodec.decode(coordinator, record.prepare())).participants());
            return decide(store, txn, coordinator, participants)
                    .thenCompose(decision -> resolve(store, txn, coordinator, participants, decision));
        });
    }

    private static CompletableFuture<TxnRecord> decide(
            KvStore store, TxnId txn, long coordinator, Set<Long> participants) {
        List<CompletableFuture<TxnRecord>> barred = new ArrayList<>();
        for (long participant : participants) {
            barred.add(ask(store, participant, new Command.Tombstone(txn)));
        }
        return CompletableFuture.allOf(barred.toArray(CompletableFuture[]::new)).thenCompose(all -> {
            boolean commit = true;
            long timestamp = 0;
            for (CompletableFuture<TxnRecord> one : barred) {
                TxnRecord record = one.join();
                // A participant that is resolved already was prepared.
                boolean valid =
                        record.state() == TxnRecord.State.PREPARED || record.state() == TxnRecord.State.COMMITTED;
                commit &= valid;
                timestamp = Math.max(timestamp, record.timestamp());
            }
            return ask(store, coordinator, new Command.Decide(txn, commit, timestamp));
        });
    }

    /** Puts a command into a group's log; completes with what the group then knows, which may be an earlier decision. */
    static CompletableFuture<TxnRecord> ask(KvStore store, long group, Command command) {
        return store.ask(group, new Request.Propose(command))
                .thenApply(
                        answer -> Objects.requireNonNull(answer.record(), "the answer to a command of a transaction"));
    }

    /** Brings an applied decision to every participant but the coordinator. */
    static CompletableFuture<Void> resolve(
            KvStore store, TxnId txn, long coordinator, Collection<Long> participants, TxnRecord decision) {
        boolean commit = decision.state() == TxnRecord.State.COMMITTED;
        List<CompletableFuture<TxnRecord>> resolved = new ArrayList<>();
        for (long participant : participants) {
            if (participant != coordinator) {
                resolved.add(ask(store, participant, new Command.Resolve(txn, commit, decision.timestamp())));
            }
        }
        return CompletableFuture.allOf(resolved.toArray(CompletableFuture[]::new));
    }
}
