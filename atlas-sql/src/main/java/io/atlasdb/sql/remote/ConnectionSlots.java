package io.atlasdb.sql.remote;

import io.atlasdb.proto.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections are open, of all kinds together. Safe for any thread. */
public final class ConnectionSlots {
    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    /** At most {@code max} connections, at least 1. */
    public ConnectionSlots(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("max connections must be at least 1, not " + max);
        }
        this.max = max;
    }

    /** Takes a slot; fails with {@code TOO_MANY_CONNECTIONS} when none is free. */
    void take() {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            throw ErrorCode.TOO_MANY_CONNECTIONS.error(max);
        }
    }

    void give() {
        int left = open.decrementAndGet();
        assert left >= 0 : "more connections closed than opened: " + left;
    }

    /** Connections that are open now. */
    public int open() {
        return open.get();
    }
}
