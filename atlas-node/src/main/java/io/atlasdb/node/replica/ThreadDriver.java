package io.atlasdb.node.replica;

import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop's own thread.
 *
 * <p>The queue has no bound of its own: clients are held back by {@code kv}, which counts the bytes in flight, messages by the
 * windows of the protocol, and everything else in the queue follows from one of these or from a force.
 */
final class ThreadDriver implements Driver {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadDriver.class);
    /** Commands taken before the batch is appended, so that one long queue does not delay the first of it for ever. */
    private static final int TASKS_MAX = 4096;

    private static final long POLL_MS = 100;
    private static final long STOP_MS = 30_000;

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Thread thread;
    private final Consumer<Throwable> fatal;
    private final ElapsedTime time = new ElapsedTime();
    private Runnable endOfRound = () -> {};
    private volatile boolean stopped;
    private long timerCount;

    private record Timer(long dueMs, long number, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int order = Long.compare(dueMs, other.dueMs);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    ThreadDriver(String name, Consumer<Throwable> fatal) {
        this.fatal = fatal;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    @Override
    public void start(Runnable atEndOfRound) {
        endOfRound = atEndOfRound;
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void later(long delayMs, Runnable task) {
        long due = nowMs() + delayMs;
        execute(() -> timers.add(new Timer(due, timerCount++, task)));
    }

    @Override
    public long nowMs() {
        return time.nowMs();
    }

    private void run() {
        try {
            while (!stopped || !tasks.isEmpty()) {
                Runnable task = tasks.poll(waitMs(), TimeUnit.MILLISECONDS);
                for (int i = 0; task != null && i < TASKS_MAX; i++) {
                    task.run();
                    task = tasks.poll();
                }
                if (task != null) {
                    task.run();
                }
                runTimers();
                endOfRound.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            LOG.error("a loop of the replicas failed", e);
            fatal.accept(e);
        }
    }

    private long waitMs() {
        Timer next = timers.peek();
        return next == null ? POLL_MS : Math.max(0, Math.min(POLL_MS, next.dueMs() - nowMs()));
    }

    private void runTimers() {
        long now = nowMs();
        while (!timers.isEmpty() && timers.peek().dueMs() <= now) {
            timers.remove().task().run();
        }
    }

    @Override
    public void close() {
        stopped = true;
        execute(() -> {});
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
