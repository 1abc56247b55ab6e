package io.atlasdb.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every test on sessions needs: sessions on the database under test, each test in a schema of its own. */
@NullMarked
public abstract class SessionContract {
    /** Nothing here takes long; a test that hangs is to fail. */
    static final long PATIENCE_S = 60;

    private static final AtomicInteger NEXT_SCHEMA = new AtomicInteger();

    private final List<Sql> sessions = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "session-contract");
        thread.setDaemon(true);
        return thread;
    });
    private final String schema = "TEST_" + NEXT_SCHEMA.incrementAndGet();

    /** The first session; there before each test. */
    @SuppressWarnings("NullAway.Init")
    protected Sql a;

    /** A new session on the database under test. */
    protected abstract Session open();

    @BeforeEach
    void openFirst() {
        try (Session session = open()) {
            session.execute(session.prepare("CREATE SCHEMA " + schema), List.of(), ExecuteOptions.NONE);
        }
        a = connect();
    }

    @AfterEach
    void closeAll() {
        threads.shutdownNow();
        sessions.forEach(Sql::close);
    }

    /** One more session, in the schema of this test. */
    protected final Sql connect() {
        Session session = open();
        session.setSchema(schema);
        Sql sql = new Sql(session);
        synchronized (sessions) {
            sessions.add(sql);
        }
        return sql;
    }

    /** Runs something beside the test. */
    protected final <T> Future<T> async(Callable<T> task) {
        return threads.submit(task);
    }

    /** Runs the task with {@code count} threads at once and waits for all; the first failure comes out. */
    protected final void together(int count, Callable<?> task) throws Exception {
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(threads.submit(task));
        }
        for (Future<?> future : futures) {
            await(future);
        }
    }

    /** The result of a future that must come. */
    protected static <T> T await(Future<T> future) throws Exception {
        try {
            return future.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("it hangs", e);
        }
    }
}
