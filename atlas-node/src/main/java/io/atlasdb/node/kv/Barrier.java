package io.atlasdb.node.kv;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    private static final int DOUBTS_MAX = 64;

    private final Map<TxnId, Long> prepared = new HashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    /** Timestamps of entries that are assigned and not applied, ascending. */
    private final Deque<Long> inFlight = new ArrayDeque<>();

    private long assigned;
    private long applied;
    /**
     * Prepare and commit timestamps of transactions that were resolved here, the latest last. A commit timestamp may have been drawn by
     * another node's clock, and so lie above what a reader draws at this node after the transaction was acknowledged: one
     * that lies between the two must be told. The oldest are merged when there are many.
     */
    private final Deque<Doubt> doubts = new ArrayDeque<>();

    /** The largest commit timestamp among them. */
    private long doubtful;

    private record Doubt(long prepare, long commit) {}

    /** A reader that waits. */
    private static final class Waiter {
        final long timestamp;
        final long last;
        final CompletableFuture<Long> readable = new CompletableFuture<>();
        long above;

        Waiter(long timestamp, long last) {
            this.timestamp = timestamp;
            this.last = last;
        }
    }

    /** The owner begins anew, with everything up to a timestamp applied and no lock known. */
    void reset(long timestamp) {
        List<Waiter> dropped;
        synchronized (this) {
            assigned = timestamp;
            applied = timestamp;
            doubts.clear();
            doubtful = 0; // what earlier owners resolved lies below what this one assigns
            prepared.clear();
            inFlight.clear();
            dropped = List.copyOf(waiters);
            waiters.clear();
        }
        dropped.forEach(waiter -> waiter.readable.cancel(false));
    }

    /** The timestamp of the next entry. */
    synchronized long assign(LongSupplier clock) {
        assigned = clock.getAsLong();
        inFlight.addLast(assigned);
        return assigned;
    }

    /** The timestamp of a PREPARE, which bars readers from now on. */
    synchronized long assignPrepare(LongSupplier clock, TxnId txn) {
        assigned = clock.getAsLong();
        inFlight.addLast(assigned);
        prepared.put(txn, assigned);
        return assigned;
    }

    /** A PREPARE that was found when the group was loaded. */
    synchronized void prepared(TxnId txn, long timestamp) {
        prepared.put(txn, timestamp);
    }

    /** The timestamp that was assigned last. */
    synchronized long assigned() {
        return assigned;
    }

    /** The transaction is decided and its outcome applied here; {@code commit} is 0 when it wrote nothing. */
    void resolved(TxnId txn, long commit) {
        synchronized (this) {
            Long prepare = prepared.remove(txn);
            if (prepare == null) {
                return;
            }
            doubt(prepare, commit);
        }
        wake();
    }

    /** Everything up to a timestamp is applied. */
    void applied(long timestamp) {
        synchronized (this) {
            applied = timestamp;
            while (!inFlight.isEmpty() && inFlight.getFirst() <= timestamp) {
                inFlight.removeFirst();
            }
            if (waiters.isEmpty()) {
                return;
            }
        }
        wake();
    }

    /** Whether a snapshot at a timestamp, drawn before this call, may read at once and sees all that was acknowledged before. */
    synchronized boolean isReadable(long timestamp) {
        return above(timestamp) == 0 && isSettled(timestamp);
    }

    private void doubt(long prepare, long commit) {
        if (commit > prepare) {
            doubts.addLast(new Doubt(prepare, commit));
            doubtful = Math.max(doubtful, commit);
        }
        if (doubts.size() > DOUBTS_MAX) {
            Doubt one = doubts.removeFirst();
            Doubt other = doubts.removeFirst();
            doubts.addFirst(
                    new Doubt(Math.min(one.prepare(), other.prepare()), Math.max(one.commit(), other.commit())));
        }
    }

    /** The largest commit timestamp above the given one that may have been acknowledged before that was drawn; 0 for none. */
    private long above(long timestamp) {
        long above = 0;
        if (timestamp < doubtful) {
            for (Doubt doubt : doubts) {
                if (doubt.prepare() <= timestamp && timestamp < doubt.commit()) {
                    above = Math.max(above, doubt.commit());
                }
            }
        }
        return above;
    }

    private boolean isSettled(long timestamp) {
        return (inFlight.isEmpty() || inFlight.getFirst() > timestamp) && !isBarred(timestamp);
    }

    /** The latest timestamp, at most the given one, below everything that is assigned and not applied. */
    synchronized long settled(long timestamp) {
        return inFlight.isEmpty() ? timestamp : Math.min(timestamp, inFlight.getFirst() - 1);
    }

    /**
     * Completes once a snapshot at a timestamp, drawn before this call, may read; cancelled when the ownership of the group
     * changes. The result is the largest commit timestamp above the snapshot's that may have been acknowledged before the reader
     * began; 0 for none.
     */
    CompletableFuture<Long> readable(long timestamp) {
        synchronized (this) {
            if (isSettled(timestamp)) {
                return CompletableFuture.completedFuture(above(timestamp));
            }
            Waiter waiter = new Waiter(timestamp, assigned);
            waiters.add(waiter);
            return waiter.readable;
        }
    }

    private void wake() {
        List<Waiter> readable = new ArrayList<>();
        synchronized (this) {
            Iterator<Waiter> all = waiters.iterator();
            while (all.hasNext()) {
                Waiter waiter = all.next();
                if (applied >= waiter.last && !isBarred(waiter.timestamp)) {
                    all.remove();
                    waiter.above = above(waiter.timestamp);
                    readable.add(waiter);
                }
            }
        }
        readable.forEach(one -> one.readable.complete(one.above));
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
