package io.atlasdb.node.kv;

import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions over several groups that a crash left undecided or unresolved.
 *
 * <p>A transaction is implicitly committed when its STAGING and every PREPARE are applied as valid; then only COMMIT may be
 * written. Otherwise each missing part is barred by a tombstone, and ABORT follows. What was decided is brought to whoever has
 * not heard of it.
 */
final class TxnRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(TxnRecovery.class);
    private final KvStore store;
    private final Replicas replicas;

    TxnRecovery(KvStore store, Replicas replicas) {
        this.store = store;
        this.replicas = replicas;
    }

    /** Waits until everything is decided; reads and writes meet no lock of an earlier life afterwards. */
    void run() {
        List<CompletableFuture<KvGroup>> tails = new ArrayList<>();
        for (Replica replica : replicas.all()) {
            if (replica.hasTail() || hasRecords(replica.group())) {
                tails.add(store.make(replica.group()).ready());
            }
        }
        tails.forEach(CompletableFuture::join);

        SortedMap<TxnId, SortedMap<Long, TxnRecord>> found = new TreeMap<>(TxnId.AGE);
        for (Replica replica : replicas.all()) {
            replicas.machine()
                    .metaScan(
                            replica.group(),
                            TxnRecord.prefix(),
                            (key, value) -> found.computeIfAbsent(TxnRecord.txn(key), any -> new TreeMap<>())
                                    .put(replica.group(), TxnRecord.decode(value)));
        }
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        found.forEach((txn, records) -> ended.add(recover(txn, records)));
        ended.forEach(CompletableFuture::join);
    }

    private boolean hasRecords(long group) {
        boolean[] found = new boolean[1];
        replicas.machine().metaScan(group, TxnRecord.prefix(), (key, value) -> found[0] = true);
        return found[0];
    }

    private CompletableFuture<Void> recover(TxnId txn, SortedMap<Long, TxnRecord> records) {
        List<Map.Entry<Long, TxnRecord>> open = records.entrySet().stream()
                .filter(entry -> entry.getValue().state() == TxnRecord.State.PREPARED)
                .toList();
        if (open.isEmpty()) {
            store.finished().add(txn, records.keySet());
            return CompletableFuture.completedFuture(null);
        }
        long group = open.get(0).getKey();
        long coordinator = prepare(group, open.get(0).getValue()).coordinator();
        Set<Long> participants = new TreeSet<>(records.keySet());
        participants.add(coordinator);
        LOG.info("transaction {} of node {} was left open in groups {}", txn.number(), txn.node(), participants);
        return decide(txn, coordinator, records, participants)
                .thenCompose(decision -> Decision.resolve(store, txn, coordinator, participants, decision));
    }

    private CompletableFuture<TxnRecord> decide(
            TxnId txn, long coordinator, SortedMap<Long, TxnRecord> records, Set<Long> participants) {
        TxnRecord staging = records.get(coordinator);
        if (staging == null || staging.state() != TxnRecord.State.PREPARED) {
            // Decided already, or STAGING never came: ABORT takes its place, and an earlier decision stands.
            return Decision.write(store, coordinator, new Command.Decide(txn, false, 0));
        }
        participants.addAll(prepare(coordinator, staging).participants());
        List<CompletableFuture<TxnRecord>> barred = new ArrayList<>();
        for (long participant : participants) {
            barred.add(Decision.write(store, participant, new Command.Tombstone(txn)));
        }
        return CompletableFuture.allOf(barred.toArray(CompletableFuture[]::new)).thenCompose(all -> {
            boolean commit = true;
            long timestamp = 0;
            for (CompletableFuture<TxnRecord> one : barred) {
                TxnRecord record = one.join();
                commit &= record.state() == TxnRecord.State.PREPARED;
                timestamp = Math.max(timestamp, record.timestamp());
            }
            return Decision.write(store, coordinator, new Command.Decide(txn, commit, timestamp));
        });
    }

    private static Command.Prepare prepare(long group, TxnRecord record) {
        return (Command.Prepare) CommandCodec.decode(group, record.prepare());
    }
}
