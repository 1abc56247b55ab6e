package io.atlasdb.node.replica;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Serves a set of groups, one task at a time: lets the groups propose at the end of a round, appends all their records as one
 * batch, and hands out what was to wait for the force when the journal says so.
 */
final class Loop implements AutoCloseable {
    private final Journal journal;
    private final Driver driver;
    private final Set<Replica> touched = new LinkedHashSet<>();
    private List<LogRecord> records = new ArrayList<>();
    private List<Runnable> afterForce = new ArrayList<>();
    /** Whether a record of this round must be forced before what waits for it goes on. */
    private boolean force;

    private volatile long applied;

    Loop(Driver driver, Journal journal) {
        this.driver = driver;
        this.journal = journal;
    }

    void start() {
        driver.start(this::flush);
    }

    /** Runs a task on the loop's thread. From any thread; never waits. */
    void execute(Runnable task) {
        driver.execute(task);
    }

    /** Runs a task on the loop's thread after a time. From any thread. */
    void later(long delayMs, Runnable task) {
        driver.later(delayMs, task);
    }

    long nowMs() {
        return driver.nowMs();
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
        force |= !(record instanceof LogRecord.Commit);
    }

    /** Runs a task here once everything persisted so far is forced. On the loop's thread. */
    void afterForce(Runnable task) {
        afterForce.add(task);
    }

    private void flush() {
        while (!touched.isEmpty()) {
            List<Replica> round = List.copyOf(touched);
            touched.clear();
            round.forEach(Replica::flush);
        }
        if (!force && afterForce.isEmpty()) {
            // Records that nobody waits for (COMMIT) ride with the next batch.
            return;
        }
        List<LogRecord> batch = List.of();
        List<Runnable> waiting = afterForce;
        if (force) {
            batch = records;
            records = new ArrayList<>();
            force = false;
        }
        afterForce = new ArrayList<>();
        journal.appendHere(batch, () -> execute(() -> waiting.forEach(Runnable::run)));
    }

    /** Finishes what is queued and ends. */
    @Override
    public void close() {
        driver.close();
        if (!records.isEmpty()) {
            journal.append(records, () -> {});
            records = new ArrayList<>();
        }
    }
}
