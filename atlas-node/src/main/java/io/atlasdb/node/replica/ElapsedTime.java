package io.atlasdb.node.replica;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that passed in this process: the larger of what the monotonic and the wall clock say, since the first may stand still
 * while the machine sleeps and the second may be set back. Never goes back.
 */
final class ElapsedTime {
    private static final long NANOS_PER_MS = 1_000_000;

    private final long startNanos = System.nanoTime();
    private final long startWallMs = System.currentTimeMillis();
    private final AtomicLong last = new AtomicLong();

    /** Milliseconds since this object was made. */
    long nowMs() {
        long monotonic = (System.nanoTime() - startNanos) / NANOS_PER_MS;
        long wall = System.currentTimeMillis() - startWallMs;
        return last.accumulateAndGet(Math.max(monotonic, wall), Math::max);
    }
}
