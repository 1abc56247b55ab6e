package io.atlasdb.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Avatica's own driver, as it is published, against our port. */
class StockAvaticaTest {
    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void readsRowsOverManyFrames(String serialization) throws Exception {
        try (Server server = new Server();
                Connection c = server.stock(serialization);
                Statement s = c.createStatement()) {
            s.setFetchSize(10);
            try (ResultSet r = s.executeQuery("ROWS 250")) {
                int count = 0;
                while (r.next()) {
                    count++;
                    assertThat(r.getLong("ID")).isEqualTo(count);
                    assertThat(r.getString(2)).isEqualTo("name " + count);
                }
                assertThat(count).isEqualTo(250);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void parametersAndResultsOfManyTypes(String serialization) throws Exception {
        try (Server server = new Server();
                Connection c = server.stock(serialization)) {
            assertThat(echo(c, "BIGINT", 7L).getLong(1)).isEqualTo(7);
            assertThat(echo(c, "INTEGER", 7).getInt(1)).isEqualTo(7);
            assertThat(echo(c, "BOOLEAN", true).getBoolean(1)).isTrue();
            assertThat(echo(c, "VARCHAR", "ä\u0000b").getString(1)).isEqualTo("ä\u0000b");
            assertThat(echo(c, "DOUBLE", 1.5).getDouble(1)).isEqualTo(1.5);
            assertThat(echo(c, "DECIMAL(10,2)", new java.math.BigDecimal("12.34"))
                            .getBigDecimal(1))
                    .isEqualByComparingTo("12.34");
            Timestamp timestamp = Timestamp.valueOf("2024-05-06 07:08:09.123");
            assertThat(echo(c, "TIMESTAMP", timestamp).getTimestamp(1)).isEqualTo(timestamp);
            java.sql.Date date = java.sql.Date.valueOf("2024-05-06");
            assertThat(echo(c, "DATE", date).getDate(1).toString()).isEqualTo("2024-05-06");
            assertThat(echo(c, "VARBINARY", new byte[] {1, 2, 3}).getBytes(1)).containsExactly(1, 2, 3);
            String uuid = "01234567-89ab-cdef-0123-456789abcdef";
            assertThat(echo(c, "UUID", uuid).getString(1)).isEqualTo(uuid);
            ResultSet nothing = echo(c, "BIGINT", null);
            assertThat(nothing.getLong(1)).isZero();
            assertThat(nothing.wasNull()).isTrue();
        }
    }

    private static ResultSet echo(Connection c, String type, @Nullable Object value) throws SQLException {
        PreparedStatement p = c.prepareStatement("ECHO " + type);
        p.setObject(1, value);
        ResultSet r = p.executeQuery();
        assertThat(r.next()).isTrue();
        return r;
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void writesBatchesAndTransactions(String serialization) throws Exception {
        try (Server server = new Server();
                Connection c = server.stock(serialization)) {
            assertThat(c.createStatement().executeUpdate("INSERT")).isEqualTo(1);
            assertThat(c.createStatement().executeLargeUpdate("MANY")).isEqualTo(5_000_000_000L);
            try (PreparedStatement p = c.prepareStatement("INSERT ?")) {
                p.setString(1, "a");
                p.addBatch();
                p.setString(1, "b");
                p.addBatch();
                assertThat(p.executeBatch()).containsExactly(1, 1);
            }
            assertThat(server.database.committed).containsExactly("null", "a", "b");
            c.setAutoCommit(false);
            c.createStatement().executeUpdate("INSERT");
            c.rollback();
            assertThat(server.database.committed).hasSize(3);
            c.createStatement().executeUpdate("INSERT");
            c.commit();
            assertThat(server.database.committed).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void errorsCarryTheirStateAndNoTrace(String serialization) throws Exception {
        try (Server server = new Server();
                Connection c = server.stock(serialization);
                Statement s = c.createStatement()) {
            assertThatThrownBy(() -> s.executeQuery("NONSENSE"))
                    .isInstanceOfSatisfying(SQLException.class, e -> {
                        assertThat(e.getSQLState()).isEqualTo("42601");
                        assertThat(e.getErrorCode()).isEqualTo(800);
                    })
                    .hasMessageContaining("syntax error");
            assertThatThrownBy(() -> s.executeUpdate("CRASH"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("XX000"))
                    .satisfies(e -> assertThat(String.valueOf(e)).doesNotContain("secret", "FakeSession"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void metadataComesFromTheCatalog(String serialization) throws Exception {
        try (Server server = new Server();
                Connection c = server.stock(serialization)) {
            try (ResultSet r = c.getMetaData().getTables(null, "PUBLIC", "T\\_A", null)) {
                assertThat(r.next()).isTrue();
                assertThat(r.getString("TABLE_NAME")).isEqualTo("T_A");
                assertThat(r.next()).isFalse();
            }
            try (ResultSet r = c.getMetaData().getColumns(null, null, "T\\_A", "%")) {
                assertThat(r.next()).isTrue();
                assertThat(r.getString("COLUMN_NAME")).isEqualTo("ID");
            }
            assertThat(c.getMetaData().getTypeInfo().next()).isTrue();
            assertThat(c.getMetaData().getSchemas().next()).isTrue();
            assertThat(c.getMetaData().getCatalogs().next()).isFalse();
            assertThat(c.getMetaData().getTableTypes().next()).isTrue();
        }
    }
}
