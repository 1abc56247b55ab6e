package io.atlasdb.node.kv;

import io.atlasdb.node.replica.Position;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * Schemas as this node has applied them, at one moment of group 0: every transaction at or below its timestamp is there whole,
 * since what is prepared and not decided lies above. Other groups show what is applied now.
 */
final class LocalSchemas implements Snapshot {
    private final KvStore store;
    private final KvSnapshot snapshot;
    private final long slot;
    private final long timestamp;

    /** {@code applied} is how far group 0 is applied here. */
    LocalSchemas(KvStore store, KvSnapshot snapshot, Position applied) {
        this.store = store;
        this.snapshot = snapshot;
        this.slot = applied.slot();
        this.timestamp = Math.min(snapshot.timestamp(), store.settledHere(Store.SYSTEM_GROUP));
    }

    boolean isOlderThan(long systemSlot) {
        return slot < systemSlot;
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public byte @Nullable [] get(long group, byte[] key) {
        if (group == Store.SYSTEM_GROUP) {
            return store.machine().get(group, key, timestamp);
        }
        return store.isMember(group) ? store.machine().get(group, key, snapshot.timestamp()) : snapshot.get(group, key);
    }

    @Override
    public RowIterator scan(KeyRange range, boolean reverse) {
        return range.group() == Store.SYSTEM_GROUP
                ? store.machine().scan(range, timestamp, reverse)
                : snapshot.scan(range, reverse);
    }

    @Override
    public void close() {
        // The snapshot that it belongs to is closed by its owner.
    }
}
