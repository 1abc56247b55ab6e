package io.atlasdb.node.log;

import io.atlasdb.node.replica.Journal;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as a directory of segment files, see DESIGN.md beside this class. One thread at a time writes and forces: the
 * journal's own or, with {@link #appendHere}, the caller's; what is appended meanwhile goes together in the next batch. Another thread
 * prepares segments.
 *
 * <p>{@link #recover} hands out a group's records so that they begin with a GROUP_STATE whenever earlier ones were given up or are
 * durably applied; entries follow from its applied slot on. Entries at or below it are left out, except where one cuts off later
 * ones; a PROMISE stands for one that raised the promise. Of the CHECKPOINTs only the last is handed out. When the log is damaged,
 * what is handed out ends before the damage and may have gaps, since what closed them came later: it serves to learn which groups
 * there were, and each must become a new incarnation.
 *
 * <p>When more than {@link JournalOptions#queueBytes} wait, {@link #append} waits, except on the journal's own thread. After a
 * failed write or force the process ends.
 */
public final class SegmentedJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedJournal.class);
    private static final int EXIT_CODE = 74; // EX_IOERR of sysexits.h

    /** Larger appends are for the writer's thread: whoever lends its own has other things to do as well. */
    private static final long LENT_BYTES_MAX = 256 << 10;

    private final Disk disk;
    private final JournalOptions options;
    private final Consumer<Throwable> fatal;
    private final AppendQueue queue;
    private final Epochs epochs;
    private final Spares spares;
    private final Thread thread = new Thread(this::run, "atlas-log");
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile @Nullable LogWriter writer;
    private boolean closed;

    private SegmentedJournal(Disk disk, JournalOptions options, Consumer<Throwable> fatal) {
        this.disk = disk;
        this.options = options;
        this.fatal = fatal;
        this.queue = new AppendQueue(options.queueBytes());
        this.epochs = new Epochs(new SecureRandom()::nextLong);
        this.spares = new Spares(disk, options, epochs, this::fail);
        thread.setDaemon(true);
    }

    /** Opens the log of a directory, which is made when it does not exist. One process at a time may have it open. */
    public static SegmentedJournal open(Path directory, JournalOptions options) {
        try {
            return open(new RealDisk(directory), options, SegmentedJournal::endProcess);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same on any disk, and with what to do instead of ending the process. */
    static SegmentedJournal open(Disk disk, JournalOptions options, Consumer<Throwable> fatal) {
        return new SegmentedJournal(disk, options, fatal);
    }

    private static void endProcess(Throwable cause) {
        LOG.error("the log cannot be written, so this process ends; nothing that was acknowledged is lost", cause);
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    /**
     * {@inheritDoc}
     *
     * @throws io.atlasdb.proto.AtlasException UNSUPPORTED for the format of a newer program, DISK_FULL when there is no room
     *     for the copy of the last segment
     */
    @Override
    public Recovery recover(Consumer<LogRecord> sink) {
        if (writer != null) {
            throw new IllegalStateException("the journal was recovered already");
        }
        try {
            Scan scan = new Scan(disk, epochs, spares);
            scan.run();
            Groups groups = new Groups();
            Replay replay = new Replay(scan.chain, groups);
            replay.run(sink);
            writer = new LogWriter(options, groups, spares, scan);
            spares.start();
            thread.start();
            return new Recovery(replay.checkpointVersion(), scan.damaged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends the state that {@link Recovery#damaged} reports. It is durable and reported again at every start, until the caller
     * has made durable that its groups are new incarnations and says so here.
     */
    public void clearDamage() {
        try {
            Scan.clearDamage(disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void append(List<LogRecord> records, Runnable forced) {
        if (writer == null) {
            throw new IllegalStateException("the journal was not recovered yet");
        }
        add(AppendQueue.Append.of(records, forced));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The thread is used while a force is fast, nobody else writes and nothing waits: then waking the writer would cost more
     * than it gives. Otherwise this is {@link #append}.
     */
    @Override
    public void appendHere(List<LogRecord> records, Runnable forced) {
        LogWriter to = writer;
        AppendQueue.Append append = AppendQueue.Append.of(records, forced);
        if (to == null || append.bytes() > LENT_BYTES_MAX || !to.isFast() || !queue.tryTurn()) {
            append(records, forced);
            return;
        }
        boolean written = false;
        try {
            written = to.writeSmall(append);
        } catch (Throwable e) {
            fail(e);
            return;
        } finally {
            queue.endTurn(to.dirty());
        }
        if (!written) {
            add(append);
        }
    }

    private void add(AppendQueue.Append append) {
        if (append.bytes() > Integer.MAX_VALUE / 2) {
            throw ErrorCode.LIMIT.error("an append to the log", append.bytes() + " bytes", Integer.MAX_VALUE / 2);
        }
        queue.add(append, Thread.currentThread() != thread);
    }

    @Override
    public boolean full() {
        return spares.full();
    }

    private void run() {
        try {
            LogWriter to = Objects.requireNonNull(writer);
            List<AppendQueue.Append> batch = new ArrayList<>();
            while (queue.take(batch, options.batchBytes(), options.idleMillis())) {
                if (batch.isEmpty()) {
                    to.writeMarker();
                } else {
                    to.write(batch);
                    batch.clear();
                }
                queue.endTurn(to.dirty());
            }
            if (to.dirty()) {
                to.writeMarker();
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        if (failed.compareAndSet(false, true)) {
            queue.close();
            fatal.accept(cause);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        queue.close();
        try {
            LogWriter to = writer;
            if (to != null) {
                Spares.join(thread);
                spares.close();
                to.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
