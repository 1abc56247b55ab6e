package io.atlasdb.node.replica;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that serves a set of groups. It drains what is queued, lets the groups propose, appends all their records
 * as one batch, and hands out what was to wait for the force when the journal says so.
 *
 * <p>The queue has no bound of its own: clients are held back by {@code kv}, which counts the bytes in flight, and everything
 * else in the queue follows from a client's command or from a force.
 */
final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    /** Commands taken before the batch is appended, so that one long queue does not delay the first of it for ever. */
    private static final int TASKS_MAX = 4096;

    private static final long STOP_MS = 30_000;

    private final Journal journal;
    private final Consumer<Throwable> fatal;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Set<Replica> touched = new LinkedHashSet<>();
    private List<LogRecord> records = new ArrayList<>();
    private List<Runnable> afterForce = new ArrayList<>();
    private volatile boolean stopped;
    private volatile long applied;

    Loop(String name, Journal journal, Consumer<Throwable> fatal) {
        this.journal = journal;
        this.fatal = fatal;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Runs a task on the loop's thread. From any thread; never waits. */
    void execute(Runnable task) {
        tasks.add(task);
    }

    /** Asks for {@link Replica#flush} at the end of this round. On the loop's thread. */
    void touch(Replica replica) {
        touched.add(replica);
    }

    /** Counts an entry that was applied. On the loop's thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void countApplied() {
        applied++;
    }

    /** Entries applied since the start. From any thread. */
    long applied() {
        return applied;
    }

    /** Adds a record to this round's batch. On the loop's thread. */
    void persist(LogRecord record) {
        records.add(record);
    }

    /** Runs a task here once everything persisted so far is forced. On the loop's thread. */
    void afterForce(Runnable task) {
        afterForce.add(task);
    }

    private void run() {
        try {
            while (!stopped || !tasks.isEmpty()) {
                Runnable task = tasks.poll(100, TimeUnit.MILLISECONDS);
                for (int i = 0; task != null && i < TASKS_MAX; i++) {
                    task.run();
                    task = tasks.poll();
                }
                if (task != null) {
                    task.run();
                }
                flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            LOG.error("a loop of the replicas failed", e);
            fatal.accept(e);
        }
    }

    private void flush() {
        while (!touched.isEmpty()) {
            List<Replica> round = List.copyOf(touched);
            touched.clear();
            round.forEach(Replica::flush);
        }
        if (afterForce.isEmpty()) {
            // Records that nobody waits for (COMMIT) ride with the next batch.
            return;
        }
        List<LogRecord> batch = records;
        List<Runnable> waiting = afterForce;
        records = new ArrayList<>();
        afterForce = new ArrayList<>();
        journal.append(batch, () -> execute(() -> waiting.forEach(Runnable::run)));
    }

    /** Finishes what is queued and ends the thread. */
    @Override
    public void close() {
        stopped = true;
        execute(() -> {});
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!records.isEmpty()) {
            journal.append(records, () -> {});
            records = new ArrayList<>();
        }
    }
}
