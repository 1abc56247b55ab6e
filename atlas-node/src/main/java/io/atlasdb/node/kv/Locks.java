package io.atlasdb.node.kv;

import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The locks of prepared transactions of one group: written keys exclusively, read ranges shared. */
final class Locks {
    private final Map<TxnId, Held> held = new LinkedHashMap<>();

    private record Held(NavigableSet<byte[]> keys, List<KeyRange> ranges, List<Command.Put> puts, boolean drop) {
        boolean bars(Part part) {
            if (drop) {
                // What were written now would be acknowledged and go with the group.
                return true;
            }
            for (Command.Put put : part.puts) {
                if (keys.contains(put.key()) || isRead(put.key())) {
                    return true;
                }
            }
            for (Guard guard : part.guards) {
                if (keys.contains(guard.key())) {
                    return true;
                }
            }
            for (KeyRange range : part.ranges) {
                byte[] next = keys.ceiling(range.from());
                if (next != null && range.contains(next)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isRead(byte[] key) {
            for (KeyRange range : ranges) {
                if (range.contains(key)) {
                    return true;
                }
            }
            return false;
        }
    }

    void take(TxnId txn, Command.Prepare prepare) {
        NavigableSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        prepare.puts().forEach(put -> keys.add(put.key()));
        held.put(txn, new Held(keys, prepare.ranges(), prepare.puts(), prepare.drop()));
    }

    /** What a transaction will write; nothing when it holds no lock here. */
    List<Command.Put> puts(TxnId txn) {
        Held one = held.get(txn);
        return one == null ? List.of() : one.puts();
    }

    /** Gives the locks of a transaction back; false when it held none. */
    boolean release(TxnId txn) {
        return held.remove(txn) != null;
    }

    /** Whether a lock stands in the way. */
    boolean bar(Part part) {
        return youngest(part) != null;
    }

    /** The transaction that began last among those whose locks stand in the way; null when none does. */
    @Nullable
    TxnId youngest(Part part) {
        TxnId youngest = null;
        for (Map.Entry<TxnId, Held> one : held.entrySet()) {
            if (one.getValue().bars(part) && (youngest == null || TxnId.AGE.compare(one.getKey(), youngest) > 0)) {
                youngest = one.getKey();
            }
        }
        return youngest;
    }
}
