package io.atlasdb.node.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that requests of all connections together may hold, from their arrival to their answer. Each request has a bound of
 * its own, but many large ones at once would still fill the heap. Safe for any thread.
 */
final class RequestBudget {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    RequestBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes {@code bytes}; false, and nothing is taken, when there is no room for them. */
    boolean take(long bytes) {
        long now = used.addAndGet(bytes);
        if (now > bytesMax) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        long now = used.addAndGet(-bytes);
        assert now >= 0 : "more was given back than taken: " + now + " after " + bytes;
    }

    long usedBytes() {
        return used.get();
    }
}
