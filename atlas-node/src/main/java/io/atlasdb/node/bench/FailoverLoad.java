package io.atlasdb.node.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writers at every node of a cluster, each of which inserts rows one by one and notes when it got which answer. */
final class FailoverLoad implements AutoCloseable {
    private static final String PROPERTIES = "?connectTimeout=2000&loginTimeout=5000&socketTimeout=30000";
    private static final int STATEMENT_TIMEOUT_SECONDS = 20;
    private static final long PAUSE_MS = 50;
    private static final long END_TIMEOUT_MS = 60_000;

    /**
     * The answer to one write.
     *
     * @param beginNanos when the write was sent
     * @param endNanos when the answer came
     * @param error its SQLSTATE and message; "" when the write was acknowledged
     */
    record Outcome(int node, long beginNanos, long endNanos, String error) {
        boolean acknowledged() {
            return error.isEmpty();
        }
    }

    private final ClusterProcesses cluster;
    private final List<Thread> threads = new ArrayList<>();
    private final List<WriterLog> logs = new ArrayList<>();
    /** Bounded by the time that the load runs: a writer waits for each answer and pauses after each error. */
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

    private final Map<String, Integer> unclear = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** Begins to write into the table FAILOVER. */
    FailoverLoad(ClusterProcesses cluster, int writersPerNode) {
        this.cluster = cluster;
        for (int node = 1; node <= cluster.size(); node++) {
            for (int i = 0; i < writersPerNode; i++) {
                int at = node;
                WriterLog log = new WriterLog(logs.size());
                logs.add(log);
                Thread thread = new Thread(() -> run(at, log), "writer-" + log.writer());
                thread.setDaemon(true);
                threads.add(thread);
            }
        }
        threads.forEach(Thread::start);
    }

    static void create(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE failover (writer INTEGER, op INTEGER, PRIMARY KEY (writer, op))");
        }
    }

    /** All answers so far, as they came. */
    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    private void run(int node, WriterLog log) {
        while (!ended) {
            long begin = System.nanoTime();
            try (Connection connection = DriverManager.getConnection(cluster.url(node) + PROPERTIES);
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO failover (writer, op) VALUES (?, ?)")) {
                insert.setQueryTimeout(STATEMENT_TIMEOUT_SECONDS);
                while (!ended && insert(insert, node, log)) {
                    begin = System.nanoTime();
                }
            } catch (SQLException e) {
                note(node, begin, e);
            }
            pause(PAUSE_MS);
        }
    }

    /** Inserts one row; false when the connection is lost. */
    private boolean insert(PreparedStatement insert, int node, WriterLog log) {
        int operation = log.begin();
        long begin = System.nanoTime();
        try {
            insert.setInt(1, log.writer());
            insert.setInt(2, operation);
            insert.executeUpdate();
            log.acknowledge(operation);
            outcomes.add(new Outcome(node, begin, System.nanoTime(), ""));
            return true;
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("WA") || state.equals("40001")) {
                log.refuse(operation);
            }
            note(node, begin, e);
            pause(PAUSE_MS);
            return !state.startsWith("08");
        }
    }

    private void note(int node, long begin, SQLException error) {
        String text = error.getSQLState() + " " + error.getMessage();
        outcomes.add(new Outcome(node, begin, System.nanoTime(), text));
    }

    static void pause(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /** Ends the writers and waits for each; one that hangs is a fault that {@link #verify} tells. */
    @Override
    public void close() {
        ended = true;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_TIMEOUT_MS);
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                unclear.merge(thread.getName() + " hangs", 1, Integer::sum);
                thread.interrupt();
            }
        }
    }

    /** What a node says that is wrong, after {@link #close}. */
    List<String> verify(int node) throws SQLException {
        List<String> faults = new ArrayList<>(unclear.keySet());
        try (Connection connection = DriverManager.getConnection(cluster.url(node) + PROPERTIES);
                PreparedStatement query = connection.prepareStatement("SELECT op FROM failover WHERE writer = ?")) {
            for (WriterLog log : logs) {
                Map<Integer, Integer> found = new TreeMap<>();
                query.setInt(1, log.writer());
                try (var rows = query.executeQuery()) {
                    while (rows.next()) {
                        found.merge(rows.getInt(1), 1, Integer::sum);
                    }
                }
                for (int operation = 0; operation <= log.begun(); operation++) {
                    String fault = log.judge(operation, found.getOrDefault(operation, 0), 1);
                    if (!fault.isEmpty()) {
                        faults.add("node " + node + ", writer " + log.writer() + ", row " + operation + ": " + fault);
                    }
                }
            }
        }
        return faults;
    }

    /** Writes that were acknowledged at all nodes. */
    int acknowledged() {
        return logs.stream().mapToInt(WriterLog::acknowledged).sum();
    }
}
