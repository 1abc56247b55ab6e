package io.atlasdb.sql.exec;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all statements of a node share. Safe for any number of threads. */
public final class MemoryPool {
    private final long capacityBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    /**
     * @param capacityBytes what all statements together may hold; above 0
     */
    public MemoryPool(long capacityBytes) {
        if (capacityBytes <= 0) {
            throw new IllegalArgumentException("capacity " + capacityBytes);
        }
        this.capacityBytes = capacityBytes;
    }

    /** What all statements together may hold, bytes. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /** What they hold now, bytes. */
    public long usedBytes() {
        return usedBytes.get();
    }

    /** Takes so many bytes, or none and false when they are not there. */
    boolean take(long bytes) {
        assert bytes >= 0 : bytes;
        long after = usedBytes.addAndGet(bytes);
        if (after > capacityBytes) {
            usedBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        long after = usedBytes.addAndGet(-bytes);
        assert after >= 0 : "gave back " + bytes + ", " + after + " left";
    }
}
