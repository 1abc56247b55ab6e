package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Kills a node with writers at work, starts it again and looks whether it kept its promises: what was acknowledged is there, and
 * no transaction is half there.
 */
final class CrashRounds {
    /** Writers that got no answer for so long fail the test. */
    private static final long PATIENCE_SECONDS = 60;

    /** Every kind of operation has had its answer when so many have; only then the node may be killed. */
    private static final int FIRST_OPERATIONS = 8;

    private static final int FAULTS_MAX = 50;

    /**
     * The parameters.
     *
     * @param rounds how often the node is killed
     * @param writers writers over JDBC, and as many over the socket
     * @param rows rows that are there before the first round
     * @param heapMb the heap of the node in MiB
     * @param killAfterMsMax each kill comes 0 to so many ms after every writer had its first answers
     */
    record Plan(int rounds, int writers, int rows, int heapMb, int killAfterMsMax) {}

    /**
     * What came out.
     *
     * @param jdbc operations over JDBC that were acknowledged
     * @param keys operations over the socket that were acknowledged
     * @param unknown operations whose answer was lost
     * @param restartSeconds from the start of the process until it took connections, one per restart
     * @param faults what was lost, half there or there without cause; empty when all is well
     */
    record Outcome(long jdbc, long keys, long unknown, List<Double> restartSeconds, List<String> faults) {}

    private record Logs(List<WriterLog> jdbc, List<WriterLog> keys) {}

    private final Plan plan;
    private final Path folder;
    private final PrintStream out;
    private final List<Logs> history = new ArrayList<>();
    private final List<Double> restartSeconds = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    CrashRounds(Plan plan, Path folder, PrintStream out) {
        this.plan = plan;
        this.folder = folder;
        this.out = out;
    }

    /** Runs all rounds, verifies each after the restart and all of them once more at the end. */
    Outcome run() throws IOException, SQLException {
        NodeProcess node = NodeProcess.start(folder, plan.heapMb());
        try {
            try (Connection connection = DriverManager.getConnection(node.url())) {
                CrashTables.create(connection, plan.writers(), plan.rows(), out);
            }
            for (int round = 0; round < plan.rounds() && faults.isEmpty(); round++) {
                history.add(loadAndKill(node, round));
                node = NodeProcess.start(folder, plan.heapMb());
                restartSeconds.add(node.startNanos() / 1e9);
                verify(node, round, true);
                report(round);
            }
            for (int round = 0; round < history.size(); round++) {
                verify(node, round, false);
            }
            verifyBallast(node);
        } finally {
            node.close();
        }
        return new Outcome(
                history.stream()
                        .flatMap(l -> l.jdbc().stream())
                        .mapToLong(WriterLog::acknowledged)
                        .sum(),
                history.stream()
                        .flatMap(l -> l.keys().stream())
                        .mapToLong(WriterLog::acknowledged)
                        .sum(),
                history.stream().mapToLong(CrashRounds::unknown).sum(),
                List.copyOf(restartSeconds),
                List.copyOf(faults));
    }

    /** Lets the writers work and kills the node under them. */
    private Logs loadAndKill(NodeProcess node, int round) {
        ExecutorService pool = Executors.newFixedThreadPool(2 * plan.writers());
        CountDownLatch working = new CountDownLatch(2 * plan.writers());
        try {
            List<Future<WriterLog>> jdbc = new ArrayList<>();
            List<Future<WriterLog>> keys = new ArrayList<>();
            for (int i = 0; i < plan.writers(); i++) {
                int writer = i;
                jdbc.add(pool.submit(counted(working, () -> writeRows(node.url(), round, writer, working))));
                keys.add(pool.submit(counted(working, () -> writeKeys(node.socket(), round, writer, working))));
            }
            if (!working.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw ErrorCode.CONNECTION_LOST.error(node.url(), "a writer got no answer");
            }
            // Nothing counts this one down: it is a wait of random length.
            long millis = ThreadLocalRandom.current().nextLong(plan.killAfterMsMax() + 1L);
            boolean counted = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            assert !counted;
            node.kill();
            return new Logs(await(jdbc), await(keys));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error(e);
        } finally {
            node.kill();
            pool.shutdownNow();
        }
    }

    /** A writer that fails before its first answers must not leave the others waiting; its failure is seen when it is awaited. */
    private static Callable<WriterLog> counted(CountDownLatch working, Callable<WriterLog> writer) {
        return () -> {
            try {
                return writer.call();
            } finally {
                working.countDown();
            }
        };
    }

    private static WriterLog writeRows(String url, int round, int writer, CountDownLatch working) throws SQLException {
        WriterLog log = new WriterLog(writer);
        Connection connection = DriverManager.getConnection(url);
        try {
            while (!Thread.currentThread().isInterrupted()) {
                int operation = log.begin();
                try {
                    CrashTables.run(connection, round, writer, operation);
                    log.acknowledge(operation);
                } catch (SQLException e) {
                    if (isLost(e)) {
                        return log;
                    }
                    if (!"40001".equals(e.getSQLState())) {
                        throw e;
                    }
                    log.refuse(operation);
                    if (!connection.getAutoCommit()) {
                        connection.rollback();
                    }
                }
                answered(working, operation);
            }
            return log;
        } finally {
            abandon(connection);
        }
    }

    private static WriterLog writeKeys(Path socket, int round, int writer, CountDownLatch working) throws IOException {
        WriterLog log = new WriterLog(writer);
        try (CrashKeys keys = CrashKeys.open(socket)) {
            while (!Thread.currentThread().isInterrupted()) {
                int operation = log.begin();
                try {
                    if (keys.put(round, writer, operation)) {
                        log.acknowledge(operation);
                    }
                } catch (IOException e) {
                    // Killed under this operation, whose fate is unknown.
                    return log;
                }
                answered(working, operation);
            }
        }
        return log;
    }

    private static void answered(CountDownLatch working, int operation) {
        if (operation == FIRST_OPERATIONS - 1) {
            working.countDown();
        }
    }

    /** Whether the node is gone or could not say what became of the commit. */
    private static boolean isLost(SQLException error) {
        String state = error.getSQLState();
        return state != null && (state.startsWith("08") || state.equals("40003"));
    }

    private static void abandon(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            assert isLost(e) : e;
        }
    }

    private static List<WriterLog> await(List<Future<WriterLog>> writers) throws InterruptedException {
        List<WriterLog> logs = new ArrayList<>();
        for (Future<WriterLog> writer : writers) {
            try {
                logs.add(writer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("a writer failed: " + (e.getCause() == null ? e : e.getCause()), e);
            }
        }
        return logs;
    }

    private void verify(NodeProcess node, int round, boolean last) throws IOException, SQLException {
        Logs logs = history.get(round);
        try (Connection connection = DriverManager.getConnection(node.url());
                CrashKeys keys = CrashKeys.open(node.socket())) {
            add(CrashTables.verify(connection, round, logs.jdbc(), last));
            add(keys.verify(round, logs.keys(), last));
        }
    }

    private void verifyBallast(NodeProcess node) throws SQLException {
        try (Connection connection = DriverManager.getConnection(node.url())) {
            long found = CrashTables.ballast(connection);
            if (found != plan.rows()) {
                add(List.of(found + " of " + plan.rows() + " rows from before the first crash are there"));
            }
        }
    }

    private void add(List<String> found) {
        found.stream().limit(FAULTS_MAX - Math.min(FAULTS_MAX, faults.size())).forEach(faults::add);
    }

    private void report(int round) {
        Logs logs = history.get(round);
        out.printf(
                Locale.ROOT,
                "round %2d  acknowledged %,6d JDBC %,6d socket  refused %d  unknown %2d  restart %.2f s  %s%n",
                round + 1,
                logs.jdbc().stream().mapToInt(WriterLog::acknowledged).sum(),
                logs.keys().stream().mapToInt(WriterLog::acknowledged).sum(),
                logs.jdbc().stream().mapToInt(WriterLog::refused).sum(),
                unknown(logs),
                restartSeconds.get(round),
                faults.isEmpty() ? "all there, nothing half there" : faults.size() + " FAULTS");
        out.flush();
    }

    private static int unknown(Logs logs) {
        return logs.jdbc().stream().mapToInt(WriterLog::unknown).sum()
                + logs.keys().stream().mapToInt(WriterLog::unknown).sum();
    }
}
