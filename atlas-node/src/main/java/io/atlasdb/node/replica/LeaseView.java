package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Rounds;

/** The lease of an owner as other threads may see it: written on the loop of the group, read anywhere. */
final class LeaseView {
    private volatile long untilMs = Long.MIN_VALUE;
    private volatile long readableTo;

    /** Takes over what the core knows now. */
    void note(GroupCore core, long nowMs) {
        Rounds rounds = core.rounds();
        untilMs = rounds != null && core.hasLease(nowMs) ? rounds.leaseUntilMs() : Long.MIN_VALUE;
        readableTo = rounds == null ? 0 : rounds.ceiling();
    }

    /** Whether it runs, and no later owner will assign a timestamp at or below the given one. */
    boolean covers(long timestamp, long nowMs) {
        return timestamp <= readableTo && nowMs < untilMs;
    }

    /** Whether less than a part of it is left. */
    boolean isOld(long nowMs, long leftMsMin) {
        return untilMs < nowMs + leftMsMin; // not by their difference: no lease is -2^63
    }
}
