package io.atlasdb.node.blackbox;

import io.atlasdb.node.bench.ClusterProcesses;
import io.atlasdb.node.bench.WriterLog;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One client of one node, which connects again whenever it loses the node, notes what became of each of its operations, and
 * measures how long the longest took.
 */
abstract class Client {
    /** What a statement may take, seconds; above what a node waits for a quorum, which then is what it says. */
    static final int STATEMENT_TIMEOUT_SECONDS = 20;
    /** A statement has its answer after so long whatever happens: the time-out, the driver's grace, a busy machine. */
    static final int DEADLINE_SECONDS = 40;

    private static final String PROPERTIES = "?connectTimeout=5000&loginTimeout=15000&socketTimeout=30000";
    private static final long PAUSE_MS = 50;
    private static final int FAULTS_MAX = 20;
    private static final String UNKNOWN = "40003";
    private static final String TIMED_OUT = "57014";
    /** Conflict, no quorum, an owner that moved, a node that cannot be reached, a node that is stopping. */
    private static final Set<String> REFUSALS = Set.of("40001", "WA001", "WA003", "WA007", "57P01");

    final int node;
    final WriterLog log;
    private final ClusterProcesses cluster;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean ended;
    private volatile long longestNanos;

    Client(ClusterProcesses cluster, int node, int number) {
        this.cluster = cluster;
        this.node = node;
        this.log = new WriterLog(number);
        this.thread = new Thread(this::run, getClass().getSimpleName() + "-" + number + "-at-" + node);
    }

    /** Begins to work. */
    void start() {
        thread.start();
    }

    /** Asks it to end with the operation that it is at. */
    void end() {
        ended = true;
    }

    /** Waits for the end; a client that hangs is a fault. */
    void join() throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(2L * DEADLINE_SECONDS));
        if (thread.isAlive()) {
            StringBuilder where = new StringBuilder();
            for (StackTraceElement frame : thread.getStackTrace()) {
                where.append("\n    at ").append(frame);
            }
            fault("it hangs" + where);
            thread.interrupt();
        }
    }

    /** Operations that were acknowledged so far. */
    int acknowledged() {
        return acknowledged.get();
    }

    /** The longest time that the database took for one statement or connection. */
    double longestSeconds() {
        return longestNanos / 1e9;
    }

    /** What went wrong, apart from operations that failed as they may. */
    List<String> faults() {
        return faults;
    }

    @Override
    public String toString() {
        return thread.getName() + ": " + log.acknowledged() + " acknowledged, " + log.refused() + " refused, "
                + log.unknown() + " unknown, longest " + Math.round(longestSeconds() * 1e3) + " ms";
    }

    void fault(String what) {
        if (faults.size() < FAULTS_MAX) {
            faults.add(thread.getName() + ": " + what);
        }
    }

    private void run() {
        while (!ended) {
            try (Connection connection = timed(() -> DriverManager.getConnection(cluster.url(node) + PROPERTIES))) {
                while (!ended && operate(connection)) {
                    acknowledged.set(log.acknowledged());
                }
            } catch (SQLException e) {
                judge(e, "connect");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
        }
    }

    /** Runs one operation; false when the connection is no longer of use. */
    private boolean operate(Connection connection) {
        int operation = log.begin();
        Progress progress = new Progress();
        try {
            run(connection, operation, progress);
            log.acknowledge(operation);
        } catch (SQLException e) {
            if (judge(e, "operation " + operation) || !progress.mayHaveCommitted) {
                log.refuse(operation);
            }
            return restore(connection);
        }
        try {
            verify(connection);
            return true;
        } catch (SQLException e) {
            judge(e, "a read after operation " + operation);
            return restore(connection);
        }
    }

    /** Whether an error says for sure that nothing was changed; one that nobody should see is noted. */
    private boolean judge(SQLException error, String what) {
        String state = String.valueOf(error.getSQLState());
        if (REFUSALS.contains(state)) {
            return true;
        }
        if (!state.startsWith("08") && !state.equals(UNKNOWN) && !state.equals(TIMED_OUT)) {
            fault(what + " failed with " + state + ", " + error.getMessage());
        }
        return false;
    }

    private boolean restore(Connection connection) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return timed(() -> connection.isValid(5));
        } catch (SQLException e) {
            judge(e, "a rollback");
            return false;
        }
    }

    /** How far an operation came. */
    static final class Progress {
        private boolean mayHaveCommitted;

        /** From now on an error may come too late to stop the commit. */
        void committing() {
            mayHaveCommitted = true;
        }
    }

    /** Runs an operation; it is durable when this returns. */
    abstract void run(Connection connection, int operation, Progress progress) throws SQLException;

    /** Reads what must be true at any time. */
    abstract void verify(Connection connection) throws SQLException;

    /** A call of the driver. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T call() throws SQLException;
    }

    /** Makes a call and takes its time. */
    final <T extends @Nullable Object> T timed(Call<T> call) throws SQLException {
        long begin = System.nanoTime();
        try {
            return call.call();
        } finally {
            longestNanos = Math.max(longestNanos, System.nanoTime() - begin);
        }
    }

    /** Runs a statement and returns how many rows it changed. */
    final int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(STATEMENT_TIMEOUT_SECONDS);
            return timed(() -> statement.executeUpdate(sql));
        }
    }

    /** The one number that a query gives. */
    final long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(STATEMENT_TIMEOUT_SECONDS);
            return timed(() -> Tables.number(statement, sql));
        }
    }
}
