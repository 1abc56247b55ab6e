package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Effects;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait until the owner is confirmed. All that come while a round cannot begin share the next one; a round serves only
 * reads that came before it began.
 */
final class ReadRounds {
    /** Rounds that are under way at a time. */
    private static final int ROUNDS_MAX = 4;

    private final GroupCore core;
    private final long leaseMs;
    /** Reads by the round that serves them. */
    private final TreeMap<Long, List<Runnable>> begun = new TreeMap<>();

    private List<Runnable> next = new ArrayList<>();
    /** The largest timestamp up to which reads were or may be promised under this ballot. */
    private long wantedCeiling;

    ReadRounds(GroupCore core, long leaseMs) {
        this.core = core;
        this.leaseMs = leaseMs;
    }

    void add(long timestamp, Runnable task) {
        // As far ahead as the lease that comes with it, so that one round serves the reads of that time.
        long ahead = HybridClock.of(HybridClock.millis(timestamp) + leaseMs);
        wantedCeiling = Math.max(wantedCeiling, Math.max(ahead, timestamp));
        next.add(task);
    }

    long wantedCeiling() {
        return wantedCeiling;
    }

    /** Whether no read waits at all. */
    boolean isEmpty() {
        return next.isEmpty() && begun.isEmpty();
    }

    /** Whether a round is wanted and may begin. */
    boolean canBegin() {
        Rounds rounds = core.rounds();
        return !next.isEmpty() && rounds != null && core.canPropose() && rounds.open() < ROUNDS_MAX;
    }

    /** Begins a round for all that wait for the next one; null when there is none or it cannot begin. */
    @Nullable
    Effects begin(long nowMs) {
        Rounds rounds = core.rounds();
        if (!canBegin() || rounds == null) {
            return null;
        }
        Effects effects = core.confirm(nowMs, wantedCeiling);
        begun.put(rounds.last(), next);
        next = new ArrayList<>();
        return effects;
    }

    /** Runs the reads whose rounds were answered. */
    void runConfirmed() {
        Rounds rounds = core.rounds();
        List<Runnable> confirmed = new ArrayList<>();
        while (rounds != null && !begun.isEmpty() && begun.firstKey() <= rounds.confirmed()) {
            confirmed.addAll(begun.pollFirstEntry().getValue());
        }
        confirmed.forEach(Runnable::run);
    }

    /** Ownership is lost: nobody can confirm it. */
    void drop() {
        begun.clear();
        next = new ArrayList<>();
        wantedCeiling = 0;
    }
}
