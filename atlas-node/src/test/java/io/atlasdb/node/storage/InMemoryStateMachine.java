package io.atlasdb.node.storage;

import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Installation;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The state machine in plain maps, obviously right; an oracle for the one on disk. Nothing is durable. */
public final class InMemoryStateMachine implements StateMachine {
    private final Map<Long, NavigableMap<byte[], NavigableMap<Long, Optional<byte[]>>>> rows = new HashMap<>();
    private final Map<Long, NavigableMap<byte[], byte[]>> metas = new HashMap<>();
    private final Map<Long, Position> positions = new HashMap<>();
    private final Map<Long, Installation> installations = new HashMap<>();
    private long version;

    @Override
    public synchronized Position applied(long group) {
        return positions.getOrDefault(group, Position.START);
    }

    @Override
    public synchronized Map<Long, Position> positions() {
        return Map.copyOf(positions);
    }

    @Override
    public synchronized void apply(long group, Position position, List<Mutation> mutations) {
        if (position.slot() != applied(group).slot() + 1) {
            throw new IllegalStateException(
                    "slot " + position.slot() + " after " + applied(group).slot());
        }
        for (Mutation m : mutations) {
            if (m.space() == Mutation.Space.ROWS && newestVersion(group, m.key()) > m.version()) {
                throw new IllegalStateException("version " + m.version() + " after " + newestVersion(group, m.key()));
            }
        }
        for (Mutation m : mutations) {
            if (m.space() == Mutation.Space.ROWS) {
                rows(group)
                        .computeIfAbsent(m.key(), k -> new TreeMap<>())
                        .put(m.version(), Optional.ofNullable(m.value()));
            } else if (m.value() == null) {
                metas(group).remove(m.key());
            } else {
                metas(group).put(m.key(), m.value());
            }
        }
        positions.put(group, position);
    }

    @Override
    public synchronized byte @Nullable [] meta(long group, byte[] key) {
        return metas(group).get(key);
    }

    @Override
    public synchronized void metaScan(long group, byte[] prefix, int limit, BiConsumer<byte[], byte[]> sink) {
        metas(group).entrySet().stream()
                .filter(one -> one.getKey().length >= prefix.length
                        && Arrays.equals(Arrays.copyOf(one.getKey(), prefix.length), prefix))
                .limit(limit)
                .forEach(one -> sink.accept(one.getKey(), one.getValue()));
    }

    @Override
    public synchronized byte @Nullable [] get(long group, byte[] key, long timestamp) {
        check(group, timestamp);
        NavigableMap<Long, Optional<byte[]>> versions = rows(group).get(key);
        Map.Entry<Long, Optional<byte[]>> seen = versions == null ? null : versions.floorEntry(timestamp);
        return seen == null ? null : seen.getValue().orElse(null);
    }

    @Override
    public synchronized RowIterator scan(KeyRange range, long timestamp, boolean reverse) {
        check(range.group(), timestamp);
        NavigableMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
        rows(range.group()).keySet().stream().filter(range::contains).forEach(key -> {
            byte[] value = get(range.group(), key, timestamp);
            if (value != null) {
                found.put(key, value);
            }
        });
        return new Rows((reverse ? found.descendingMap() : found).entrySet().iterator());
    }

    @Override
    public synchronized long newestVersion(long group, byte[] key) {
        NavigableMap<Long, Optional<byte[]>> versions = rows(group).get(key);
        return versions == null ? 0 : versions.lastKey();
    }

    private void check(long group, long timestamp) {
        Installation last = installations.get(group);
        if (last != null && !last.complete()) {
            throw ErrorCode.BUSY.error("group " + group + " is being installed");
        }
        if (timestamp < floor(group)) {
            throw ErrorCode.SNAPSHOT_TOO_OLD.error(timestamp);
        }
    }

    @Override
    public synchronized Export export(long group) {
        NavigableMap<byte[], Export.Row> newest = new TreeMap<>(Arrays::compareUnsigned);
        rows(group)
                .forEach((key, versions) -> newest.put(
                        key,
                        new Export.Row(
                                key,
                                versions.lastKey(),
                                versions.lastEntry().getValue().orElse(null))));
        NavigableMap<byte[], Export.Row> metaRows = new TreeMap<>(Arrays::compareUnsigned);
        metas(group).forEach((key, value) -> metaRows.put(key, new Export.Row(key, 0, value)));
        return new Exported(applied(group), newest, metaRows);
    }

    private record Exported(
            Position position, NavigableMap<byte[], Export.Row> newest, NavigableMap<byte[], Export.Row> metaRows)
            implements Export {
        @Override
        public long rowsEstimate() {
            return newest.size();
        }

        @Override
        public Page rows(byte @Nullable [] after, long since, int bytesMax) {
            return page(newest, after, bytesMax, row -> since == 0 ? row.value() != null : row.version() > since);
        }

        @Override
        public Page metas(byte @Nullable [] after, int bytesMax) {
            return page(metaRows, after, bytesMax, row -> true);
        }

        private static Page page(
                NavigableMap<byte[], Row> from, byte @Nullable [] after, int bytesMax, Predicate<Row> wanted) {
            List<Row> found = new ArrayList<>();
            int bytes = 0;
            for (Row row : (after == null ? from : from.tailMap(after, false)).values()) {
                bytes += row.key().length;
                byte[] value = row.value();
                if (wanted.test(row)) {
                    found.add(row);
                    bytes += value == null ? 0 : value.length;
                }
                if (bytes >= bytesMax) {
                    return new Page(found, row.key());
                }
            }
            return new Page(found, null);
        }

        @Override
        public void close() {}
    }

    @Override
    public synchronized void beginInstall(long group, boolean incremental) {
        installations.put(group, Installation.BEGUN);
        if (!incremental) {
            rows.remove(group);
            metas.remove(group);
            positions.remove(group);
        }
    }

    @Override
    public synchronized void installRows(long group, List<Export.Row> installed) {
        installed.forEach(row -> {
            NavigableMap<Long, Optional<byte[]>> versions =
                    rows(group).computeIfAbsent(row.key(), k -> new TreeMap<>());
            versions.clear();
            versions.put(row.version(), Optional.ofNullable(row.value()));
        });
    }

    @Override
    public synchronized void finishInstall(long group, Installation installation, List<Export.Row> rows) {
        metas(group).clear();
        rows.forEach(row -> metas(group).put(row.key(), Objects.requireNonNull(row.value())));
        positions.put(group, installation.position());
        installations.put(group, installation);
    }

    @Override
    public synchronized Set<Long> installing() {
        Set<Long> groups = new HashSet<>(installations.keySet());
        groups.removeIf(group ->
                java.util.Objects.requireNonNull(installations.get(group)).complete());
        return groups;
    }

    @Override
    public synchronized @Nullable Installation installation(long group) {
        return installations.get(group);
    }

    @Override
    public synchronized LogRecord.Checkpoint checkpoint() {
        return new LogRecord.Checkpoint(++version, positions());
    }

    @Override
    public synchronized boolean collect(LongUnaryOperator horizon) {
        rows.forEach((group, keys) -> {
            long limit = horizon.applyAsLong(group);
            keys.values().forEach(versions -> {
                Long seen = versions.floorKey(limit);
                if (seen != null) {
                    versions.headMap(seen).clear();
                    if (Optional.empty().equals(versions.get(seen))) {
                        versions.remove(seen);
                    }
                }
            });
            keys.values().removeIf(Map::isEmpty);
        });
        return false;
    }

    @Override
    public synchronized boolean remove(long group) {
        rows.remove(group);
        return true;
    }

    @Override
    public long bytesOnDisk() {
        return 0;
    }

    @Override
    public void close() {}

    private NavigableMap<byte[], NavigableMap<Long, Optional<byte[]>>> rows(long group) {
        return rows.computeIfAbsent(group, g -> new TreeMap<>(Arrays::compareUnsigned));
    }

    private NavigableMap<byte[], byte[]> metas(long group) {
        return metas.computeIfAbsent(group, g -> new TreeMap<>(Arrays::compareUnsigned));
    }

    private static final class Rows implements RowIterator {
        private final Iterator<Map.Entry<byte[], byte[]>> rows;
        private Map.@Nullable Entry<byte[], byte[]> present;

        Rows(Iterator<Map.Entry<byte[], byte[]>> rows) {
            this.rows = rows;
        }

        @Override
        public boolean next() {
            present = rows.hasNext() ? rows.next() : null;
            return present != null;
        }

        @Override
        public byte[] key() {
            return java.util.Objects.requireNonNull(present).getKey();
        }

        @Override
        public byte[] value() {
            return java.util.Objects.requireNonNull(present).getValue();
        }

        @Override
        public void close() {}
    }
}
