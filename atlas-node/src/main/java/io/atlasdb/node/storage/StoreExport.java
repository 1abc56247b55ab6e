package io.atlasdb.node.storage;

import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/**
 * A group's part of two roots that were taken while nothing of the group was applied: exactly the state at one slot, whatever
 * the labels of its versions are. The version of the store stays in use until the export is closed.
 */
final class StoreExport implements Export {
    private final StoreFile files;
    private final long group;
    private final Position position;
    private final MVStore.TxCounter usage;
    private final RootReference<GroupKey, Version> current;
    private final RootReference<GroupKey, byte[]> meta;
    private final long rowsEstimate;
    private final AtomicBoolean closed = new AtomicBoolean();

    StoreExport(StoreFile files, long group) {
        this.files = files;
        this.group = group;
        this.usage = files.store().registerVersionUsage(); // before the roots are taken: it keeps their pages
        try {
            Position found = files.positions().get(group);
            this.position = found == null ? Position.START : found;
            this.current = files.current().getRoot();
            this.meta = files.meta().getRoot();
            this.rowsEstimate = rows();
        } catch (MVStoreException e) {
            close();
            throw files.error(e);
        }
    }

    private long rows() {
        long from = index(GroupKey.first(group));
        long to = group == Long.MAX_VALUE ? files.current().sizeAsLong() : index(GroupKey.first(group + 1));
        return Math.max(0, to - from);
    }

    /** How many keys lie below one. */
    private long index(GroupKey key) {
        long index = files.current().getKeyIndex(key);
        return index >= 0 ? index : -index - 1;
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public long rowsEstimate() {
        return rowsEstimate;
    }

    @Override
    public Page rows(byte @Nullable [] after, long since, int bytesMax) {
        return page(current, after, bytesMax, pair -> {
            Version version = pair.value();
            boolean wanted = since == 0 ? !version.removed() : version.version() > since;
            return wanted ? new Row(pair.key(), version.version(), version.value()) : null;
        });
    }

    @Override
    public Page metas(byte @Nullable [] after, int bytesMax) {
        return page(meta, after, bytesMax, pair -> new Row(pair.key(), 0, pair.value()));
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Pair<V>(byte[] key, V value) {}

    private <V> Page page(
            RootReference<GroupKey, V> root,
            byte @Nullable [] after,
            int bytesMax,
            Function<Pair<V>, @Nullable Row> row) {
        if (closed.get()) {
            throw new IllegalStateException("the export is closed");
        }
        // The smallest key above another one is that key with a zero byte behind it.
        byte[] from = after == null ? new byte[0] : Arrays.copyOf(after, after.length + 1);
        List<Row> rows = new ArrayList<>();
        long bytes = 0;
        try {
            Cursor<GroupKey, V> cursor = new Cursor<>(root, new GroupKey(group, from), null);
            while (cursor.hasNext()) {
                GroupKey key = cursor.next();
                if (key.group() != group) {
                    break;
                }
                Row found = row.apply(new Pair<>(key.key(), cursor.getValue()));
                bytes += key.key().length + Long.BYTES;
                if (found != null) {
                    rows.add(found);
                    byte[] value = found.value();
                    bytes += value == null ? 0 : value.length;
                }
                if (bytes >= bytesMax) {
                    return new Page(rows, key.key());
                }
            }
        } catch (MVStoreException e) {
            throw files.error(e);
        }
        return new Page(rows, null);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            files.store().decrementVersionUsageCounter(usage);
        }
    }
}
