package io.atlasdb.node.clock;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): timestamps near wall time that never repeat and
 * never go back in one node. A timestamp holds milliseconds since 1970 in its upper 48 bits and a counter in the lower 16.
 */
public final class HybridClock {
    private static final int COUNTER_BITS = 16;

    private final LongSupplier wallMs;
    private final AtomicLong last = new AtomicLong();

    /** A clock over a source of wall time, milliseconds since 1970; the source may jump, this clock will not go back. */
    public HybridClock(LongSupplier wallMs) {
        this.wallMs = wallMs;
    }

    /** A timestamp above every one that this clock gave or observed. */
    public long next() {
        long wall = wallMs.getAsLong() << COUNTER_BITS;
        return last.updateAndGet(before -> Math.max(before + 1, wall));
    }

    /** Makes every later timestamp larger than this one. */
    public void observe(long timestamp) {
        last.accumulateAndGet(timestamp, Math::max);
    }

    /** The wall clock of this node alone, milliseconds since 1970: what other nodes' timestamps cannot move. */
    public long wallMs() {
        return wallMs.getAsLong();
    }

    /** The milliseconds since 1970 of a timestamp. */
    public static long millis(long timestamp) {
        return timestamp >>> COUNTER_BITS;
    }

    /** The smallest timestamp of a millisecond. */
    public static long of(long millis) {
        return millis << COUNTER_BITS;
    }
}
