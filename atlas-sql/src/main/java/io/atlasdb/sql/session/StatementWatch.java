package io.atlasdb.sql.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Knows what a session runs or ran last, and lets the listener know how it went. */
final class StatementWatch {
    private static final int SHOWN_CHARACTERS_MAX = 1_000;

    private final Sessions engine;
    private final String user;
    private final String from;
    private volatile String last = "";
    private volatile long startedMs;

    StatementWatch(Sessions engine, String user, String from) {
        this.engine = engine;
        this.user = user;
        this.from = from;
    }

    /** Starts a statement that ends later; null, or an outcome of null, when it is run in another way instead. */
    @Nullable
    CompletableFuture<@Nullable Execution> start(
            LocalPrepared statement, Supplier<@Nullable CompletableFuture<@Nullable Execution>> start) {
        long begin = begun(statement);
        CompletableFuture<@Nullable Execution> started = start.get();
        if (started != null) {
            started.whenComplete((execution, failure) -> {
                if (execution != null || failure != null) {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    ended(statement, begin, cause instanceof RuntimeException e ? e : null);
                }
            });
        }
        return started;
    }

    private long begun(LocalPrepared statement) {
        last = statement.sql();
        startedMs = System.currentTimeMillis();
        return System.nanoTime();
    }

    private void ended(LocalPrepared statement, long begin, @Nullable RuntimeException failure) {
        engine.listener().ran(new StatementListener.Ran(user, from, statement), System.nanoTime() - begin, failure);
    }

    /** Runs a statement. */
    <T> T run(LocalPrepared statement, Supplier<T> run) {
        long begin = begun(statement);
        RuntimeException failure = null;
        try {
            return run.get();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            ended(statement, begin, failure);
        }
    }

    /** The text that runs now or ran last, shortened; empty before the first. */
    String last() {
        String text = last;
        return text.length() <= SHOWN_CHARACTERS_MAX ? text : text.substring(0, SHOWN_CHARACTERS_MAX);
    }

    /** When that began, milliseconds since 1970; 0 before the first. */
    long startedMs() {
        return startedMs;
    }
}
