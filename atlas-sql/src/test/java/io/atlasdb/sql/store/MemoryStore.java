package io.atlasdb.sql.store;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.codec.RetentionRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps every version of every key in memory, as strict as its contract: a commit runs alone under a lock, a
 * snapshot that was closed cannot be read, and a commit that breaks a rule of {@link Commit} fails at once.
 *
 * <p>Versions of a key are an immutable list, newest first, replaced as a whole; readers therefore need no lock.
 */
public final class MemoryStore implements Store {
    @SuppressWarnings("ArrayRecordComponent")
    private record Version(long timestamp, byte @Nullable [] value) {}

    private final Map<Long, ConcurrentNavigableMap<byte[], List<Version>>> groups = new ConcurrentHashMap<>();
    private final Map<Long, Long> dropped = new HashMap<>();
    /** Until when a row of a table is retained at the latest, by group and the bytes of the table's number. */
    private final Map<Long, TreeMap<byte[], Long>> retained = new HashMap<>();

    private final AtomicInteger openSnapshots = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();
    private long clock = System.currentTimeMillis() << 16;
    private volatile long horizon;
    private volatile @Nullable Consumer<Commit> beforeCommit;

    @Override
    public synchronized Snapshot snapshot() {
        return new MemorySnapshot(clock);
    }

    @Override
    public synchronized Snapshot snapshotAt(long timestamp) {
        long now = Math.max(clock, System.currentTimeMillis() << 16);
        if (timestamp > now) {
            throw ErrorCode.INVALID_PARAMETER.error("timestamp", timestamp, "it lies in the future");
        }
        requireKept(timestamp);
        clock = Math.max(clock, timestamp);
        return new MemorySnapshot(timestamp);
    }

    @Override
    public CompletableFuture<Long> commit(Commit commit) {
        Consumer<Commit> hook = beforeCommit;
        if (hook != null) {
            beforeCommit = null;
            hook.accept(commit);
        }
        requireDistinctKeys(commit);
        try {
            return CompletableFuture.completedFuture(apply(commit));
        } catch (AtlasException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Runs {@code action} once, before the next commit is validated: a place for a test to come in between. */
    public void beforeNextCommit(Consumer<Commit> action) {
        beforeCommit = action;
    }

    /** Snapshots that nobody closed yet. */
    public int openSnapshots() {
        return openSnapshots.get();
    }

    /** Commits that succeeded so far. */
    public int commits() {
        return commits.get();
    }

    /** Forgets versions that only snapshots below {@code timestamp} could see; such snapshots fail from now on. */
    public synchronized void forgetBefore(long timestamp) {
        horizon = Math.max(horizon, timestamp);
        for (Map<byte[], List<Version>> keys : groups.values()) {
            keys.replaceAll((key, versions) -> {
                int last = 0;
                while (last < versions.size() - 1 && versions.get(last).timestamp() > horizon) {
                    last++;
                }
                return List.copyOf(versions.subList(0, last + 1));
            });
            keys.values()
                    .removeIf(versions ->
                            versions.get(0).value() == null && versions.get(0).timestamp() < horizon);
        }
    }

    private synchronized long apply(Commit commit) {
        requireLimits(commit);
        for (Guard guard : commit.guards()) {
            requireGuard(guard);
        }
        if (commit.timestamp() != Commit.BLIND) {
            requireKept(commit.timestamp());
            if (commit.timestamp() > clock) {
                throw new IllegalArgumentException("timestamp " + commit.timestamp() + " is above the clock " + clock);
            }
            for (KeyRange range : commit.reads()) {
                requireUnchanged(range, commit.timestamp());
            }
        }
        for (Write write : commit.writes()) {
            requireNotDropped(write.group(), Long.MAX_VALUE);
            if (commit.timestamp() != Commit.BLIND) {
                requireUnchanged(KeyRange.of(write.group(), write.key()), commit.timestamp());
            }
        }
        long nowMs = System.currentTimeMillis();
        requireNotRetained(commit, nowMs);
        clock = Math.max(clock + 1, nowMs << 16);
        write(commit, clock, nowMs);
        commits.incrementAndGet();
        return clock;
    }

    private static byte @Nullable [] settled(Write write, long nowMs) {
        byte[] value = write.value();
        return value == null || !Retention.isRow(write.key()) ? value : Retention.settled(value, nowMs);
    }

    private void requireNotRetained(Commit commit, long nowMs) {
        for (Write write : commit.writes()) {
            refuse(rule(write.group()).refuse(write.key(), settled(write, nowMs), nowMs));
        }
        for (long group : commit.drops()) {
            for (byte[] table : marks(group).keySet()) {
                byte[] key = new byte[1 + table.length];
                System.arraycopy(table, 0, key, 1, table.length);
                refuse(rule(group).refuseTable(key, nowMs));
            }
        }
    }

    private static void refuse(@Nullable AtlasException refusal) {
        if (refusal != null) {
            throw refusal;
        }
    }

    private TreeMap<byte[], Long> marks(long group) {
        return retained.computeIfAbsent(group, any -> new TreeMap<>(Arrays::compareUnsigned));
    }

    private RetentionRule rule(long group) {
        return new RetentionRule(new RetentionRule.State() {
            @Override
            public byte @Nullable [] value(byte[] key) {
                return newest(group(group).get(key));
            }

            @Override
            public long lastUntilMs(byte[] table) {
                return marks(group).getOrDefault(table, Long.MIN_VALUE);
            }
        });
    }

    private void write(Commit commit, long timestamp, long nowMs) {
        for (Write write : commit.writes()) {
            byte[] value = settled(write, nowMs);
            append(group(write.group()), write.key(), new Version(timestamp, value));
            if (value != null && Retention.isRow(write.key()) && Retention.bodyAt(value) > 0) {
                marks(write.group())
                        .merge(Retention.table(write.key()), Retention.of(value).untilMs(), Math::max);
            }
        }
        for (long group : commit.drops()) {
            dropped.put(group, timestamp);
            group(group).keySet().forEach(key -> append(group(group), key, new Version(timestamp, null)));
        }
    }

    private static void append(Map<byte[], List<Version>> keys, byte[] key, Version version) {
        keys.compute(key.clone(), (k, old) -> {
            List<Version> versions = new ArrayList<>();
            versions.add(version);
            if (old != null) {
                versions.addAll(old.get(0).timestamp() == version.timestamp() ? old.subList(1, old.size()) : old);
            }
            return List.copyOf(versions);
        });
    }

    private void requireKept(long timestamp) {
        if (timestamp < horizon) {
            throw ErrorCode.SNAPSHOT_TOO_OLD.error(timestamp);
        }
    }

    private void requireGuard(Guard guard) {
        byte[] value = newest(group(guard.group()).get(guard.key()));
        if ((value == null || value.length < Long.BYTES ? 0 : version(value)) != guard.version()) {
            throw ErrorCode.SCHEMA_CHANGED.error(guard.what());
        }
    }

    private void requireUnchanged(KeyRange range, long timestamp) {
        requireNotDropped(range.group(), timestamp);
        part(range).forEach((key, versions) -> {
            if (versions.get(0).timestamp() > timestamp) {
                throw ErrorCode.SERIALIZATION.error("key "
                        + HexFormat.of().formatHex(key, 0, Math.min(32, key.length)) + " of group " + range.group()
                        + " changed");
            }
        });
    }

    private void requireNotDropped(long group, long timestamp) {
        Long at = dropped.get(group);
        if (at != null && (timestamp == Long.MAX_VALUE || at > timestamp)) {
            throw ErrorCode.SERIALIZATION.error("group " + group + " was dropped");
        }
    }

    private static void requireLimits(Commit commit) {
        long bytes = 0;
        for (Write write : commit.writes()) {
            int value = write.value() == null ? 0 : write.value().length;
            require("a key", write.key().length, Limits.KEY_BYTES_MAX);
            require("a row", value, Limits.ROW_BYTES_MAX);
            bytes += write.key().length + value;
        }
        require("the transaction", bytes, Limits.TRANSACTION_BYTES_MAX);
    }

    private static void require(String what, long bytes, long max) {
        if (bytes > max) {
            throw ErrorCode.LIMIT.error(what, bytes + " bytes", max);
        }
    }

    private static void requireDistinctKeys(Commit commit) {
        Map<Long, TreeSet<byte[]>> seen = new HashMap<>();
        for (Write write : commit.writes()) {
            if (!seen.computeIfAbsent(write.group(), g -> new TreeSet<>(Arrays::compareUnsigned))
                    .add(write.key())) {
                throw new IllegalArgumentException("two writes of one key in group " + write.group());
            }
        }
    }

    private static long version(byte[] value) {
        long version = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            version = version << 8 | (value[i] & 0xFF);
        }
        return version;
    }

    private static byte @Nullable [] newest(@Nullable List<Version> versions) {
        return versions == null ? null : versions.get(0).value();
    }

    private static byte @Nullable [] valueAt(@Nullable List<Version> versions, long timestamp) {
        if (versions != null) {
            for (Version version : versions) {
                if (version.timestamp() <= timestamp) {
                    return version.value();
                }
            }
        }
        return null;
    }

    private ConcurrentNavigableMap<byte[], List<Version>> group(long group) {
        return groups.computeIfAbsent(group, g -> new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
    }

    private NavigableMap<byte[], List<Version>> part(KeyRange range) {
        ConcurrentNavigableMap<byte[], List<Version>> keys = group(range.group());
        if (range.isEmpty()) {
            return keys.headMap(new byte[0], false);
        }
        return range.to().length == 0
                ? keys.tailMap(range.from(), true)
                : keys.subMap(range.from(), true, range.to(), false);
    }

    private final class MemorySnapshot implements Snapshot {
        private final long timestamp;
        private volatile boolean closed;

        MemorySnapshot(long timestamp) {
            this.timestamp = timestamp;
            openSnapshots.incrementAndGet();
        }

        @Override
        public long timestamp() {
            return timestamp;
        }

        @Override
        public byte @Nullable [] get(long group, byte[] key) {
            requireReadable();
            return valueAt(group(group).get(key), timestamp);
        }

        @Override
        public RowIterator scan(KeyRange range, boolean reverse) {
            requireReadable();
            NavigableMap<byte[], List<Version>> part = part(range);
            return new MemoryIterator(
                    this, (reverse ? part.descendingMap() : part).entrySet().iterator());
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                openSnapshots.decrementAndGet();
            }
        }

        void requireReadable() {
            if (closed) {
                throw new IllegalStateException("the snapshot at " + timestamp + " is closed");
            }
            requireKept(timestamp);
        }
    }

    private static final class MemoryIterator implements RowIterator {
        private final MemorySnapshot snapshot;
        private final Iterator<Map.Entry<byte[], List<Version>>> entries;
        private byte @Nullable [] key;
        private byte @Nullable [] value;
        private boolean closed;

        MemoryIterator(MemorySnapshot snapshot, Iterator<Map.Entry<byte[], List<Version>>> entries) {
            this.snapshot = snapshot;
            this.entries = entries;
        }

        @Override
        public boolean next() {
            if (closed) {
                throw new IllegalStateException("the iterator is closed");
            }
            snapshot.requireReadable();
            while (entries.hasNext()) {
                Map.Entry<byte[], List<Version>> entry = entries.next();
                value = valueAt(entry.getValue(), snapshot.timestamp);
                if (value != null) {
                    key = entry.getKey();
                    return true;
                }
            }
            key = null;
            return false;
        }

        @Override
        public byte[] key() {
            return present(key);
        }

        @Override
        public byte[] value() {
            return present(key == null ? null : value);
        }

        private static byte[] present(byte @Nullable [] bytes) {
            if (bytes == null) {
                throw new IllegalStateException("there is no present pair");
            }
            return bytes;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
