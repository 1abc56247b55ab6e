package io.atlasdb.node.sim;

/**
 * The clocks of a node: one of elapsed time, which drifts and may jump ahead, and one of wall time, which is also off and may be
 * set to anything.
 */
final class SimClock {
    /** Midnight of a day in 2026; any would do. */
    private static final long EPOCH_MS = 1_790_000_000_000L;

    private final Events events;
    private double rate = 1;
    private double baseMs;
    private long baseMicros;
    private long wallOffsetMs;
    private long lastMs;

    SimClock(Events events) {
        this.events = events;
    }

    long nowMs() {
        lastMs = Math.max(lastMs, (long) exactMs());
        return lastMs;
    }

    private double exactMs() {
        return baseMs + (events.nowMicros() - baseMicros) * rate / 1_000;
    }

    long wallMs() {
        return EPOCH_MS + (long) exactMs() + wallOffsetMs;
    }

    /** How long it takes until the clock has gone on by so many milliseconds. */
    long microsFor(long delayMs) {
        return Math.max(100, (long) Math.ceil(delayMs * 1_000 / rate));
    }

    void drift(double toRate) {
        baseMs = exactMs();
        baseMicros = events.nowMicros();
        rate = toRate;
    }

    void jump(long ms) {
        baseMs += ms;
    }

    void setWall(long offsetMs) {
        wallOffsetMs = offsetMs;
    }
}
