package io.atlasdb.node.storage;

import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Installation;
import io.atlasdb.proto.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the state of a group by a snapshot, slice by slice, each under the lock that a commit excludes.
 *
 * <p>Invariant: the mark that an installation began is put before anything is changed, and taken away together with the
 * position being put; so a version of the file that holds part of a snapshot holds the mark.
 */
final class Installer {
    /** Keys that are removed under the lock at a time: some milliseconds, during which a commit waits. */
    private static final int SLICE_KEYS = 512;

    private static final int TIMESTAMP_COUNTER_BITS = 16;

    private final StoreFile files;
    private final Lock lock;
    private final Collector collector;
    /** What the map holds, for reads: they ask each time. */
    private final Map<Long, Installation> known = new ConcurrentHashMap<>();

    Installer(StoreFile files, Lock lock, Collector collector) {
        this.files = files;
        this.lock = lock;
        this.collector = collector;
        Cursor<Long, Installation> cursor = files.installs().cursor(null);
        while (cursor.hasNext()) {
            known.put(cursor.next(), cursor.getValue());
        }
    }

    @Nullable
    Installation last(long group) {
        return known.get(group);
    }

    Set<Long> unfinished() {
        Set<Long> groups = new TreeSet<>();
        known.forEach((group, installation) -> {
            if (!installation.complete()) {
                groups.add(group);
            }
        });
        return groups;
    }

    /** Refuses a read of what is not here. */
    void check(long group, long timestamp) {
        Installation last = known.get(group);
        if (last != null && (timestamp < last.floor() || !last.complete())) {
            if (!last.complete()) {
                throw ErrorCode.BUSY.error("this node is taking a snapshot of group " + group);
            }
            throw ErrorCode.SNAPSHOT_TOO_OLD.error(Instant.ofEpochMilli(timestamp >>> TIMESTAMP_COUNTER_BITS));
        }
    }

    void begin(long group, boolean incremental) {
        put(group, Installation.BEGUN);
        if (incremental) {
            return;
        }
        locked(() -> files.positions().remove(group));
        boolean empty = false;
        while (!empty) {
            empty = collector.remove(group);
        }
        empty = false;
        while (!empty) {
            empty = removeMetas(group);
        }
    }

    private void put(long group, Installation installation) {
        known.put(group, installation);
        locked(() -> files.installs().put(group, installation));
    }

    /** Removes a slice of META; true when nothing is left. */
    private boolean removeMetas(long group) {
        List<GroupKey> gone = new ArrayList<>();
        locked(() -> {
            Cursor<GroupKey, byte[]> cursor = files.meta().cursor(GroupKey.first(group));
            while (gone.size() < SLICE_KEYS && cursor.hasNext() && cursor.next().group() == group) {
                gone.add(cursor.getKey());
            }
            gone.forEach(files.meta()::remove);
        });
        return gone.size() < SLICE_KEYS;
    }

    void rows(long group, List<Export.Row> rows) {
        for (int from = 0; from < rows.size(); from += SLICE_KEYS) {
            List<Export.Row> slice = rows.subList(from, Math.min(rows.size(), from + SLICE_KEYS));
            locked(() -> slice.forEach(row -> put(group, row)));
        }
    }

    private void put(long group, Export.Row row) {
        if (row.value() == null) {
            files.garbage().putIfAbsent(new VersionKey(group, row.key(), row.version()), Collector.NOTHING);
        }
        // What it replaces needs no history: reads below the floor are refused.
        Version now = new Version(row.version(), row.value());
        Version old = files.current().put(new GroupKey(group, row.key()), now);
        ReferringRows.removed(files, group, row.key(), old);
        ReferringRows.put(files, group, row.key(), now, null);
    }

    void finish(long group, Installation installation, List<Export.Row> metas) {
        boolean empty = false;
        while (!empty) {
            empty = removeMetas(group);
        }
        locked(() -> {
            MVMap<GroupKey, byte[]> meta = files.meta();
            for (Export.Row row : metas) {
                byte[] value = row.value();
                if (value != null) {
                    meta.put(new GroupKey(group, row.key()), value);
                }
            }
            files.positions().put(group, installation.position());
            files.installs().put(group, installation);
        });
        known.put(group, installation);
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } catch (MVStoreException e) {
            throw files.error(e);
        } finally {
            lock.unlock();
        }
    }
}
