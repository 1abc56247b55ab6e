package io.atlasdb.node.replica;

/** Runs the tasks of one loop, one at a time, and keeps its time: a thread in a node, the event queue in a simulation. */
public interface Driver extends AutoCloseable {
    /** Begins to run tasks; {@code endOfRound} runs whenever the queue was drained, and at least after every 4,096 tasks. */
    void start(Runnable endOfRound);

    /** Queues a task. From any thread; never waits. */
    void execute(Runnable task);

    /** Queues a task that is due after a time, milliseconds. From any thread. */
    void later(long delayMs, Runnable task);

    /** Milliseconds since some moment: never goes back, and goes on while the machine sleeps. */
    long nowMs();

    /** Finishes what is queued and ends. */
    @Override
    void close();
}
