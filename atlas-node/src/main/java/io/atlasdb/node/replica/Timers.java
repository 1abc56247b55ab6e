package io.atlasdb.node.replica;

/** When a group has something to do though nothing comes: it asks again, and after a while without news it forgets. */
final class Timers {
    private static final long TICK_MS = 20;
    /** Without news for this long a group keeps no entries for members that lag. */
    private static final long IDLE_MS = 10_000;

    private final Loop loop;
    private final Runnable tick;
    private final Runnable idle;
    private boolean ticking;
    private boolean idling;
    private long activeAtMs;

    Timers(Loop loop, Runnable tick, Runnable idle) {
        this.loop = loop;
        this.tick = tick;
        this.idle = idle;
    }

    /** Something happens now. */
    long active() {
        activeAtMs = loop.nowMs();
        return activeAtMs;
    }

    /** Sees to it that the timers run that are needed: {@code busy} when something may have to be asked again. */
    void later(boolean busy) {
        idleLater();
        if (busy && !ticking) {
            ticking = true;
            loop.later(TICK_MS, () -> {
                ticking = false;
                tick.run();
            });
        }
    }

    private void idleLater() {
        if (!idling && loop.nowMs() - activeAtMs < IDLE_MS) {
            idling = true;
            loop.later(IDLE_MS, () -> {
                idling = false;
                if (loop.nowMs() - activeAtMs >= IDLE_MS) {
                    idle.run();
                } else {
                    idleLater();
                }
            });
        }
    }
}
