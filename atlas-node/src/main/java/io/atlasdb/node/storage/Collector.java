package io.atlasdb.node.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * Removes what no reader can ask for. The queue of garbage tells where it is, so that nothing is searched: per group the
 * entry with the lowest version comes first, and a group whose first entry is above its horizon costs one look.
 *
 * <p>Work is done in slices, each under the lock that a commit excludes, so that an entry of the queue and what it stands
 * for leave the file together, and no commit waits for long.
 */
final class Collector {
    /** In the queue, in place of the superseded version: there was none. No version is labelled so. */
    static final Long NOTHING = -1L;

    /** Keys of one slice: some milliseconds, during which a commit waits. */
    private static final int SLICE_KEYS = 512;
    /** Slices of one call. */
    private static final int SLICES_MAX = 16;

    private final StoreFile files;
    private final Lock lock;
    /** The group where the next call goes on, so that one with much garbage does not keep others waiting. */
    private long nextGroup = Long.MIN_VALUE;

    private boolean moreInRound;

    Collector(StoreFile files, Lock lock) {
        this.files = files;
        this.lock = lock;
    }

    /** Whether there is more to do now. */
    synchronized boolean collect(LongUnaryOperator horizon) {
        boolean wholeRound = nextGroup == Long.MIN_VALUE;
        for (int slices = 0; slices < SLICES_MAX; ) {
            VersionKey head = files.garbage().ceilingKey(groupStart(nextGroup));
            if (head == null) {
                boolean again = moreInRound || !wholeRound;
                nextGroup = Long.MIN_VALUE;
                moreInRound = false;
                return again;
            }
            long group = head.group();
            long limit = horizon.applyAsLong(group);
            if (head.version() <= limit) {
                moreInRound |= slice(group, limit);
                slices++;
            }
            if (group == Long.MAX_VALUE) {
                nextGroup = Long.MIN_VALUE;
                return true;
            }
            nextGroup = group + 1;
        }
        return true;
    }

    private static VersionKey groupStart(long group) {
        return new VersionKey(group, new byte[0], Long.MIN_VALUE);
    }

    /** Removes the first garbage of a group; true when a whole slice was removed, so that there may be more. */
    private boolean slice(long group, long horizon) {
        lock.lock();
        try {
            List<VersionKey> done = new ArrayList<>();
            Cursor<VersionKey, Long> cursor = files.garbage().cursor(groupStart(group));
            while (done.size() < SLICE_KEYS && cursor.hasNext()) {
                VersionKey key = cursor.next();
                if (key.group() != group || key.version() > horizon) {
                    break;
                }
                collect(key, cursor.getValue());
                done.add(key);
            }
            done.forEach(files.garbage()::remove);
            return done.size() == SLICE_KEYS;
        } finally {
            lock.unlock();
        }
    }

    /** Removes the version that this one superseded and, when it is a tombstone and still the newest, itself. */
    private void collect(VersionKey by, long superseded) {
        if (superseded != NOTHING) {
            Version gone = files.history().remove(new VersionKey(by.group(), by.key(), superseded));
            ReferringRows.removed(files, by.group(), by.key(), gone);
        }
        files.current().remove(new GroupKey(by.group(), by.key()), new Version(by.version(), null));
    }

    /** Removes a slice of a group's rows; true when none is left. */
    synchronized boolean remove(long group) {
        lock.lock();
        try {
            VersionKey first = new VersionKey(group, new byte[0], Long.MAX_VALUE);
            return removeFrom(files.garbage(), groupStart(group), key -> key.group() == group)
                    && removeFrom(files.references(), first, key -> key.group() == group)
                    && removeFrom(files.history(), first, key -> key.group() == group)
                    && removeFrom(files.current(), GroupKey.first(group), key -> key.group() == group);
        } finally {
            lock.unlock();
        }
    }

    private static <K, V> boolean removeFrom(MVMap<K, V> map, K from, Predicate<K> belongs) {
        List<K> keys = new ArrayList<>();
        Cursor<K, V> cursor = map.cursor(from);
        while (keys.size() < SLICE_KEYS && cursor.hasNext() && belongs.test(cursor.next())) {
            keys.add(cursor.getKey());
        }
        keys.forEach(map::remove);
        return keys.size() < SLICE_KEYS;
    }
}
