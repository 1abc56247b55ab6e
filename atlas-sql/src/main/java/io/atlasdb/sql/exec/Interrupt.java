package io.atlasdb.sql.exec;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.StopSignal;
import io.atlasdb.sql.store.Limits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells one running statement to stop: because somebody cancelled it, or because its time is up. {@link #cancel} may come from
 * any thread; the statement's own thread asks by {@link #check} and waits by {@link #await}.
 */
public final class Interrupt implements StopSignal {
    private static final long NO_DEADLINE = Long.MAX_VALUE;
    /** One look at the clock serves so many checks; a check is called once per row, and a look costs as much as a row. */
    private static final int CHECKS_PER_LOOK = 64;

    private final long timeoutMs;
    private final long deadlineNanos;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean stop;
    private volatile boolean shutDown;
    private int checks;

    private Interrupt(long timeoutMs, long startNanos) {
        this.timeoutMs = timeoutMs;
        this.deadlineNanos = timeoutMs == 0 ? NO_DEADLINE : startNanos + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    /**
     * For a statement that starts now.
     *
     * @param timeoutMs milliseconds after which it must stop; 0 = never
     */
    public static Interrupt after(long timeoutMs) {
        return new Interrupt(timeoutMs, timeoutMs == 0 ? 0 : System.nanoTime());
    }

    /** Makes the statement fail with {@code CANCELLED} at its next check, and wakes it when it waits. */
    public void cancel() {
        stop = true;
        stopped.complete(null);
    }

    /** Makes the statement fail with {@code SHUTTING_DOWN} at its next check, and wakes it when it waits. */
    public void shutDown() {
        shutDown = true;
        cancel();
    }

    /** Throws when the statement must stop. Cheap enough to be called for every row. */
    public void check() {
        if (stop || (deadlineNanos != NO_DEADLINE && ++checks % CHECKS_PER_LOOK == 0)) {
            checkNow();
        }
    }

    /** Like {@link #check}, and always looks at the clock. */
    public void checkNow() {
        AtlasException reason = reason();
        if (reason != null) {
            throw reason;
        }
    }

    /** Milliseconds that are left, at least 0; {@code Long.MAX_VALUE} without a deadline. */
    @Override
    public long remainingMs() {
        return deadlineNanos == NO_DEADLINE
                ? Long.MAX_VALUE
                : Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
    }

    /**
     * Waits for a commit that is under way. A failure of the future comes out as the {@code AtlasException} it is.
     *
     * @throws AtlasException {@code OUTCOME_UNKNOWN} when the statement must stop before the future completes: the commit may
     *     still succeed
     */
    public <T> T await(CompletableFuture<T> commit) {
        try {
            if (!commit.isDone()) {
                // Without a time-out of its own a statement still does not wait for ever.
                long waitMs = Math.min(remainingMs(), Limits.TRANSACTION_LIFE_MS);
                CompletableFuture.anyOf(commit, stopped).get(waitMs, TimeUnit.MILLISECONDS);
            }
            if (commit.isDone()) {
                return commit.get();
            }
            throw unknown(reason());
        } catch (TimeoutException e) {
            throw unknown(ErrorCode.TIMED_OUT.error(timeoutMs == 0 ? Limits.TRANSACTION_LIFE_MS : timeoutMs));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(ErrorCode.CANCELLED.error());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AtlasException known) {
                throw known;
            }
            throw ErrorCode.INTERNAL.error(e.getCause() == null ? e : e.getCause(), "in commit");
        }
    }

    /** Waits so long, or until the statement must stop; then it throws the reason. */
    public void pause(long millis) {
        try {
            stopped.get(Math.min(millis, remainingMs()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The pause is over, or the deadline has come; the check below tells which.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        } catch (ExecutionException e) {
            throw new AssertionError("nothing completes this future with an error", e);
        }
        checkNow();
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    @Override
    public @Nullable AtlasException reason() {
        if (shutDown) {
            return ErrorCode.SHUTTING_DOWN.error();
        }
        if (stop) {
            return ErrorCode.CANCELLED.error();
        }
        if (deadlineNanos != NO_DEADLINE && System.nanoTime() - deadlineNanos >= 0) {
            return ErrorCode.TIMED_OUT.error(timeoutMs);
        }
        return null;
    }

    /** What a statement that must stop now fails with when its commit is under way. */
    public AtlasException unknown() {
        return unknown(reason());
    }

    private static AtlasException unknown(@Nullable AtlasException reason) {
        return ErrorCode.OUTCOME_UNKNOWN.error(
                reason == null ? "waiting ended" : reason.getMessage() + " while its commit was under way");
    }
}
