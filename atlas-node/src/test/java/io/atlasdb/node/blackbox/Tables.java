package io.atlasdb.node.blackbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables that clients write to, each a group of its own. */
final class Tables {
    static final int ACCOUNTS = 8;
    private static final long AMOUNT = 1_000;
    static final long MONEY = 2 * ACCOUNTS * AMOUNT;
    private static final List<String> BANK = List.of("bank_left", "bank_right");

    private Tables() {}

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : BANK) {
                statement.execute("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, amount BIGINT NOT NULL)");
                for (int id = 0; id < ACCOUNTS; id++) {
                    statement.execute("INSERT INTO " + table + " (id, amount) VALUES (" + id + ", " + AMOUNT + ")");
                }
            }
            statement.execute("CREATE TABLE transfers (client INTEGER, op INTEGER, lefthand INTEGER NOT NULL,"
                    + " righthand INTEGER NOT NULL, amount BIGINT NOT NULL, PRIMARY KEY (client, op))");
            statement.execute("CREATE TABLE counters (client INTEGER, op INTEGER, PRIMARY KEY (client, op))");
        }
    }

    /** The one number that a query gives. */
    static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** All rows of a query, each as its values in order. */
    static List<List<Long>> rows(Connection connection, String sql) throws SQLException {
        List<List<Long>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(Client.STATEMENT_TIMEOUT_SECONDS);
            try (ResultSet result = statement.executeQuery(sql)) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<Long> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(result.getLong(i));
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /**
     * Everything that one node says of the tables.
     *
     * @param left id and amount, in order of ids
     * @param right the same
     * @param transfers client, operation, left id, right id, amount, in order
     * @param counters client, operation, in order
     */
    record Content(
            List<List<Long>> left, List<List<Long>> right, List<List<Long>> transfers, List<List<Long>> counters) {
        static Content read(Connection connection) throws SQLException {
            return new Content(
                    rows(connection, "SELECT id, amount FROM bank_left ORDER BY id"),
                    rows(connection, "SELECT id, amount FROM bank_right ORDER BY id"),
                    rows(
                            connection,
                            "SELECT client, op, lefthand, righthand, amount FROM transfers ORDER BY client, op"),
                    rows(connection, "SELECT client, op FROM counters ORDER BY client, op"));
        }

        /** What the accounts must hold by the transfers. */
        List<List<Long>> expected(boolean leftSide) {
            long[] amounts = new long[ACCOUNTS];
            java.util.Arrays.fill(amounts, AMOUNT);
            for (List<Long> transfer : transfers) {
                int account = transfer.get(leftSide ? 2 : 3).intValue();
                amounts[account] += leftSide ? -transfer.get(4) : transfer.get(4);
            }
            List<List<Long>> expected = new ArrayList<>();
            for (long id = 0; id < ACCOUNTS; id++) {
                expected.add(List.of(id, amounts[(int) id]));
            }
            return expected;
        }
    }
}
