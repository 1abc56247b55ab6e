package io.atlasdb.node.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long things took, in buckets whose bounds double from 1 µs to 67 s, so that a quantile is known within a factor of two
 * everywhere.
 */
public final class Histogram {
    private static final int BUCKETS = 27;

    /** Bucket {@code i} counts durations of at most 2^i µs; the last one counts all longer ones. */
    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);

    private final LongAdder sumNanos = new LongAdder();

    Histogram() {}

    /** Notes one duration; a negative one counts as zero. */
    public void record(long nanos) {
        long micros = Math.max(0, nanos) / 1000;
        int bucket = micros <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(micros - 1);
        counts.incrementAndGet(Math.min(bucket, BUCKETS));
        sumNanos.add(Math.max(0, nanos));
    }

    /** Durations noted so far. */
    public long count() {
        long count = 0;
        for (int i = 0; i <= BUCKETS; i++) {
            count += counts.get(i);
        }
        return count;
    }

    /** The upper bound, in nanoseconds, of the bucket that holds quantile {@code q} of 0 to 1; 0 when nothing was noted. */
    public long quantileNanos(double q) {
        long count = count();
        long rank = Math.max(1, (long) Math.ceil(q * count));
        long seen = 0;
        for (int i = 0; i <= BUCKETS && count > 0; i++) {
            seen += counts.get(i);
            if (seen >= rank) {
                return (1L << i) * 1000;
            }
        }
        return 0;
    }

    /** Appends the lines of Prometheus' exposition format 0.0.4, in seconds. */
    void print(String name, String labels, StringBuilder text) {
        long seen = 0;
        String separator = labels.isEmpty() ? "" : ",";
        for (int i = 0; i <= BUCKETS; i++) {
            seen += counts.get(i);
            String bound = i == BUCKETS ? "+Inf" : String.valueOf((1L << i) / 1e6);
            text.append(name).append("_bucket{").append(labels).append(separator);
            text.append("le=\"").append(bound).append("\"} ").append(seen).append('\n');
        }
        String braces = labels.isEmpty() ? "" : "{" + labels + "}";
        text.append(name).append("_sum").append(braces).append(' ').append(sumNanos.sum() / 1e9);
        text.append('\n').append(name).append("_count").append(braces).append(' ');
        text.append(seen).append('\n');
    }
}
