package io.atlasdb.node.transport;

import java.util.LinkedHashMap;
import java.util.Map;

/** Lets the same thing be said once a minute. Remembers a bounded number of things. */
final class Throttle {
    private static final long PERIOD_NANOS = 60_000_000_000L;
    private static final int THINGS_MAX = 256;

    private final Map<String, Long> saidNanos = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > THINGS_MAX;
        }
    };

    /** Whether it is time to say this. */
    synchronized boolean allows(String thing) {
        long now = System.nanoTime();
        Long before = saidNanos.get(thing);
        if (before != null && now - before < PERIOD_NANOS) {
            return false;
        }
        saidNanos.remove(thing);
        saidNanos.put(thing, now);
        return true;
    }
}
