package io.atlasdb.sql.exec;

import io.atlasdb.proto.ErrorCode;

/**
 * The memory of one statement, taken from the node's pool in slices so that statements seldom meet there. One thread at a time.
 */
public final class MemoryBudget implements AutoCloseable {
    private static final long SLICE_BYTES = 64 << 10;

    private final MemoryPool pool;
    private final long limitBytes;
    private long usedBytes;
    private long takenBytes;

    public MemoryBudget(MemoryPool pool, long limitBytes) {
        this.pool = pool;
        this.limitBytes = limitBytes;
    }

    /**
     * Counts memory in, or out when negative.
     *
     * @throws io.atlasdb.proto.AtlasException {@code MEMORY_BUDGET} naming the step, when the statement's or the node's share
     *     is spent; nothing is counted then
     */
    public void reserve(long bytes, String step) {
        long after = usedBytes + bytes;
        if (after > limitBytes) {
            throw ErrorCode.MEMORY_BUDGET.error(limitBytes, step);
        }
        if (after > takenBytes) {
            long slices = (after - takenBytes + SLICE_BYTES - 1) / SLICE_BYTES * SLICE_BYTES;
            if (!pool.take(slices)) {
                throw ErrorCode.MEMORY_BUDGET.error(
                        pool.capacityBytes(), step + " (the budget of all statements of this node together)");
            }
            takenBytes += slices;
        }
        usedBytes = Math.max(0, after);
    }

    /** What the statement holds now, bytes. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Gives everything back; may be called twice. */
    @Override
    public void close() {
        pool.giveBack(takenBytes);
        takenBytes = 0;
        usedBytes = 0;
    }
}
