package io.atlasdb.node.log;

import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the writer, in order and bounded by bytes. Thread-safe; one thread takes. */
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
            if (takerWaits) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves what waits, up to a number of bytes but at least one append, and waits for the first.
     *
     * @return false when the queue was closed and is empty
     */
    boolean take(List<Append> into, long limit, long waitMillis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            while (queue.isEmpty() && !closed && left > 0) {
                takerWaits = true;
                left = filled.awaitNanos(left);
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
            return !into.isEmpty() || !closed;
        } catch (InterruptedException e) {
            throw new IllegalStateException("the writer of the log was interrupted", e);
        } finally {
            lock.unlock();
        }
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
