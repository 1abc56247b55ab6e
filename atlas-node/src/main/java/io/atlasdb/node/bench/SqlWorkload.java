package io.atlasdb.node.bench;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The table and the statements of {@code atlas bench sql}. Every statement is prepared once per connection and runs in
 * autocommit, so that one call is one transaction.
 */
final class SqlWorkload {
    static final String TABLE = "bench_rows";

    /** Rows that a range query returns. */
    static final int RANGE_ROWS = 100;

    private static final int BATCH_ROWS = 1_000;
    /** The standard's state for a transaction that may simply be run again. */
    private static final String SERIALIZATION_FAILURE = "40001";

    /** What is measured. */
    enum Operation {
        POINT_SELECT("point select", "SELECT id, name, amount, note FROM " + TABLE + " WHERE id = ?"),
        POINT_UPDATE("point update", "UPDATE " + TABLE + " SET amount = amount + 1 WHERE id = ?"),
        INSERT("insert", "INSERT INTO " + TABLE + " (id, name, amount, note) VALUES (?, ?, ?, ?)"),
        RANGE(
                "range of " + RANGE_ROWS,
                "SELECT id, name, amount, note FROM " + TABLE + " WHERE id >= ? AND id < ? ORDER BY id");

        private final String label;
        private final String sql;

        Operation(String label, String sql) {
            this.label = label;
            this.sql = sql;
        }

        /** For people. */
        String label() {
            return label;
        }

        String sql() {
            return sql;
        }
    }

    private final int rows;
    private final AtomicLong nextId;

    /**
     * A workload for one server.
     *
     * @param rows ids 0 to rows - 1 are in the table; inserts go on from there
     */
    SqlWorkload(int rows) {
        this.rows = rows;
        this.nextId = new AtomicLong(rows);
    }

    /** Makes and fills the table. */
    void load(Peer peer, PrintStream out) throws SQLException {
        try (Connection connection = peer.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + TABLE + " (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL,"
                    + " amount BIGINT NOT NULL, note VARCHAR(100))");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(Operation.INSERT.sql());
                    ProgressBar bar = new ProgressBar(out, peer.name(), rows, ProgressBar.onTerminal())) {
                for (int id = 0; id < rows; ) {
                    int end = Math.min(rows, id + BATCH_ROWS);
                    int begin = id;
                    for (; id < end; id++) {
                        bindRow(insert, id);
                        insert.addBatch();
                    }
                    insert.executeBatch();
                    connection.commit();
                    bar.add(end - begin);
                }
            }
            connection.setAutoCommit(true);
            if (!peer.afterLoad().isEmpty()) {
                statement.execute(peer.afterLoad());
            }
        }
    }

    /** Removes the table; for servers that go on after the benchmark. */
    static void drop(Peer peer) throws SQLException {
        try (Connection connection = peer.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE " + TABLE);
        }
    }

    /**
     * Runs one operation to its end and checks what it gave back.
     *
     * @param prepared the statement of that operation
     */
    void execute(Operation operation, PreparedStatement prepared, SplittableRandom random) throws SQLException {
        while (true) {
            try {
                switch (operation) {
                    case POINT_SELECT -> {
                        prepared.setLong(1, random.nextInt(rows));
                        expect(read(prepared), 1);
                    }
                    case POINT_UPDATE -> {
                        prepared.setLong(1, random.nextInt(rows));
                        expect(prepared.executeUpdate(), 1);
                    }
                    case INSERT -> {
                        bindRow(prepared, nextId.getAndIncrement());
                        expect(prepared.executeUpdate(), 1);
                    }
                    case RANGE -> {
                        long first = random.nextInt(rows - RANGE_ROWS + 1);
                        prepared.setLong(1, first);
                        prepared.setLong(2, first + RANGE_ROWS);
                        expect(read(prepared), RANGE_ROWS);
                    }
                }
                return;
            } catch (SQLException e) {
                // A conflict between two threads is part of the work; the time goes on.
                if (!SERIALIZATION_FAILURE.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    private static void bindRow(PreparedStatement insert, long id) throws SQLException {
        insert.setLong(1, id);
        insert.setString(2, "name " + id);
        insert.setLong(3, id * 7);
        insert.setString(4, "a note of a length that rows of real tables have, number " + id);
    }

    private static int read(PreparedStatement query) throws SQLException {
        int count = 0;
        try (ResultSet result = query.executeQuery()) {
            while (result.next()) {
                // As a program would: all columns.
                if (result.getLong(1) < 0 || result.getString(2).isEmpty() || result.getLong(3) < 0) {
                    throw new SQLException("a row came back that was never written");
                }
                result.getString(4);
                count++;
            }
        }
        return count;
    }

    private static void expect(int found, int wanted) throws SQLException {
        if (found != wanted) {
            throw new SQLException("wanted " + wanted + " rows, got " + found);
        }
    }
}
