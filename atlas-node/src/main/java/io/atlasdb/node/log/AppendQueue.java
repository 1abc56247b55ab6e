package io.atlasdb.node.log;

import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer, in order and bounded by bytes, and whose turn it is to write. Thread-safe; one thread takes.
 *
 * <p>Invariant: at most one thread has the turn. The writer's own gets it from {@link #take}, another one from
 * {@link #tryTurn}, and that only while nothing waits, so that the order stays; {@link #endTurn} ends it.
 */
final class AppendQueue {
    /** Records that belong together and what to run when they are durable. */
    record Append(List<LogRecord> records, long bytes, Runnable forced) {
        static Append of(List<LogRecord> records, Runnable forced) {
            long bytes = 0;
            for (LogRecord record : records) {
                bytes += Records.bytes(record);
            }
            return new Append(List.copyOf(records), bytes, forced);
        }
    }

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Deque<Append> queue = new ArrayDeque<>();
    private long bytes;
    /** Whether a thread writes now. */
    private boolean turn;
    /** Whether the last one to write left something that a marker should follow, and when that was. */
    private boolean dirty;

    private long endedNanos;
    private boolean takerWaits;
    private boolean closed;

    AppendQueue(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Adds an append, as soon as there is room for it. One that alone is over the bound waits for the queue to be empty.
     *
     * @param mayWait false on the writer's own thread, which must not wait for itself
     * @throws io.atlasdb.proto.AtlasException SHUTTING_DOWN when the journal was closed or has failed
     */
    void add(Append append, boolean mayWait) {
        lock.lock();
        try {
            while (mayWait && !closed && bytes > 0 && bytes + append.bytes > bytesMax) {
                drained.awaitUninterruptibly();
            }
            if (closed) {
                throw ErrorCode.SHUTTING_DOWN.error();
            }
            queue.addLast(append);
            bytes += append.bytes;
            if (takerWaits && !turn) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the caller the turn to write something by itself, when nobody writes and nothing waits. */
    boolean tryTurn() {
        lock.lock();
        try {
            if (turn || closed || !queue.isEmpty()) {
                return false;
            }
            turn = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the turn back.
     *
     * @param leftDirty whether a marker should follow when nothing else does
     */
    void endTurn(boolean leftDirty) {
        lock.lock();
        try {
            boolean wasQuiet = !dirty;
            turn = false;
            dirty = leftDirty;
            endedNanos = System.nanoTime();
            if (takerWaits && (!queue.isEmpty() || closed || (wasQuiet && dirty))) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for something to do, takes the turn and moves what waits, up to a number of bytes but at least one append; nothing is
     * moved when a marker is due.
     *
     * @param idleMillis quiet time after which a marker is due
     * @return false when the queue was closed and is empty
     */
    boolean take(List<Append> into, long limit, long idleMillis) {
        lock.lock();
        try {
            while (turn || (queue.isEmpty() && !closed && !isMarkerDue(idleMillis))) {
                takerWaits = true;
                if (dirty) {
                    long quietNanos = System.nanoTime() - endedNanos;
                    filled.awaitNanos(Math.max(1_000_000, TimeUnit.MILLISECONDS.toNanos(idleMillis) - quietNanos));
                } else {
                    filled.await(); // whoever leaves something to follow up says so in endTurn
                }
            }
            takerWaits = false;
            long taken = 0;
            while (!queue.isEmpty() && (taken == 0 || taken + queue.getFirst().bytes <= limit)) {
                Append append = queue.removeFirst();
                taken += append.bytes;
                into.add(append);
            }
            bytes -= taken;
            if (taken > 0) {
                drained.signalAll();
            }
            turn = !into.isEmpty() || !closed;
            return turn;
        } catch (InterruptedException e) {
            throw new IllegalStateException("the writer of the log was interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean isMarkerDue(long idleMillis) {
        return dirty && System.nanoTime() - endedNanos >= TimeUnit.MILLISECONDS.toNanos(idleMillis);
    }

    /** Refuses further appends; what waits is still taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
