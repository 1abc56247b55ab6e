package io.atlasdb.node.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. */
public final class Counter {
    private final LongAdder value = new LongAdder();

    Counter() {}

    /** Adds one. */
    public void increment() {
        value.increment();
    }

    /** Adds {@code amount}, which is not negative. */
    public void add(long amount) {
        assert amount >= 0 : "a counter cannot fall: " + amount;
        value.add(amount);
    }

    /** What was counted so far. */
    public long value() {
        return value.sum();
    }
}
