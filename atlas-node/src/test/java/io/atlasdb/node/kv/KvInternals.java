package io.atlasdb.node.kv;

import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.sql.store.Snapshot;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What tests of other packages need of this one. */
public final class KvInternals {
    private KvInternals() {}

    /** Completes once a group can be read from a snapshot without waiting; with whether its rows are at this node. */
    public static CompletableFuture<Boolean> ready(Snapshot snapshot, long group) {
        return ((KvSnapshot) snapshot).settling(group).thenApply(access -> access != KvSnapshot.Access.AT_OWNER);
    }

    /** What a group remembers of transactions over several: PREPARED, TOMBSTONE, ABORTED, or COMMITTED with the timestamp. */
    public static SortedMap<String, String> transactions(StateMachine machine, long group) {
        SortedMap<String, String> found = new TreeMap<>();
        machine.metaScan(group, TxnRecord.prefix(), (key, value) -> {
            TxnRecord record = TxnRecord.decode(value);
            TxnId txn = TxnRecord.txn(key);
            found.put(
                    txn.node() + "." + txn.number(),
                    record.state() == TxnRecord.State.COMMITTED
                            ? "COMMITTED " + record.timestamp()
                            : record.state().toString());
        });
        return found;
    }
}
