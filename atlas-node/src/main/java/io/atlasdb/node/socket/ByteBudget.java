package io.atlasdb.node.socket;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that all connections together may hold for long lines, values on their way and large answers. Small ones are not
 * counted: a connection holds a bounded number of them.
 */
final class ByteBudget {
    /** What is too small to be counted, bytes. */
    static final int FREE_BYTES = 64 << 10;

    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A quarter of the heap, at most a gigabyte. */
    static ByteBudget ofHeap() {
        return new ByteBudget(Math.min(Runtime.getRuntime().maxMemory() / 4, 1L << 30));
    }

    /** Takes the bytes, or takes none and returns false. */
    boolean take(long bytes) {
        long now = taken.addAndGet(bytes);
        if (now > bytesMax && bytes > 0) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        long now = taken.addAndGet(-bytes);
        assert now >= 0 : "gave back " + bytes + " bytes, " + now + " are left";
    }

    long takenBytes() {
        return taken.get();
    }
}
