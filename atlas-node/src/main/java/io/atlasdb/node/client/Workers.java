package io.atlasdb.node.client;

import io.atlasdb.node.metrics.Metrics;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads behind the event loops. Cancels and closings have threads of their own: they must get through when every other
 * thread is busy with a statement.
 */
final class Workers {
    private static final long END_S_MAX = 5;

    private final ThreadPoolExecutor requests;
    private final ThreadPoolExecutor cancels;
    private final ThreadPoolExecutor closings;

    Workers(int threads, int connectionsMax, Metrics metrics) {
        requests = pool("client", threads, connectionsMax);
        cancels = pool("client-cancel", 4, 256);
        // A connection closes once, so this queue is never full.
        closings = pool("client-close", 2, Integer.MAX_VALUE);
        metrics.gauge(
                "atlas_client_waiting_requests",
                "Requests that wait for a thread.",
                () -> requests.getQueue().size());
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queueMax) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                queueMax == Integer.MAX_VALUE ? new LinkedBlockingQueue<>() : new ArrayBlockingQueue<>(queueMax),
                task -> {
                    Thread thread = new Thread(task, "atlas-" + name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs a request; false when too many wait already. */
    boolean request(Runnable task) {
        return offer(requests, task);
    }

    boolean cancel(Runnable task) {
        return offer(cancels, task);
    }

    void closing(Runnable task) {
        // Refused only when the port closes, which takes all sessions with it.
        offer(closings, task);
    }

    private static boolean offer(ThreadPoolExecutor pool, Runnable task) {
        try {
            pool.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /**
     * Ends the threads. Requests that run have been aborted by now and get a moment to end; {@code last} closes the sessions, for
     * which no more than another moment is waited either.
     */
    void close(Runnable last) {
        cancels.shutdownNow();
        requests.shutdown();
        end(requests);
        closing(last);
        closings.shutdown();
        end(closings);
    }

    private static void end(ThreadPoolExecutor pool) {
        try {
            if (!pool.awaitTermination(END_S_MAX, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
