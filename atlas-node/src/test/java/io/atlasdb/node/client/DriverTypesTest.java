package io.atlasdb.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.Calendar;
import java.util.TimeZone;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values through the driver, the port and back. */
class DriverTypesTest {
    private static Server server;
    private static Connection connection;

    @BeforeAll
    static void start() throws Exception {
        server = new Server();
        connection = server.connect();
    }

    @AfterAll
    static void stop() throws Exception {
        connection.close();
        server.close();
    }

    private static ResultSet echo(String type, @Nullable Object value) throws SQLException {
        PreparedStatement p = connection.prepareStatement("ECHO " + type);
        p.setObject(1, value);
        ResultSet r = p.executeQuery();
        assertThat(r.next()).isTrue();
        return r;
    }

    private static void same(String type, @Nullable Object value) throws SQLException {
        assertThat(echo(type, value).getObject(1, value.getClass())).isEqualTo(value);
    }

    @Test
    void timestampsKeepTheirMicroseconds() throws Exception {
        Timestamp exact = Timestamp.valueOf("2024-05-06 07:08:09.123456");
        assertThat(echo("TIMESTAMP", exact).getTimestamp(1)).isEqualTo(exact);
        assertThat(echo("TIMESTAMP", exact).getString(1)).isEqualTo("2024-05-06 07:08:09.123456");
        assertThat(echo("TIMESTAMP", exact).getObject(1)).isEqualTo(exact);
        same("TIMESTAMP", LocalDateTime.parse("1969-12-31T23:59:59.999999"));
        same("TIMESTAMP", LocalDateTime.parse("0001-01-01T00:00:00"));
        same("TIME", LocalTime.parse("23:59:59.999999"));
        same("DATE", LocalDate.parse("1582-10-04"));
        same("DATE", LocalDate.parse("9999-12-31"));
    }

    @Test
    void timestampsWithATimeZoneAreInstants() throws Exception {
        Instant instant = Instant.parse("2024-05-06T07:08:09.123456Z");
        same("TIMESTAMP_TZ", instant);
        OffsetDateTime there = OffsetDateTime.parse("2024-05-06T09:08:09.123456+02:00");
        assertThat(echo("TIMESTAMP_TZ", there).getObject(1))
                .isEqualTo(OffsetDateTime.parse("2024-05-06T07:08:09.123456Z"));
        assertThat(echo("TIMESTAMP_TZ", Timestamp.from(instant)).getTimestamp(1))
                .isEqualTo(Timestamp.from(instant));
        assertThat(echo("TIMESTAMP_TZ", "2024-05-06 09:08:09.5+02:00").getObject(1, Instant.class))
                .isEqualTo(Instant.parse("2024-05-06T07:08:09.5Z"));
    }

    @Test
    void aCalendarNamesTheZone() throws Exception {
        Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
        Timestamp timestamp = Timestamp.from(Instant.parse("2024-05-06T00:00:00.000001Z"));
        try (PreparedStatement p = connection.prepareStatement("ECHO TIMESTAMP")) {
            p.setTimestamp(1, timestamp, tokyo);
            ResultSet r = p.executeQuery();
            r.next();
            assertThat(r.getObject(1, LocalDateTime.class))
                    .isEqualTo(LocalDateTime.parse("2024-05-06T09:00:00.000001"));
            assertThat(r.getTimestamp(1, tokyo)).isEqualTo(timestamp);
        }
    }

    @Test
    void numbers() throws Exception {
        same("BIGINT", Long.MIN_VALUE);
        same("DECIMAL(38,10)", new BigDecimal("-1234567890123456789012345678.0123456789"));
        same("DOUBLE", Double.MIN_VALUE);
        same("REAL", 3.4028235e38f);
        same("BOOLEAN", true);
        assertThat(echo("SMALLINT", 7).getObject(1)).isEqualTo(7);
        assertThat(echo("TINYINT", -128).getByte(1)).isEqualTo((byte) -128);
        assertThat(echo("BIGINT", "42").getInt(1)).isEqualTo(42);
        assertThat(echo("DOUBLE", 1e10).getLong(1)).isEqualTo(10_000_000_000L);
        assertThatThrownBy(() -> echo("BIGINT", 1L << 40).getInt(1)).hasMessageContaining("out of range");
        fails("TINYINT", 128, "22003");
        fails("BIGINT", "many", "22P02");
        fails("BIGINT", new byte[] {1}, "22018");
        fails("INTEGER", 1.5, "22003");
        fails("DATE", "2024-02-30", "22007");
        fails("UUID", "nonsense", "22P02");
        fails("DECIMAL(10,2)", "1E1000000000", "22003");
    }

    private static void fails(String type, Object value, String state) {
        assertThatThrownBy(() -> echo(type, value))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    @Test
    void textsBytesAndLobs() throws Exception {
        String text = "naïve \u0000 \uD83D\uDE00";
        same("VARCHAR", text);
        assertThat(echo("VARCHAR", new StringReader(text)).getClob(1).getSubString(1, 5))
                .isEqualTo("naïve");
        byte[] bytes = {0, -1, 2, 3};
        assertThat(echo("VARBINARY", bytes).getBytes(1)).isEqualTo(bytes);
        assertThat(echo("VARBINARY", new ByteArrayInputStream(bytes)).getBlob(1).getBytes(2, 2))
                .containsExactly(-1, 2);
        assertThat(echo("VARBINARY", bytes).getBinaryStream(1).readAllBytes()).isEqualTo(bytes);
        assertThat(echo("VARBINARY", bytes).getString(1)).isEqualTo("00ff0203");
        java.sql.Blob blob = connection.createBlob();
        blob.setBytes(1, bytes);
        assertThat(echo("VARBINARY", blob).getBytes(1)).isEqualTo(bytes);
        java.sql.Clob clob = connection.createClob();
        clob.setString(1, text);
        assertThat(echo("VARCHAR", clob).getString(1)).isEqualTo(text);
        same("UUID", UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"));
        assertThat(echo("INTERVAL_DAY_TIME", Duration.ofMillis(-1)).getObject(1))
                .isEqualTo(Duration.ofMillis(-1));
        assertThat(echo("INTERVAL_YEAR_MONTH", Period.of(1, 2, 0)).getString(1)).isEqualTo("1-02");
    }

    @Test
    void nothingIsNull() throws Exception {
        for (String type : new String[] {"BIGINT", "TIMESTAMP", "VARCHAR", "UUID", "DECIMAL(5,1)", "VARBINARY"}) {
            ResultSet r = echo(type, null);
            assertThat(r.getObject(1)).isNull();
            assertThat(r.wasNull()).isTrue();
            assertThat(r.getString("V")).isNull();
        }
        assertThat(echo("BIGINT", null).getLong(1)).isZero();
        assertThat(echo("TIMESTAMP", null).getTimestamp(1)).isNull();
    }

    @Test
    void readingWhereThereIsNothing() throws Exception {
        ResultSet r = echo("BIGINT", 1L);
        assertThatThrownBy(() -> r.getLong(2)).hasMessageContaining("1 columns");
        assertThatThrownBy(() -> r.getLong("NONE")).hasMessageContaining("NONE");
        assertThat(r.next()).isFalse();
        assertThatThrownBy(() -> r.getLong(1)).hasMessageContaining("no present row");
        r.close();
        assertThatThrownBy(r::next).hasMessageContaining("closed");
        assertThatThrownBy(r::previous).isInstanceOf(java.sql.SQLFeatureNotSupportedException.class);
        assertThatThrownBy(() -> r.updateInt(1, 1)).isInstanceOf(java.sql.SQLFeatureNotSupportedException.class);
    }
}
