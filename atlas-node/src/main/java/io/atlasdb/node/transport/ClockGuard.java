package io.atlasdb.node.transport;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.metrics.Counter;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the clocks of other nodes, but not one that is far ahead: it would pull the whole cluster along, and timestamps
 * cannot be taken back.
 */
final class ClockGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ClockGuard.class);

    private final HybridClock clock;
    private final LongSupplier wallMs;
    private final long maxOffsetMs;
    private final Counter refusals;
    private final Throttle throttle = new Throttle();

    ClockGuard(HybridClock clock, LongSupplier wallMs, long maxOffsetMs, Counter refusals) {
        this.clock = clock;
        this.wallMs = wallMs;
        this.maxOffsetMs = maxOffsetMs;
        this.refusals = refusals;
    }

    /** How far a timestamp lies above the wall clock, milliseconds; negative when below. */
    long aheadMs(long timestamp) {
        return HybridClock.millis(timestamp) - wallMs.getAsLong();
    }

    /** Follows the timestamp of a message; or returns false when the message must be refused. */
    boolean admits(int from, long timestamp) {
        long aheadMs = aheadMs(timestamp);
        if (aheadMs <= maxOffsetMs) {
            clock.observe(timestamp);
            return true;
        }
        refusals.increment();
        if (throttle.allows("node " + from)) {
            LOG.warn(
                    "refusing messages of node {}: its clock is {} ms ahead of this node's, at most {} are taken;"
                            + " set the time on one of them",
                    from,
                    aheadMs,
                    maxOffsetMs);
        }
        return false;
    }

    long now() {
        return clock.next();
    }

    long wallMs() {
        return wallMs.getAsLong();
    }
}
