package io.atlasdb.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver against the port: what stock Avatica does wrong or in silence, over both transports. */
class DriverTest {
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void rowsAreFetchedAsTheyAreRead(String transport) throws Exception {
        try (Connection c = server.connect(transport);
                Statement s = c.createStatement()) {
            s.setFetchSize(10);
            ResultSet r = s.executeQuery("ROWS 1000000");
            for (int i = 1; i <= 25; i++) {
                assertThat(r.next()).isTrue();
                assertThat(r.getLong(1)).isEqualTo(i);
                assertThat(r.getRow()).isEqualTo(i);
            }
            assertThat(server.database.produced).hasValueLessThanOrEqualTo(30);
            r.close();
            // Closing has no answer, so the next request tells that it was heard.
            assertThat(c.isValid(5)).isTrue();
            assertThat(server.database.openRows).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void severalResultsAreOpenAtOnce(String transport) throws Exception {
        try (Connection c = server.connect(transport);
                Statement a = c.createStatement();
                Statement b = c.createStatement()) {
            a.setFetchSize(2);
            b.setFetchSize(3);
            try (ResultSet ra = a.executeQuery("ROWS 20");
                    ResultSet rb = b.executeQuery("ROWS 20")) {
                int rows = 0;
                while (ra.next()) {
                    assertThat(rb.next()).isTrue();
                    assertThat(ra.getString("name")).isEqualTo(rb.getString("NAME"));
                    rows++;
                }
                assertThat(rows).isEqualTo(20);
                assertThat(rb.isLast()).isTrue();
                assertThat(rb.next()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void autocommitOffHoldsForAStatementThatIsPreparedAlready(String transport) throws Exception {
        try (Connection c = server.connect(transport);
                PreparedStatement p = c.prepareStatement("INSERT ?")) {
            c.setAutoCommit(false);
            p.setString(1, "x");
            p.executeUpdate();
            c.rollback();
            assertThat(server.database.committed).isEmpty();
        }
    }

    @Test
    void autocommitOnCommitsAtOnce() throws Exception {
        try (Connection c = server.connect()) {
            c.setAutoCommit(false);
            c.createStatement().executeUpdate("INSERT");
            assertThat(server.database.committed).isEmpty();
            c.setAutoCommit(true);
            assertThat(server.database.committed).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void anIdleTransactionIsRolledBackWhenItsConnectionCloses(String transport) throws Exception {
        Connection c = server.connect(transport);
        c.setAutoCommit(false);
        c.createStatement().executeUpdate("INSERT");
        c.close();
        assertThat(c.isClosed()).isTrue();
        assertThat(c.isValid(1)).isFalse();
        Server.await("the session to end", () -> server.database.openSessions.get() == 0);
        assertThat(server.database.committed).isEmpty();
    }

    @Test
    void generatedKeys() throws Exception {
        try (Connection c = server.connect();
                PreparedStatement p = c.prepareStatement("INSERT ?", Statement.RETURN_GENERATED_KEYS);
                PreparedStatement named = c.prepareStatement("INSERT ?", new String[] {"id"});
                Statement s = c.createStatement()) {
            p.setString(1, "x");
            assertThat(p.executeUpdate()).isEqualTo(1);
            ResultSet keys = p.getGeneratedKeys();
            assertThat(keys.next()).isTrue();
            assertThat(keys.getLong("ID")).isEqualTo(77);
            named.setString(1, "x");
            named.executeUpdate();
            assertThat(named.getGeneratedKeys().next()).isTrue();
            s.executeUpdate("INSERT");
            assertThat(s.getGeneratedKeys().next()).isFalse();
        }
    }

    @Test
    void savepoints() throws Exception {
        try (Connection c = server.connect();
                Statement s = c.createStatement()) {
            assertThatThrownBy(c::setSavepoint).hasMessageContaining("autocommit");
            c.setAutoCommit(false);
            s.executeUpdate("INSERT");
            Savepoint savepoint = c.setSavepoint("one");
            s.executeUpdate("INSERT");
            c.rollback(savepoint);
            c.releaseSavepoint(savepoint);
            c.commit();
            assertThat(server.database.committed).hasSize(1);
            assertThat(savepoint.getSavepointName()).isEqualTo("one");
            assertThatThrownBy(savepoint::getSavepointId).isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void cancelStopsTheServer(String transport) throws Exception {
        try (Connection c = server.connect(transport);
                Statement s = c.createStatement()) {
            CompletableFuture<Throwable> failed = CompletableFuture.supplyAsync(() -> {
                try {
                    s.executeQuery("SLEEP");
                    return new AssertionError("it was not cancelled");
                } catch (SQLException e) {
                    return e;
                }
            });
            Server.await("the statement to run", () -> server.database.sleeping.get() == 1);
            s.cancel();
            assertThat(failed.get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            assertThat(server.database.sleeping).hasValue(0);
            // The next statement is not hit, nor does a cancel do anything when nothing runs.
            s.cancel();
            assertThat(s.executeQuery("ROWS 1").next()).isTrue();
        }
    }

    @Test
    void aQueryTimeoutStopsTheServer() throws Exception {
        try (Connection c = server.connect();
                Statement s = c.createStatement()) {
            s.setQueryTimeout(1);
            assertThatThrownBy(() -> s.executeQuery("SLEEP")).isInstanceOf(SQLTimeoutException.class);
            assertThat(server.database.sleeping).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void errorsAreTheRightClass(String transport) throws Exception {
        try (Connection c = server.connect(transport);
                Statement s = c.createStatement()) {
            fails(s, "NONSENSE", "42601", SQLSyntaxErrorException.class);
            fails(s, "FAIL SERIALIZATION", "40001", SQLTransactionRollbackException.class);
            fails(s, "FAIL UNIQUE", "23505", SQLIntegrityConstraintViolationException.class);
            fails(s, "FAIL UNSUPPORTED", "0A000", SQLFeatureNotSupportedException.class);
            fails(s, "FAIL DIVISION_BY_ZERO", "22012", java.sql.SQLDataException.class);
            fails(s, "FAIL OUTCOME_UNKNOWN", "40003", java.sql.SQLNonTransientException.class);
            fails(s, "FAIL NO_QUORUM", "WA001", java.sql.SQLTransientException.class);
            fails(s, "FAIL SHUTTING_DOWN", "57P01", SQLNonTransientConnectionException.class);
            fails(s, "CRASH", "XX000", SQLException.class);
            assertThatThrownBy(() -> s.executeUpdate("CRASH"))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
            assertThat(s.executeQuery("ROWS 1").next()).isTrue();
        }
    }

    private static void fails(Statement s, String sql, String state, Class<? extends SQLException> type) {
        assertThatThrownBy(() -> s.execute(sql))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state))
                .isInstanceOf(type);
    }

    @Test
    void aWrongPasswordAndTooManyConnections() throws Exception {
        assertThatThrownBy(() -> java.sql.DriverManager.getConnection(server.url("?user=u&password=wrong")))
                .isInstanceOf(SQLInvalidAuthorizationSpecException.class);
        server.close();
        server = new Server(new ClientPortOptions("127.0.0.1", 0, 2, 4, 1 << 20, 64L << 20, 10_000, 10_000, 60_000));
        try (Connection a = server.connect();
                Connection b = server.connect("http")) {
            assertThatThrownBy(() -> server.connect())
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("53300");
            assertThat(a.isValid(5) && b.isValid(5)).isTrue();
        }
        Server.await("the slots to be free", () -> server.database.openSessions.get() == 0);
        server.connect().close();
    }

    @Test
    void updateCountsAreLong() throws Exception {
        try (Connection c = server.connect();
                Statement s = c.createStatement()) {
            assertThat(s.executeLargeUpdate("MANY")).isEqualTo(5_000_000_000L);
            assertThat(s.getLargeUpdateCount()).isEqualTo(5_000_000_000L);
            assertThatThrownBy(s::getUpdateCount)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22003"));
        }
    }

    @Test
    void batches() throws Exception {
        try (Connection c = server.connect();
                PreparedStatement p = c.prepareStatement("INSERT ?");
                Statement s = c.createStatement()) {
            for (String value : new String[] {"a", "b", "duplicate"}) {
                p.setString(1, value);
                p.addBatch();
            }
            assertThatThrownBy(p::executeBatch).isInstanceOfSatisfying(BatchUpdateException.class, e -> {
                assertThat(e.getSQLState()).isEqualTo("23505");
                assertThat(e.getUpdateCounts()).isEmpty();
                assertThat((Throwable) e.getNextException())
                        .isInstanceOf(SQLIntegrityConstraintViolationException.class);
            });
            assertThat(server.database.committed).isEmpty();
            assertThat(p.executeBatch()).isEmpty();
            s.addBatch("INSERT");
            s.addBatch("FAIL UNIQUE");
            assertThatThrownBy(s::executeLargeBatch)
                    .isInstanceOfSatisfying(
                            BatchUpdateException.class,
                            e -> assertThat(e.getLargeUpdateCounts()).containsExactly(1));
            assertThat(server.database.committed).hasSize(1);
        }
    }

    @Test
    void settingsAreTheServers() throws Exception {
        try (Connection c = java.sql.DriverManager.getConnection(server.url("S2?applicationName=test"))) {
            assertThat(c.getSchema()).isEqualTo("S2");
            c.setSchema("PUBLIC");
            assertThat(c.getSchema()).isEqualTo("PUBLIC");
            assertThatThrownBy(() -> c.setSchema("NOWHERE")).isInstanceOf(SQLSyntaxErrorException.class);
            assertThat(c.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThatThrownBy(() -> c.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED))
                    .isInstanceOf(SQLFeatureNotSupportedException.class);
            c.setReadOnly(true);
            assertThat(c.isReadOnly()).isTrue();
            assertThatThrownBy(() -> c.createStatement().executeUpdate("INSERT"))
                    .hasMessageContaining("read-only");
            assertThat(c.getClientInfo("ApplicationName")).isEqualTo("test");
            c.setClientInfo("ClientUser", "me");
            assertThat(c.getClientInfo()).containsEntry("ClientUser", "me");
            assertThatThrownBy(() -> c.setClientInfo("Nonsense", "1"))
                    .isInstanceOf(java.sql.SQLClientInfoException.class);
            assertThat((Throwable) c.getWarnings()).isNull();
        }
    }

    @Test
    void aPreparedStatementFollowsTheSchema() throws Exception {
        try (Connection c = server.connect();
                PreparedStatement p = c.prepareStatement("ROWS 1")) {
            assertThat(p.executeQuery().getMetaData().getColumnCount()).isEqualTo(2);
            assertThat(p.executeQuery().getMetaData().getColumnCount()).isEqualTo(2);
            server.database.schemaVersion = 2;
            try (ResultSet r = p.executeQuery()) {
                assertThat(r.getMetaData().getColumnCount()).isEqualTo(1);
                assertThat(r.next()).isTrue();
                assertThat(r.getLong(1)).isEqualTo(1);
            }
            assertThat(p.executeQuery().getMetaData().getColumnCount()).isEqualTo(1);
        }
    }

    @Test
    void metadataOfResultsAndParameters() throws Exception {
        try (Connection c = server.connect();
                PreparedStatement p = c.prepareStatement("ECHO DECIMAL(10,2)")) {
            assertThat(p.getParameterMetaData().getParameterCount()).isEqualTo(1);
            assertThat(p.getParameterMetaData().getParameterType(1)).isEqualTo(Types.DECIMAL);
            assertThat(p.getMetaData().getPrecision(1)).isEqualTo(10);
            assertThat(p.getMetaData().getScale(1)).isEqualTo(2);
            assertThat(p.getMetaData().getTableName(1)).isEqualTo("T_A");
            assertThatThrownBy(p::executeQuery).hasMessageContaining("parameter 1");
            assertThatThrownBy(() -> p.setInt(2, 1)).hasMessageContaining("1 parameters");
        }
    }

    @Test
    void maxRowsAndEscapes() throws Exception {
        try (Connection c = server.connect();
                Statement s = c.createStatement()) {
            s.setMaxRows(3);
            ResultSet r = s.executeQuery("ROWS 10");
            int count = 0;
            while (r.next()) {
                count++;
            }
            assertThat(count).isEqualTo(3);
            assertThat(r.isAfterLast()).isTrue();
            assertThat(c.nativeSQL("SELECT {d '2024-01-01'}, '{d x}' FROM {oj a LEFT JOIN b ON {fn ABS(1)} = 1}"))
                    .isEqualTo("SELECT DATE '2024-01-01', '{d x}' FROM  a LEFT JOIN b ON {fn ABS(1)} = 1");
        }
    }

    @Test
    void aLostConnectionIsNeverSilent() throws Exception {
        Connection c = server.connect();
        PreparedStatement p = c.prepareStatement("INSERT ?");
        PreparedStatement q = c.prepareStatement("ROWS 1");
        c.setAutoCommit(false);
        p.setString(1, "x");
        p.executeUpdate();
        Connection idle = server.connect();
        Connection writer = server.connect();
        server.close();
        assertThatThrownBy(c::commit).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getSQLState()).isEqualTo("40003");
            assertThat(e.getNextException().getSQLState()).isEqualTo("08006");
        });
        assertThatThrownBy(q::executeQuery)
                .isInstanceOfSatisfying(
                        SQLNonTransientConnectionException.class,
                        e -> assertThat(e.getSQLState()).isEqualTo("08006"));
        assertThat(c.isClosed()).isTrue();
        assertThat(idle.isValid(5)).isFalse();
        assertThatThrownBy(() -> writer.createStatement().executeUpdate("INSERT"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40003"));
        assertThatThrownBy(() -> server.connect())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
        assertThat(server.database.committed).isEmpty();
    }

    @Test
    void theNextHostIsTriedWhenTheFirstIsDown() throws Exception {
        int dead;
        try (java.net.ServerSocket reserved = new java.net.ServerSocket(0)) {
            dead = reserved.getLocalPort();
        }
        String url = "jdbc:atlas://127.0.0.1:" + dead + ",127.0.0.1:" + server.port.port() + "/";
        try (Connection c = java.sql.DriverManager.getConnection(url)) {
            assertThat(c.isValid(5)).isTrue();
        }
    }
}
