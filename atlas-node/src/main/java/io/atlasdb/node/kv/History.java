package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.time.Instant;

/** How far back reads may lie, and which old versions are therefore kept. Safe for several threads. */
final class History {
    /** How much longer versions are kept than they may be asked for: for a read that passed its age check just now. */
    private static final long MARGIN_MS = 60_000;

    private final HybridClock clock;
    private final long startedAt;
    private volatile long keptMs = Limits.TRANSACTION_LIFE_MS;

    /** {@code startedAt} is when this life of the node began. */
    History(HybridClock clock, long startedAt) {
        this.clock = clock;
        this.startedAt = startedAt;
    }

    /** Keeps it for so long, milliseconds; never less than transactions live. */
    void keep(long ms) {
        keptMs = Math.max(ms, Limits.TRANSACTION_LIFE_MS);
    }

    /** Refuses timestamps that lie further back than transactions live. */
    void checkTransaction(long timestamp) {
        long oldestMs = HybridClock.millis(clock.next()) - Limits.TRANSACTION_LIFE_MS;
        if (HybridClock.millis(timestamp) < oldestMs) {
            throw tooOld(timestamp, oldestMs);
        }
    }

    /**
     * Refuses timestamps of which versions may be gone. An earlier life of the node perhaps kept them no longer than transactions
     * live, so that the beginning of this one counts as well.
     */
    void checkPast(long timestamp) {
        long oldestMs = Math.max(
                HybridClock.millis(clock.next()) - keptMs, HybridClock.millis(startedAt) - Limits.TRANSACTION_LIFE_MS);
        if (HybridClock.millis(timestamp) < oldestMs) {
            throw tooOld(timestamp, oldestMs);
        }
    }

    static AtlasException tooOld(long timestamp, long oldestMs) {
        return ErrorCode.SNAPSHOT_TOO_OLD.error(Instant.ofEpochMilli(HybridClock.millis(timestamp)) + " (it begins at "
                + Instant.ofEpochMilli(oldestMs) + ")");
    }

    /** The timestamp below which nobody is going to read, as seen from another one. */
    long horizon(long timestamp) {
        return HybridClock.of(Math.max(0, HybridClock.millis(timestamp) - keptMs - MARGIN_MS));
    }
}
