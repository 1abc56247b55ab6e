package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The timestamps of the snapshots that are open at this node. */
final class Snapshots {
    /** How many snapshots are open, by their timestamps. */
    private final ConcurrentSkipListMap<Long, Integer> open = new ConcurrentSkipListMap<>();

    private final HybridClock clock;

    Snapshots(HybridClock clock) {
        this.clock = clock;
    }

    /** Opens a snapshot of now. */
    long open() {
        // Drawn and then added: oldest() may not pass a timestamp that was drawn and is not yet here, hence the lock.
        synchronized (this) {
            long timestamp = clock.next();
            open.merge(timestamp, 1, Integer::sum);
            return timestamp;
        }
    }

    /** A snapshot moves to another timestamp. */
    void move(long from, long to) {
        synchronized (this) {
            open.merge(to, 1, Integer::sum);
            close(from);
        }
    }

    void close(long timestamp) {
        open.computeIfPresent(timestamp, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Below every snapshot that is open, and not above one that will be opened, drafts aside: those move back to what is in flight. */
    long oldest() {
        synchronized (this) {
            Map.Entry<Long, Integer> first = open.firstEntry();
            return first == null ? clock.next() : first.getKey() - 1;
        }
    }

    int size() {
        return open.size();
    }
}
