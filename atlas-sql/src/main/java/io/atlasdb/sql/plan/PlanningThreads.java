package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Plans on threads of its own: few, so that a flood of new texts leaves processors to running statements, and with deep stacks, since
 * Calcite walks expressions by recursion.
 */
final class PlanningThreads implements AutoCloseable {
    private static final int WAITING_MAX = 256;
    private static final long STACK_BYTES = 16L << 20;
    /** Far beyond what a sensible statement takes. */
    private static final long LIMIT_MS = 60_000;

    private final ThreadPoolExecutor pool;

    PlanningThreads() {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
        pool = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), PlanningThreads::thread);
        pool.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "planner", STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    Planned run(Supplier<Planned> planning) {
        Future<Planned> future;
        try {
            future = pool.submit(planning::get);
        } catch (RejectedExecutionException full) {
            throw pool.isShutdown()
                    ? ErrorCode.SHUTTING_DOWN.error(full)
                    : ErrorCode.BUSY.error(full, WAITING_MAX + " statements wait to be planned");
        }
        try {
            return future.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLong) {
            future.cancel(true);
            throw ErrorCode.TIMED_OUT.error(tooLong, LIMIT_MS);
        } catch (InterruptedException interrupted) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error(interrupted);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AtlasException error) {
                throw error;
            }
            throw ErrorCode.INTERNAL.error(e, "while planning");
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
