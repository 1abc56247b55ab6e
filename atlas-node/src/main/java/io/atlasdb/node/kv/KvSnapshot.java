package io.atlasdb.node.kv;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** All groups at one timestamp. A group is waited for when it is first read. */
final class KvSnapshot implements Snapshot {
    private static final long WAIT_MS = 10_000;

    private final KvStore store;
    private final long timestamp;
    private final boolean registered;
    private final Set<Long> settled = ConcurrentHashMap.newKeySet(4);
    private final AtomicBoolean closed = new AtomicBoolean();

    KvSnapshot(KvStore store, long timestamp, boolean registered) {
        this.store = store;
        this.timestamp = timestamp;
        this.registered = registered;
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public byte @Nullable [] get(long group, byte[] key) {
        return settle(group) ? store.machine().get(group, key, timestamp) : null;
    }

    @Override
    public RowIterator scan(KeyRange range, boolean reverse) {
        if (range.isEmpty() || !settle(range.group())) {
            return Nothing.ROWS;
        }
        return store.machine().scan(range, timestamp, reverse);
    }

    /** Waits until the group may be read at this timestamp; false when it does not exist. */
    private boolean settle(long group) {
        if (settled.contains(group)) {
            return true;
        }
        store.checkAge(timestamp);
        KvGroup found = store.find(group);
        if (found == null) {
            return false;
        }
        if (!found.ready().isDone()) {
            await(found);
        }
        found.barrier().await(timestamp, WAIT_MS);
        if (found.isDroppedAt(timestamp)) {
            return false;
        }
        settled.add(group);
        return true;
    }

    private static void await(KvGroup group) {
        try {
            group.ready().get(WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        } catch (TimeoutException e) {
            throw ErrorCode.BUSY.error("group " + group.group() + " has no owner after " + WAIT_MS + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AtlasException known ? known : ErrorCode.INTERNAL.error(e, "in a group");
        }
    }

    @Override
    public void close() {
        if (registered && closed.compareAndSet(false, true)) {
            store.snapshots().close(timestamp);
        }
    }

    /** No rows. */
    private enum Nothing implements RowIterator {
        ROWS;

        @Override
        public boolean next() {
            return false;
        }

        @Override
        public byte[] key() {
            throw new IllegalStateException("no rows");
        }

        @Override
        public byte[] value() {
            throw new IllegalStateException("no rows");
        }

        @Override
        public void close() {}
    }
}
