package io.atlasdb.node.kv;

import io.atlasdb.proto.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps readers of a group in step with its writer: a snapshot at T may read once everything that can have a version at or
 * below T is applied.
 *
 * <p>Timestamps are drawn under this object's lock. So a reader that drew T before it takes the lock knows: what was assigned
 * a timestamp below T shows in {@code assigned}, what is assigned later gets one above T. A transaction over several groups
 * that was prepared here at p may commit with any timestamp from p on; readers at T ≥ p wait for its resolution.
 */
final class Barrier {
    private final Map<TxnId, Long> prepared = new HashMap<>();
    private long assigned;
    private long applied;

    /** The timestamp of the next entry. */
    synchronized long assign(LongSupplier clock) {
        assigned = clock.getAsLong();
        return assigned;
    }

    /** The timestamp of a PREPARE, which bars readers from now on. */
    synchronized long assignPrepare(LongSupplier clock, TxnId txn) {
        assigned = clock.getAsLong();
        prepared.put(txn, assigned);
        return assigned;
    }

    /** A PREPARE that was found when the group was loaded. */
    synchronized void prepared(TxnId txn, long timestamp) {
        prepared.put(txn, timestamp);
    }

    /** The transaction is decided and its outcome applied here. */
    synchronized void resolved(TxnId txn) {
        if (prepared.remove(txn) != null) {
            notifyAll();
        }
    }

    /** Everything up to a timestamp is applied. */
    synchronized void applied(long timestamp) {
        applied = timestamp;
        notifyAll();
    }

    /**
     * Waits until a snapshot at {@code timestamp} may read.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BUSY} after {@code waitMs}, {@code CANCELLED} when interrupted
     */
    synchronized void await(long timestamp, long waitMs) {
        long last = assigned;
        if (applied >= last && prepared.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (applied < last || isBarred(timestamp)) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMs <= 0) {
                throw ErrorCode.BUSY.error("a read waited " + waitMs + " ms for writes in flight");
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ErrorCode.CANCELLED.error();
            }
        }
    }

    private boolean isBarred(long timestamp) {
        for (long prepare : prepared.values()) {
            if (prepare <= timestamp) {
                return true;
            }
        }
        return false;
    }
}
