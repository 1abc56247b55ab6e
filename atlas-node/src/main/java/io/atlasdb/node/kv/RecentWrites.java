package io.atlasdb.node.kv;

import io.atlasdb.sql.store.KeyRange;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The newest version of each key that was written lately, entries in flight included. Validation asks it, so that its cost
 * follows recent writes and not rows.
 *
 * <p>Invariant: every version above {@link #knownFrom} that any entry, applied or in flight, gave a key is here.
 */
final class RecentWrites {
    /** So many keys of a group at the most; about 150 bytes each. Beyond it older ones are forgotten. */
    private static final int KEYS_MAX = 200_000;

    private final TreeMap<byte[], Long> newest = new TreeMap<>(Arrays::compareUnsigned);
    private final Deque<Version> order = new ArrayDeque<>();
    private long knownFrom;

    @SuppressWarnings("ArrayRecordComponent")
    private record Version(byte[] key, long timestamp) {}

    RecentWrites(long knownFrom) {
        this.knownFrom = knownFrom;
    }

    /** Below it, nothing is known here. */
    long knownFrom() {
        return knownFrom;
    }

    void add(byte[] key, long timestamp) {
        newest.merge(key, timestamp, Math::max);
        order.add(new Version(key, timestamp));
    }

    /** Whether a key of the range has a version above the timestamp. */
    boolean isNewer(KeyRange range, long timestamp) {
        if (newest.isEmpty() || range.isEmpty()) {
            return false;
        }
        NavigableMap<byte[], Long> within = range.to().length == 0
                ? newest.tailMap(range.from(), true)
                : newest.subMap(range.from(), true, range.to(), false);
        for (long version : within.values()) {
            if (version > timestamp) {
                return true;
            }
        }
        return false;
    }

    /** The newest known version of a key; 0 when none is known. */
    long newest(byte[] key) {
        return newest.getOrDefault(key, 0L);
    }

    /**
     * Forgets versions below the oldest snapshot that anyone still reads, and the oldest ones beyond the bound; but none that is not
     * applied, since the store does not know it yet.
     */
    void forgetBelow(long oldestSnapshot, long applied) {
        while (!order.isEmpty()
                && order.getFirst().timestamp() <= applied
                && (order.getFirst().timestamp() <= oldestSnapshot || order.size() > KEYS_MAX)) {
            Version gone = order.removeFirst();
            newest.remove(gone.key(), gone.timestamp());
            knownFrom = Math.max(knownFrom, gone.timestamp());
        }
    }
}
