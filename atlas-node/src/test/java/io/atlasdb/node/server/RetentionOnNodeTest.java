package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ways around a retained key, from the socket and from SQL, on one node; none of them leads anywhere. */
@Timeout(60)
class RetentionOnNodeTest {
    private static TestNode node;

    private SocketLines socket;
    private Connection connection;
    private Statement sql;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void open() throws Exception {
        socket = SocketLines.open(node);
        connection = node.connect();
        sql = connection.createStatement();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        socket.close();
    }

    @Test
    void keyCommandsDoNotGetAroundIt() throws Exception {
        assertThat(socket.ask("KEY PUT worm.a WORM TTL 1h kept")).containsExactly("OK");
        for (String command : new String[] {
            "KEY PUT worm.a other",
            "KEY SET worm.a other",
            "KEY PUT worm.a kept",
            "KEY DEL worm.a",
            "KEY PUT worm.a WORM TTL 2h other",
            "KEY PUT worm.a WORM TTL 1s kept",
            "KEY PUT worm.a WORM TTL -1h kept",
            "KEY PUT worm.a WORM EXPIRES 2001-01-01T00:00:00Z kept",
            "KEY PUT worm.a PRINCIPAL eve other",
            "key set WORM.A principal eve worm expires 2001-01-01T00:00:00Z other"
        }) {
            assertThat(socket.ask(command))
                    .as(command)
                    .hasSize(1)
                    .allMatch(answer -> answer.matches(
                            "ERROR WARN row \\(KEY\\) = \\(A\\) of table KV.WORM is retained until 20.*Z"));
        }
        assertThat(socket.ask("KEY GET worm.a")).containsExactly("VALUE:kept", "OK");
    }

    @Test
    void whoOwnsAKeyDoesNotGetAroundIt() throws Exception {
        assertThat(socket.ask("KEY PUT owned.a PRINCIPAL ann WORM TTL 1h kept")).containsExactly("OK");
        assertThat(socket.ask("ACL GRANT owned.a ann PERMS OWNER").get(0)).startsWith("ACL granted");
        assertThat(socket.ask("PRINCIPAL ASSUME ann")).containsExactly("OK");
        for (String command :
                new String[] {"KEY DEL owned.a", "KEY PUT owned.a other", "KEY PUT owned.a WORM TTL 1s kept"}) {
            assertThat(socket.ask(command).get(0)).as(command).contains("is retained until");
        }
        assertThat(socket.ask("ACL REVOKE owned.a ann PERMS OWNER").get(0)).startsWith("ACL revoked");
        assertThat(socket.ask("KEY DEL owned.a").get(0)).contains("is retained until");
        assertThat(socket.ask("KEY GET owned.a")).containsExactly("VALUE:kept", "OK");
    }

    @Test
    void aKeyIsRetainedLongerByTheSameValue() throws Exception {
        assertThat(socket.ask("KEY PUT longer.a PRINCIPAL ann WORM TTL 1h kept"))
                .containsExactly("OK");
        Instant first = until("LONGER", "A");
        assertThat(socket.ask("KEY PUT longer.a PRINCIPAL eve WORM TTL 3h kept"))
                .containsExactly("OK");
        assertThat(until("LONGER", "A")).isBetween(first.plus(2, ChronoUnit.HOURS), first.plus(3, ChronoUnit.HOURS));
        try (ResultSet r = sql.executeQuery("SELECT owner FROM kv.\"LONGER\"")) {
            assertThat(r.next()).isTrue();
            assertThat(r.getString(1)).isEqualTo("ann");
        }
        assertThat(socket.ask("KEY PUT longer.a WORM EXPIRES 2999-01-01T00:00:00+01:00 kept"))
                .containsExactly("OK");
        assertThat(until("LONGER", "A")).isEqualTo(Instant.parse("2998-12-31T23:00:00Z"));
        assertThat(socket.ask("KEY PUT longer.a WORM TTL 5h kept").get(0))
                .contains("is retained until 2998-12-31T23:00:00Z");
    }

    @Test
    void aKeyWhoseTimeHasPassedIsLikeAnyOther() throws Exception {
        assertThat(socket.ask("KEY PUT past.a WORM EXPIRES 2001-01-01T00:00:00Z kept"))
                .containsExactly("OK");
        assertThat(until("PAST", "A")).isEqualTo(Instant.parse("2001-01-01T00:00:00Z"));
        assertThat(socket.ask("KEY PUT past.a other")).containsExactly("OK");
        assertThat(socket.ask("KEY PUT past.a WORM TTL 0 again")).containsExactly("OK");
        assertThat(socket.ask("KEY DEL past.a")).containsExactly("OK");
    }

    @Test
    void sqlDoesNotGetAroundAKey() throws Exception {
        assertThat(socket.ask("KEY PUT both.a WORM TTL 1h kept")).containsExactly("OK");
        assertThat(socket.ask("KEY PUT both.b free")).containsExactly("OK");
        refused("UPDATE kv.\"BOTH\" SET value = X'00'", "row (KEY) = (A) of table KV.BOTH");
        refused("UPDATE kv.\"BOTH\" SET value = X'00' WHERE key = 'A'", "row (KEY) = (A) of table KV.BOTH");
        refused("UPDATE kv.\"BOTH\" SET key = 'C' WHERE key = 'A'", "row (KEY) = (A) of table KV.BOTH");
        refused("UPDATE kv.\"BOTH\" SET owner = 'eve' WHERE key = 'A'", "row (KEY) = (A) of table KV.BOTH");
        refused("UPDATE kv.\"BOTH\" SET retained_until = NULL WHERE key = 'A'", "row (KEY) = (A) of table KV.BOTH");
        refused("UPDATE kv.\"BOTH\" SET retained_until = CURRENT_TIMESTAMP", "row (KEY) = (A) of table KV.BOTH");
        refused(
                "UPDATE kv.\"BOTH\" SET retained_until = TIMESTAMP '2999-01-01 00:00:00', value = X'00' WHERE key = 'A'",
                "row (KEY) = (A) of table KV.BOTH");
        refused("DELETE FROM kv.\"BOTH\" WHERE key = 'A'", "row (KEY) = (A) of table KV.BOTH");
        refused("DELETE FROM kv.\"BOTH\"", "row (KEY) = (A) of table KV.BOTH");
        refused("UPSERT INTO kv.\"BOTH\" (key, value) VALUES ('A', X'00')", "row (KEY) = (A) of table KV.BOTH");
        refused("TRUNCATE TABLE kv.\"BOTH\"", "a row of table KV.BOTH");
        refused("DROP TABLE kv.\"BOTH\"", "a row of table KV.BOTH");
        assertThat(socket.ask("KEY GET both.a")).containsExactly("VALUE:kept", "OK");
        assertThat(socket.ask("KEY GET both.b")).containsExactly("VALUE:free", "OK");
        sql.executeUpdate("UPDATE kv.\"BOTH\" SET retained_until = TIMESTAMP '2999-01-01 00:00:00' WHERE key = 'A'");
        assertThat(until("BOTH", "A")).isEqualTo(Instant.parse("2999-01-01T00:00:00Z"));
        assertThat(socket.ask("KEY GET both.a")).containsExactly("VALUE:kept", "OK");
    }

    @Test
    void preparedStatementsAndBatchesDoNotGetAroundIt() throws Exception {
        sql.execute("CREATE TABLE receipts (id INT PRIMARY KEY, n INT) WITH (retain = '1 year')");
        sql.execute("CREATE TABLE others (id INT PRIMARY KEY, n INT)");
        sql.execute("INSERT INTO receipts VALUES (1, 1), (2, 2)");
        try (PreparedStatement update = connection.prepareStatement("UPDATE receipts SET n = ? WHERE id = ?");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO receipts VALUES (?, ?)")) {
            update.setInt(1, 7);
            update.setInt(2, 1);
            assertRefused(update::executeUpdate, "update", "row (ID) = (1) of table PUBLIC.RECEIPTS");
            for (int id = 2; id <= 4; id++) {
                update.setInt(1, 7);
                update.setInt(2, id);
                update.addBatch();
                insert.setInt(1, id + 1);
                insert.setInt(2, 0);
                insert.addBatch();
            }
            assertRefused(update::executeBatch, "batch", "row (ID) = (2) of table PUBLIC.RECEIPTS");
            insert.executeBatch();
        }
        connection.setAutoCommit(false);
        sql.execute("INSERT INTO others VALUES (1, 1)");
        refused("DELETE FROM receipts WHERE id = 2", "row (ID) = (2) of table PUBLIC.RECEIPTS");
        connection.rollback();
        sql.execute("INSERT INTO others VALUES (2, 2)");
        sql.execute("DROP TABLE receipts");
        assertRefused(connection::commit, "commit", "a row of table PUBLIC.RECEIPTS");
        connection.setAutoCommit(true);
        assertThat(number("SELECT COUNT(*) FROM others")).isZero();
        assertThat(number("SELECT SUM(n) FROM receipts")).isEqualTo(3);
        assertThat(number("SELECT COUNT(*) FROM receipts WHERE retained_until > CURRENT_TIMESTAMP"))
                .isEqualTo(5);
    }

    @Test
    void aRestartForgetsNothing() throws Exception {
        sql.execute("CREATE TABLE ledger (id INT PRIMARY KEY, n INT UNIQUE) WITH (retain = '1 year')");
        sql.execute("INSERT INTO ledger VALUES (1, 1)");
        assertThat(socket.ask("KEY PUT again.a WORM TTL 1h kept")).containsExactly("OK");
        for (int i = 0; i < 2; i++) {
            close();
            node.restart();
            open();
            refused("DELETE FROM ledger WHERE n = 1", "row (ID) = (1) of table PUBLIC.LEDGER");
            refused("DROP TABLE ledger", "a row of table PUBLIC.LEDGER");
            refused("DROP TABLE kv.\"AGAIN\"", "a row of table KV.AGAIN");
            assertThat(socket.ask("KEY DEL again.a").get(0)).contains("is retained until");
            assertThat(socket.ask("KEY PUT again.a other").get(0)).contains("is retained until");
        }
        assertThat(socket.ask("KEY GET again.a")).containsExactly("VALUE:kept", "OK");
    }

    private long number(String query) throws SQLException {
        try (ResultSet r = sql.executeQuery(query)) {
            assertThat(r.next()).isTrue();
            return r.getLong(1);
        }
    }

    private void refused(String statement, String what) {
        assertRefused(() -> sql.execute(statement), statement, what);
    }

    private static void assertRefused(ThrowingCallable action, String description, String what) {
        assertThatThrownBy(action).as(description).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("WA004");
            assertThat(e.getMessage()).contains(what + " is retained until 20");
        });
    }

    private Instant until(String table, String key) throws SQLException, IOException {
        try (ResultSet r =
                sql.executeQuery("SELECT retained_until FROM kv.\"" + table + "\" WHERE key = '" + key + "'")) {
            assertThat(r.next()).isTrue();
            return r.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
