package io.atlasdb.node.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many log-ins may fail, by key: a bucket that a failure empties by one and time fills again. A bounded number of keys is
 * remembered, those that failed last; who would flood it with keys needs as many addresses. Safe for any thread.
 */
final class FailureLimit {
    private static final int KEYS_MAX = 10_000;
    private static final int DEBT_MAX = 100;

    private final int failuresMax;
    private final long refillNanos;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > KEYS_MAX;
        }
    };

    private static final class Bucket {
        private double left;
        private long filledNanos;
    }

    /**
     * A limit.
     *
     * @param failuresMax that many at once
     * @param refillMs one more every so many milliseconds
     */
    FailureLimit(int failuresMax, long refillMs, LongSupplier nanos) {
        this.failuresMax = failuresMax;
        this.refillNanos = TimeUnit.MILLISECONDS.toNanos(refillMs);
        this.nanos = nanos;
    }

    /** Whether one may try. */
    synchronized boolean allows(String key) {
        return !buckets.containsKey(key) || filled(key).left >= 1;
    }

    /**
     * Counts a failure. Those that were under way together may go below zero, so that who tries many at once waits the longer;
     * those that succeed cost nothing, since a pool opens many connections at once as well.
     */
    synchronized void charge(String key) {
        Bucket bucket = filled(key);
        bucket.left = Math.max(-DEBT_MAX, bucket.left - 1);
    }

    synchronized int keys() {
        return buckets.size();
    }

    private Bucket filled(String key) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.get(key);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.left = failuresMax;
            bucket.filledNanos = now;
            buckets.put(key, bucket);
        }
        bucket.left = Math.min(failuresMax, bucket.left + (double) (now - bucket.filledNanos) / refillNanos);
        bucket.filledNanos = now;
        return bucket;
    }
}
