package io.atlasdb.node.cluster.policy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts who uses the groups that this node owns. Safe for several threads; counting takes no lock and allocates only for the
 * first access of a group. Groups that nobody uses leave nothing behind.
 */
public final class Accesses {
    /** Zones that are told apart; the last one stands for all others. */
    static final int ZONES_MAX = 64;
    /** Groups that are counted at the same time; it bounds the memory, about 1 KB each. */
    static final int GROUPS_MAX = 20_000;

    private final Map<Long, AtomicLongArray> counters = new ConcurrentHashMap<>();

    /** Counts one operation of a client in a zone; zones have numbers of 0 or more. */
    public void count(long group, int zone, boolean isWrite) {
        AtomicLongArray counter = counters.get(group);
        if (counter == null) {
            if (counters.size() >= GROUPS_MAX) {
                return;
            }
            counter = counters.computeIfAbsent(group, any -> new AtomicLongArray(2 * ZONES_MAX));
        }
        counter.getAndIncrement(2 * Math.min(Math.max(zone, 0), ZONES_MAX - 1) + (isWrite ? 1 : 0));
    }

    /** Takes what was counted since the last call and hands it on, group by group; those without an access are forgotten. */
    void drain(Sink sink) {
        counters.forEach((group, counter) -> {
            AccessCounts counts = take(counter);
            if (counts.total() == 0) {
                // What is counted at this very moment may be lost, which does not matter to an average.
                counters.remove(group, counter);
            } else {
                sink.accept(group, counts);
            }
        });
    }

    private static AccessCounts take(AtomicLongArray counter) {
        long[] reads = new long[ZONES_MAX];
        long[] writes = new long[ZONES_MAX];
        for (int zone = 0; zone < ZONES_MAX; zone++) {
            if (counter.get(2 * zone) != 0) {
                reads[zone] = counter.getAndSet(2 * zone, 0);
            }
            if (counter.get(2 * zone + 1) != 0) {
                writes[zone] = counter.getAndSet(2 * zone + 1, 0);
            }
        }
        return new AccessCounts(reads, writes);
    }

    /** Takes the counts of a group. */
    interface Sink {
        void accept(long group, AccessCounts counts);
    }
}
