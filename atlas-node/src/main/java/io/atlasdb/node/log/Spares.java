package io.atlasdb.node.log;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps empty segments ready, by recycling or by writing zeros, on a thread of its own; watches the free space and holds the
 * ballast. Invariant: a segment that is handed out has its length, its zeros or stale bytes and its header forced.
 */
final class Spares implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spares.class);
    private static final String BALLAST = "ballast";
    private static final long LOOK_MILLIS = 250;

    private final Disk disk;
    private final JournalOptions options;
    private final Epochs epochs;
    private final Consumer<Throwable> fatal;
    private final Thread thread = new Thread(this::run, "atlas-log-spares");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition filled = lock.newCondition();
    private final Deque<Segment> ready = new ArrayDeque<>();
    private final Deque<Segment> released = new ArrayDeque<>();
    private boolean starving;
    private boolean closed;
    private @Nullable IOException failure;
    private boolean ballast;
    private volatile boolean full;

    Spares(Disk disk, JournalOptions options, Epochs epochs, Consumer<Throwable> fatal) {
        this.disk = disk;
        this.options = options;
        this.epochs = epochs;
        this.fatal = fatal;
        thread.setDaemon(true);
    }

    void start() throws IOException {
        ballast = disk.list().contains(BALLAST);
        thread.start();
    }

    boolean full() {
        return full;
    }

    /** Takes back a segment that the log does not need. */
    void recycle(Segment segment) {
        lock.lock();
        try {
            released.add(segment);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A segment with room for so many bytes of batches; waits when none is ready, as long as the options say. */
    Segment take(long batchBytes) throws IOException {
        long bytes = Segment.HEADER_BYTES + batchBytes + BatchWriter.stored(0);
        if (bytes > options.segmentBytes()) {
            Segment large = createOrGiveUpBallast(roundUp(bytes));
            Segment.writeHeader(large.file, large.epoch, 0);
            large.file.force();
            return large;
        }
        long left = TimeUnit.MILLISECONDS.toNanos(options.segmentWaitMillis());
        lock.lock();
        try {
            while (ready.isEmpty()) {
                starving = true;
                work.signal();
                left = await(filled, left);
                if (left <= 0 || closed) {
                    throw new IOException("no segment of the log could be made", failure);
                }
            }
            starving = false;
            work.signal();
            return ready.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private static long roundUp(long bytes) {
        return (bytes + Segment.HEADER_BYTES - 1) / Segment.HEADER_BYTES * Segment.HEADER_BYTES;
    }

    @SuppressWarnings("WaitNotInLoop") // the callers look again at what they wait for
    private static long await(Condition condition, long nanos) {
        try {
            return condition.awaitNanos(nanos);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a thread of the log was interrupted", e);
        }
    }

    /**
     * A file with room up to {@code end} and with no header that reads, for a copy. Before {@link #start} only.
     *
     * @param candidates files that may be used instead of a new one; the one used is removed
     */
    Segment blank(long end, List<Segment> candidates) throws IOException {
        for (Segment candidate : candidates) {
            if (candidate.bytes == options.segmentBytes() && end <= candidate.bytes) {
                candidates.remove(candidate);
                Segment.wipeHeader(candidate.file);
                candidate.file.force();
                return new Segment(candidate.name, candidate.file, epochs.next());
            }
        }
        try {
            return createOrGiveUpBallast(Math.max(options.segmentBytes(), roundUp(end)));
        } catch (IOException e) {
            throw ErrorCode.DISK_FULL.error(e, e.toString());
        }
    }

    private Segment createOrGiveUpBallast(long bytes) throws IOException {
        try {
            return create(bytes);
        } catch (IOException e) {
            LOG.warn("a segment of the log could not be made, the ballast is given up: {}", e.toString());
            disk.delete(BALLAST);
            setBallast(false);
            return create(bytes);
        }
    }

    private Segment create(long bytes) throws IOException {
        long epoch = epochs.next();
        String name = Epochs.name(epoch);
        Disk.File file = createForced(name, bytes);
        return new Segment(name, file, epoch);
    }

    private Disk.File createForced(String name, long bytes) throws IOException {
        Disk.File file;
        try {
            file = disk.create(name + Scan.UNFINISHED, bytes);
        } catch (IOException e) {
            disk.delete(name + Scan.UNFINISHED);
            throw e;
        }
        disk.rename(name + Scan.UNFINISHED, name);
        disk.force();
        return file;
    }

    private void run() {
        try {
            while (!closed()) {
                boolean more = false;
                try {
                    more = step();
                    succeeded();
                } catch (IOException e) {
                    more = failedStep(e);
                }
                if (!more) {
                    pause();
                }
            }
        } catch (Throwable e) {
            fatal.accept(e);
        }
    }

    /** Says whether it is worth to try again at once. */
    private boolean failedStep(IOException e) throws IOException {
        lock.lock();
        try {
            if (failure == null) {
                LOG.warn("no spare segment of the log could be made, new commands are refused: {}", e.toString());
            }
            failure = e;
            full = true;
        } finally {
            lock.unlock();
        }
        if (!starving() || !ballast()) {
            return false;
        }
        LOG.warn("the log needs a segment, the ballast is given up");
        disk.delete(BALLAST);
        disk.force();
        setBallast(false);
        return true;
    }

    private void pause() {
        lock.lock();
        try {
            boolean nothingToDo = released.isEmpty() && (failure != null || ready.size() >= options.spareSegments());
            if (!closed && nothingToDo) {
                long unused = await(work, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
                assert unused <= TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Does one thing, and says whether it did. */
    private boolean step() throws IOException {
        Segment old = poll();
        if (old != null) {
            reuse(old);
            return true;
        }
        long usable = disk.usableBytes();
        boolean wanted = readyCount() < options.spareSegments();
        boolean room = usable - options.segmentBytes() >= options.freeFloorBytes();
        if (wanted && !room && !starving()) {
            throw new IOException("only " + usable + " bytes are free, " + options.freeFloorBytes() + " must stay so");
        }
        if (wanted) {
            Segment fresh = create(options.segmentBytes());
            offer(fresh);
            return true;
        }
        full = full
                ? usable < options.freeFloorBytes() + options.freeFloorBytes() / 8
                : usable < options.freeFloorBytes();
        if (!ballast()
                && options.ballastBytes() > 0
                && usable - options.ballastBytes() > 2 * options.freeFloorBytes()) {
            createForced(BALLAST, options.ballastBytes()).close();
            setBallast(true);
            return true;
        }
        return false;
    }

    private void reuse(Segment old) throws IOException {
        if (old.bytes == options.segmentBytes() && readyCount() < options.spareSegments()) {
            offer(new Segment(old.name, old.file, epochs.next()));
        } else {
            old.file.close();
            disk.delete(old.name);
            disk.force();
        }
    }

    private void offer(Segment segment) throws IOException {
        try {
            Segment.writeHeader(segment.file, segment.epoch, 0);
            segment.file.force();
        } catch (IOException e) {
            segment.file.close();
            disk.delete(segment.name); // after a failed force nothing is known of the file, so it is not used again
            throw e;
        }
        lock.lock();
        try {
            ready.addLast(segment);
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Segment poll() {
        lock.lock();
        try {
            return released.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    private int readyCount() {
        lock.lock();
        try {
            return ready.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean starving() {
        lock.lock();
        try {
            return starving;
        } finally {
            lock.unlock();
        }
    }

    private boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean ballast() {
        lock.lock();
        try {
            return ballast;
        } finally {
            lock.unlock();
        }
    }

    private void setBallast(boolean held) {
        lock.lock();
        try {
            ballast = held;
        } finally {
            lock.unlock();
        }
    }

    private void succeeded() {
        lock.lock();
        try {
            failure = null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread and closes the files. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            filled.signalAll();
        } finally {
            lock.unlock();
        }
        join(thread);
        for (Segment segment : ready) {
            segment.file.close();
        }
        for (Segment segment : released) {
            segment.file.close();
        }
    }

    /** Waits for the end of one of the log's threads, which have no long work. */
    static void join(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
