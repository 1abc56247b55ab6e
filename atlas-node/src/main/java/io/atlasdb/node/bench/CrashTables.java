package io.atlasdb.node.bench;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of the crash test and the operations on them. An operation's kind follows from its number, so that a reader knows
 * how many rows it must find.
 */
final class CrashTables {
    private static final int BATCH_ROWS = 1_000;
    private static final int GROUP_ROWS = 3;
    private static final int KINDS = 4;
    private static final String INSERT_ROW =
            "INSERT INTO crash_rows (round_no, writer, op, part_no, note) VALUES (?, ?, ?, ?, ?)";
    private static final String[] PAIR = {"crash_left", "crash_right"};
    private static final String[] COUNTERS = {"crash_counter_a", "crash_counter_b"};

    private CrashTables() {}

    /** Makes the tables, a counter for each writer, and rows that only take space. */
    static void create(Connection connection, int writers, int rows, PrintStream out) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE crash_rows (round_no INTEGER, writer INTEGER, op INTEGER, part_no INTEGER,"
                    + " note VARCHAR(80) NOT NULL, PRIMARY KEY (round_no, writer, op, part_no))");
            for (String table : PAIR) {
                statement.execute("CREATE TABLE " + table
                        + " (round_no INTEGER, writer INTEGER, op INTEGER, PRIMARY KEY (round_no, writer, op))");
            }
            for (String table : COUNTERS) {
                statement.execute("CREATE TABLE " + table + " (writer INTEGER PRIMARY KEY, amount BIGINT NOT NULL)");
                for (int writer = 0; writer < writers; writer++) {
                    statement.execute("INSERT INTO " + table + " (writer, amount) VALUES (" + writer + ", -1)");
                }
            }
            statement.execute("CREATE TABLE crash_ballast (id INTEGER PRIMARY KEY, note VARCHAR(80) NOT NULL)");
        }
        fill(connection, rows, out);
    }

    private static void fill(Connection connection, int rows, PrintStream out) throws SQLException {
        if (rows == 0) {
            return;
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO crash_ballast (id, note) VALUES (?, ?)");
                ProgressBar bar = new ProgressBar(out, "ballast", rows, ProgressBar.onTerminal())) {
            int pending = 0;
            for (int id = 0; id < rows; id++) {
                insert.setInt(1, id);
                insert.setString(2, "a row that was there before the first crash, number " + id);
                insert.addBatch();
                pending++;
                if (pending == BATCH_ROWS || id == rows - 1) {
                    insert.executeBatch();
                    connection.commit();
                    bar.add(pending);
                    pending = 0;
                }
            }
        }
        connection.setAutoCommit(true);
    }

    /** How many rows were put there before the first crash and are there now. */
    static long ballast(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM crash_ballast")) {
            result.next();
            return result.getLong(1);
        }
    }

    /**
     * Runs one operation; it is durable when this returns.
     *
     * <p>By its number: one row by itself; {@value #GROUP_ROWS} rows of one table in a transaction; a row in each of two tables
     * in a transaction; the same number written over the old one in two tables.
     */
    static void run(Connection connection, int round, int writer, int operation) throws SQLException {
        int kind = operation % KINDS;
        connection.setAutoCommit(kind == 0);
        switch (kind) {
            case 0 -> insertRows(connection, round, writer, operation, 1);
            case 1 -> insertRows(connection, round, writer, operation, GROUP_ROWS);
            case 2 -> {
                for (String table : PAIR) {
                    String sql = "INSERT INTO " + table + " (round_no, writer, op) VALUES (?, ?, ?)";
                    update(connection, sql, round, writer, operation);
                }
            }
            default -> {
                for (String table : COUNTERS) {
                    String sql = "UPDATE " + table + " SET amount = ? WHERE writer = ?";
                    update(connection, sql, counter(round, operation), writer);
                }
            }
        }
        if (kind != 0) {
            connection.commit();
        }
    }

    /** Finds what is wrong after a round. */
    static List<String> verify(Connection connection, int round, List<WriterLog> logs, boolean last)
            throws SQLException {
        List<String> faults = new ArrayList<>();
        String where = " WHERE round_no = " + round + " GROUP BY writer, op";
        Map<Long, Long> rows = counts(connection, "SELECT writer, op, COUNT(*) FROM crash_rows" + where);
        Map<Long, Long> left = counts(connection, "SELECT writer, op, COUNT(*) FROM " + PAIR[0] + where);
        Map<Long, Long> right = counts(connection, "SELECT writer, op, COUNT(*) FROM " + PAIR[1] + where);
        for (WriterLog log : logs) {
            // One further, since a row of an operation that nobody began is a fault too.
            for (int operation = 0; operation <= log.begun(); operation++) {
                long key = key(log.writer(), operation);
                long pair = left.getOrDefault(key, 0L) + right.getOrDefault(key, 0L);
                String fault = switch (operation % KINDS) {
                    case 0 -> log.judge(operation, rows.getOrDefault(key, 0L), 1);
                    case 1 -> log.judge(operation, rows.getOrDefault(key, 0L), GROUP_ROWS);
                    case 2 -> log.judge(operation, pair, PAIR.length);
                    default -> "";
                };
                if (!fault.isEmpty()) {
                    faults.add("round " + round + ", JDBC writer " + log.writer() + ", operation " + operation + ": "
                            + fault);
                }
            }
        }
        if (last) {
            faults.addAll(verifyCounters(connection, round, logs));
        }
        return faults;
    }

    private static List<String> verifyCounters(Connection connection, int round, List<WriterLog> logs)
            throws SQLException {
        List<String> faults = new ArrayList<>();
        Map<Integer, Long> a = amounts(connection, COUNTERS[0]);
        Map<Integer, Long> b = amounts(connection, COUNTERS[1]);
        for (WriterLog log : logs) {
            long found = a.getOrDefault(log.writer(), Long.MIN_VALUE);
            String who = "round " + round + ", counter of JDBC writer " + log.writer() + ": ";
            if (found != b.getOrDefault(log.writer(), Long.MIN_VALUE)) {
                faults.add(who + "half there: " + found + " and " + b.get(log.writer()));
            }
            long least = Long.MIN_VALUE;
            for (int operation = KINDS - 1; operation < log.begun(); operation += KINDS) {
                least = log.isAcknowledged(operation) ? counter(round, operation) : least;
            }
            if (found < least || found > counter(round, log.begun())) {
                faults.add(who + found + " where " + least + " was acknowledged");
            }
        }
        return faults;
    }

    private static long counter(int round, int operation) {
        return round * 1_000_000_000L + operation;
    }

    private static long key(int writer, int operation) {
        return (long) writer << Integer.SIZE | operation;
    }

    private static void insertRows(Connection connection, int round, int writer, int operation, int count)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ROW)) {
            for (int part = 0; part < count; part++) {
                insert.setInt(1, round);
                insert.setInt(2, writer);
                insert.setInt(3, operation);
                insert.setInt(4, part);
                insert.setString(5, "row " + part + " of " + count);
                insert.executeUpdate();
            }
        }
    }

    private static void update(Connection connection, String sql, long... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setLong(i + 1, values[i]);
            }
            int changed = statement.executeUpdate();
            if (changed != 1) {
                throw new SQLException(changed + " rows changed instead of one by " + sql);
            }
        }
    }

    private static Map<Long, Long> counts(Connection connection, String sql) throws SQLException {
        Map<Long, Long> counts = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                counts.put(key(result.getInt(1), result.getInt(2)), result.getLong(3));
            }
        }
        return counts;
    }

    private static Map<Integer, Long> amounts(Connection connection, String table) throws SQLException {
        Map<Integer, Long> amounts = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT writer, amount FROM " + table)) {
            while (result.next()) {
                amounts.put(result.getInt(1), result.getLong(2));
            }
        }
        return amounts;
    }
}
