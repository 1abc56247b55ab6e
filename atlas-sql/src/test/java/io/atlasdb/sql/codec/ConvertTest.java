package io.atlasdb.sql.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.Seeds;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConvertTest {
    private static final SqlType DECIMAL_5_2 = new SqlType(Kind.DECIMAL, 5, 2);
    private static final long DAY = 86_400_000_000L;

    @Test
    void wholeNumbersAreRoundedAndMustFit() {
        gives(Kind.TINYINT, 127L, (byte) 127);
        gives(Kind.SMALLINT, " -32768 ", (short) -32768);
        gives(Kind.INTEGER, new BigDecimal("2.5"), 3);
        gives(Kind.INTEGER, -2.5, -3);
        gives(Kind.BIGINT, BigInteger.valueOf(Long.MIN_VALUE), Long.MIN_VALUE);
        gives(Kind.BIGINT, "1e3", 1000L);
        gives(Kind.INTEGER, "1e-999999999", 0);
        fails(Kind.TINYINT, 128, ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.INTEGER, 2147483647.5, ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.BIGINT, "9223372036854775808", ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.BIGINT, "1e999999999", ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.BIGINT, Double.NaN, ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.INTEGER, "12x", ErrorCode.INVALID_TEXT);
        fails(Kind.INTEGER, "", ErrorCode.INVALID_TEXT);
        fails(Kind.INTEGER, true, ErrorCode.INVALID_CAST);
    }

    @Test
    void decimalsAreRoundedHalfUpToTheirScale() {
        gives(DECIMAL_5_2, "1.005", new BigDecimal("1.01"));
        gives(DECIMAL_5_2, -1.005, new BigDecimal("-1.01"));
        gives(DECIMAL_5_2, 7, new BigDecimal("7.00"));
        gives(DECIMAL_5_2, 999.994, new BigDecimal("999.99"));
        gives(DECIMAL_5_2, new BigDecimal("1e-2000000000"), new BigDecimal("0.00"));
        fails(DECIMAL_5_2, 999.995, ErrorCode.NUMERIC_OVERFLOW);
        fails(DECIMAL_5_2, new BigDecimal("1e2000000000"), ErrorCode.NUMERIC_OVERFLOW);
    }

    @Test
    void realNumbers() {
        gives(Kind.DOUBLE, "1.5e300", 1.5e300);
        gives(Kind.DOUBLE, "-Infinity", Double.NEGATIVE_INFINITY);
        gives(Kind.REAL, 1.5, 1.5f);
        gives(Kind.REAL, Float.NaN, Float.NaN);
        gives(Kind.DOUBLE, 3, 3.0);
        fails(Kind.REAL, 1e300, ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.DOUBLE, "1e400", ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.DOUBLE, "1.5d", ErrorCode.INVALID_TEXT);
    }

    @Test
    void booleans() {
        gives(Kind.BOOLEAN, " Yes", true);
        gives(Kind.BOOLEAN, "f", false);
        gives(Kind.BOOLEAN, 1L, true);
        fails(Kind.BOOLEAN, 2, ErrorCode.NUMERIC_OVERFLOW);
        fails(Kind.BOOLEAN, "maybe", ErrorCode.INVALID_TEXT);
    }

    @Test
    void textsArePaddedAndLoseOnlyBlanks() {
        gives(SqlType.of(Kind.CHAR, 3), "a", "a  ");
        gives(SqlType.of(Kind.CHAR, 3), "abc   ", "abc");
        gives(SqlType.of(Kind.VARCHAR, 3), "ab ", "ab ");
        gives(SqlType.of(Kind.VARCHAR, 2), "\uD83D\uDE00\uD83D\uDE00 ", "\uD83D\uDE00\uD83D\uDE00");
        gives(Kind.VARCHAR, new BigDecimal("1E+3"), "1000");
        gives(Kind.VARCHAR, true, "TRUE");
        gives(Kind.VARCHAR, 'c', "c");
        gives(Kind.VARCHAR, LocalDateTime.of(2024, 2, 29, 1, 2), "2024-02-29 01:02:00");
        gives(Kind.VARCHAR, Instant.EPOCH, "1970-01-01 00:00:00+00:00");
        fails(SqlType.of(Kind.VARCHAR, 2), "abc", ErrorCode.STRING_TOO_LONG);
        fails(Kind.VARCHAR, "\uD83D", ErrorCode.INVALID_TEXT);
        fails(Kind.VARCHAR, "\uDE00\uD83D", ErrorCode.INVALID_TEXT);
    }

    @Test
    void bytes() {
        assertThat((byte[]) to(SqlType.of(Kind.BINARY, 3), "\\x01ff")).containsExactly(1, 255, 0);
        assertThat((byte[]) to(SqlType.of(Kind.VARBINARY, 1), new byte[] {5, 0, 0}))
                .containsExactly(5);
        assertThat((byte[]) to(SqlType.of(Kind.VARBINARY), "hé")).containsExactly('h', 0xC3, 0xA9);
        fails(SqlType.of(Kind.VARBINARY, 1), new byte[] {5, 6}, ErrorCode.STRING_TOO_LONG);
        fails(Kind.VARBINARY, "\\x0", ErrorCode.INVALID_TEXT);
        fails(Kind.VARBINARY, 5, ErrorCode.INVALID_CAST);
    }

    @Test
    void datesAndTimes() {
        gives(Kind.DATE, "1970-01-02", 1);
        gives(Kind.DATE, "1969-12-31 23:00:00", -1);
        gives(Kind.DATE, LocalDate.of(1970, 2, 1), 31);
        gives(Kind.DATE, java.sql.Date.valueOf("1970-01-03"), 2);
        gives(Kind.TIME, "00:00:01.5", 1_500_000L);
        gives(Kind.TIME, LocalTime.of(1, 0), 3_600_000_000L);
        gives(Kind.TIME, java.sql.Time.valueOf("00:01:00"), 60_000_000L);
        gives(SqlType.of(Kind.TIME, 0), "00:00:01.9", 1_000_000L);
        gives(Kind.TIMESTAMP, "1970-01-02 00:00:00.000001", DAY + 1);
        gives(Kind.TIMESTAMP, "1970-01-02T00:00+02:00", DAY);
        gives(Kind.TIMESTAMP, java.sql.Timestamp.valueOf("1970-01-01 00:00:01.000002"), 1_000_002L);
        gives(Kind.TIMESTAMP_TZ, "1970-01-01 02:00:00+02:00", 0L);
        gives(Kind.TIMESTAMP_TZ, "1970-01-01 00:00:00 -01", 3_600_000_000L);
        gives(Kind.TIMESTAMP_TZ, "1970-01-01 01:00 Europe/Berlin", 0L);
        gives(Kind.TIMESTAMP_TZ, "1970-01-01", 0L);
        gives(Kind.TIMESTAMP_TZ, OffsetDateTime.parse("1970-01-01T00:00:01+00:00"), 1_000_000L);
        gives(SqlType.of(Kind.TIMESTAMP, 3), -1L, -1_000L);
        fails(Kind.DATE, "2023-02-29", ErrorCode.INVALID_DATETIME);
        fails(Kind.DATE, "x", ErrorCode.INVALID_DATETIME);
        fails(Kind.DATE, 2_932_897, ErrorCode.INVALID_DATETIME);
        fails(Kind.TIME, "24:00", ErrorCode.INVALID_DATETIME);
        fails(Kind.TIMESTAMP, "1970-01-01x00:00", ErrorCode.INVALID_DATETIME);
        fails(Kind.TIMESTAMP_TZ, "1970-01-01 00:00 Nowhere/Land", ErrorCode.INVALID_DATETIME);
        fails(Kind.TIMESTAMP, Long.MAX_VALUE, ErrorCode.INVALID_DATETIME);
        fails(Kind.TIMESTAMP, 1.5, ErrorCode.INVALID_CAST);
        fails(Kind.DATE, LocalTime.NOON, ErrorCode.INVALID_CAST);
    }

    @Test
    void intervals() {
        gives(Kind.INTERVAL_YEAR_MONTH, "-1-2", -14);
        gives(Kind.INTERVAL_YEAR_MONTH, Period.of(1, 1, 0), 13);
        gives(Kind.INTERVAL_DAY_TIME, "1 02:00:00.5", DAY + 7_200_500_000L);
        gives(Kind.INTERVAL_DAY_TIME, "3", 3 * DAY);
        gives(Kind.INTERVAL_DAY_TIME, Duration.ofNanos(-1_000), -1L);
        fails(Kind.INTERVAL_DAY_TIME, "", ErrorCode.INVALID_DATETIME);
        fails(Kind.INTERVAL_YEAR_MONTH, "999999999-1", ErrorCode.INVALID_DATETIME);
    }

    @Test
    void uuidsAndJson() {
        UUID uuid = new UUID(0x0102030405060708L, -2);
        gives(Kind.UUID, uuid.toString().toUpperCase(java.util.Locale.ROOT), uuid);
        gives(Kind.UUID, to(SqlType.of(Kind.VARBINARY), uuid), uuid);
        fails(Kind.UUID, "1-1-1-1-1", ErrorCode.INVALID_TEXT);
        String json = " {\"a\" : [1, -0.5e+3, true, null, \"\\u00e9\\n\", {}, []]} ";
        gives(Kind.JSON, json, json);
        gives(Kind.JSON, 12, "12");
        for (String bad : new String[] {
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{a:1}",
            "01",
            "1.",
            "\"\t\"",
            "\"\\x\"",
            "nul",
            "1 2",
            "[1 2]",
            "-",
            "1e",
            "\"\\u12\""
        }) {
            fails(Kind.JSON, bad, ErrorCode.INVALID_TEXT);
        }
        fails(Kind.JSON, "[".repeat(100_000), ErrorCode.INVALID_TEXT);
    }

    @Test
    void castsKnowWhatANumberMeans() {
        SqlType date = SqlType.of(Kind.DATE);
        SqlType timestamp = SqlType.of(Kind.TIMESTAMP);
        SqlType varchar = SqlType.of(Kind.VARCHAR);
        assertThat(Convert.cast(date, timestamp, 1)).isEqualTo(DAY);
        assertThat(Convert.cast(timestamp, date, -1L)).isEqualTo(-1);
        assertThat(Convert.cast(timestamp, SqlType.of(Kind.TIME), DAY + 5)).isEqualTo(5L);
        assertThat(Convert.cast(timestamp, varchar, 0L)).isEqualTo("1970-01-01 00:00:00");
        assertThat(Convert.cast(SqlType.of(Kind.INTEGER), varchar, 12)).isEqualTo("12");
        assertThat(Convert.cast(varchar, date, "1970-01-02")).isEqualTo(1);
        assertCode(ErrorCode.INVALID_CAST, () -> Convert.cast(date, SqlType.of(Kind.INTEGER), 1));
        assertCode(ErrorCode.INVALID_CAST, () -> Convert.cast(date, SqlType.of(Kind.TIME), 1));
    }

    @Test
    void textsComeBackAsTheSameValue() {
        Seeds.forAll(random -> {
            SqlType type = RandomRows.type(random);
            Object value = RandomRows.value(random, type);
            if (type.kind() == Kind.JSON) {
                return;
            }
            try {
                value = java.util.Objects.requireNonNull(Convert.to(type, value));
            } catch (AtlasException outOfRange) {
                return;
            }
            assertThat(to(type, Convert.text(type, value))).isEqualTo(value);
        });
    }

    private static Object to(SqlType type, Object value) {
        return java.util.Objects.requireNonNull(Convert.to(type, value));
    }

    private static void gives(Kind kind, Object value, Object expected) {
        gives(SqlType.of(kind), value, expected);
    }

    private static void gives(SqlType type, Object value, Object expected) {
        assertThat(to(type, value)).as("%s to %s", value, type).isEqualTo(expected);
    }

    private static void fails(Kind kind, Object value, ErrorCode code) {
        fails(SqlType.of(kind), value, code);
    }

    private static void fails(SqlType type, Object value, ErrorCode code) {
        String what = value instanceof byte[] bytes ? Arrays.toString(bytes) : value.getClass() + " to " + type;
        assertThatThrownBy(() -> Convert.to(type, value))
                .as(what)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void assertCode(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
