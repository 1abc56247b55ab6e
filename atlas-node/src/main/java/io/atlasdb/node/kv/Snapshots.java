package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import java.util.concurrent.ConcurrentSkipListSet;

/** The timestamps of the snapshots that are open at this node. */
final class Snapshots {
    private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
    private final HybridClock clock;

    Snapshots(HybridClock clock) {
        this.clock = clock;
    }

    /** Opens a snapshot of now; no timestamp is given twice. */
    long open() {
        // Drawn and then added: oldest() may not pass a timestamp that was drawn and is not yet here, hence the lock.
        synchronized (this) {
            long timestamp = clock.next();
            open.add(timestamp);
            return timestamp;
        }
    }

    /** A snapshot moves to a later timestamp. Two may then share one, which keeps it open until the first of them closes. */
    void raise(long from, long to) {
        synchronized (this) {
            open.remove(from);
            open.add(to);
        }
    }

    void close(long timestamp) {
        open.remove(timestamp);
    }

    /** Below every snapshot that is open, and not above one that will be opened. */
    long oldest() {
        synchronized (this) {
            Long first = open.isEmpty() ? null : open.first();
            return first == null ? clock.next() : first - 1;
        }
    }

    int size() {
        return open.size();
    }
}
