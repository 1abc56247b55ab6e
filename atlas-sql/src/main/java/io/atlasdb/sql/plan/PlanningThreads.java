package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
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

    /**
     * Plans on another thread and waits.
     *
     * @throws AtlasException what planning ends with; {@code BUSY}; {@code TIMED_OUT} or {@code CANCELLED} when the one who waits
     *     must stop: planning ends soon after
     */
    Planned run(Supplier<Planned> planning, PlanningContext context) {
        CompletableFuture<Planned> planned = new CompletableFuture<>();
        Future<?> work = submit(() -> {
            try {
                planned.complete(planning.get());
            } catch (Throwable failure) {
                planned.completeExceptionally(failure);
            }
        });
        try {
            return await(planned, context.stop(), LIMIT_MS);
        } finally {
            if (!planned.isDone()) {
                context.abandoned().set(true);
                work.cancel(true);
            }
        }
    }

    private Future<?> submit(Runnable work) {
        try {
            return pool.submit(work);
        } catch (RejectedExecutionException full) {
            throw pool.isShutdown()
                    ? ErrorCode.SHUTTING_DOWN.error(full)
                    : ErrorCode.BUSY.error(full, WAITING_MAX + " statements wait to be planned");
        }
    }

    /** Waits for a plan that some thread makes, but not beyond the signal to stop. */
    static Planned await(CompletableFuture<Planned> planned, StopSignal stop, long limitMs) {
        try {
            CompletableFuture.anyOf(planned, stop.stopped())
                    .get(Math.min(stop.remainingMs(), limitMs), TimeUnit.MILLISECONDS);
            if (planned.isDone()) {
                return planned.get();
            }
            throw reason(stop, ErrorCode.CANCELLED.error());
        } catch (TimeoutException tooLong) {
            throw reason(stop, ErrorCode.TIMED_OUT.error(tooLong, limitMs));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error(interrupted);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AtlasException error) {
                throw error;
            }
            throw ErrorCode.INTERNAL.error(e, "while planning");
        }
    }

    private static AtlasException reason(StopSignal stop, AtlasException otherwise) {
        AtlasException reason = stop.reason();
        return reason == null ? otherwise : reason;
    }

    /** Ends the threads; whoever waits for a plan is told. */
    @Override
    public void close() {
        pool.shutdownNow();
    }
}
