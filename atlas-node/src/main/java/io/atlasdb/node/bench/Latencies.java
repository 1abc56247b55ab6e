package io.atlasdb.node.bench;

/**
 * How long operations took, counted in buckets whose width is 1/64 of their power of two, so that a percentile is wrong by
 * less than 1.6 %. Memory is constant. For one thread; merge those of several.
 */
final class Latencies {
    private static final int SUB_BITS = 6;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB_BUCKETS];
    private long total;

    /** Counts one operation. */
    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    /** Counts all that another one has counted. */
    void merge(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    /** How many operations were counted. */
    long total() {
        return total;
    }

    /**
     * The time within which that part of the operations ended, in ns; 0 when there is none.
     *
     * @param part 0 to 1
     */
    long percentileNanos(double part) {
        long wanted = Math.max(1, (long) Math.ceil(part * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && counts[i] > 0) {
                return middleNanos(i);
            }
        }
        return 0;
    }

    /** Values below 64 have a bucket each; above, the six bits after the highest one choose it. */
    private static int bucket(long nanos) {
        if (nanos < SUB_BUCKETS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
        return (shift + 1) * SUB_BUCKETS + (int) (nanos >>> shift) - SUB_BUCKETS;
    }

    private static long middleNanos(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int shift = bucket / SUB_BUCKETS - 1;
        long low = (long) (bucket % SUB_BUCKETS + SUB_BUCKETS) << shift;
        return low + (1L << shift) / 2;
    }
}
