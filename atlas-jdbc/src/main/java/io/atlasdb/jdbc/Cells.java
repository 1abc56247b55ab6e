package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.IntervalText;
import io.atlasdb.proto.JdbcType;
import io.atlasdb.proto.client.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of results as Java's types. NULL never comes here, except where said. */
final class Cells {
    private static final long SECOND_MICROS = 1_000_000L;

    private Cells() {}

    static boolean isNull(Value value) {
        return value.getValueCase() == Value.ValueCase.VALUE_NOT_SET;
    }

    static String text(Value value) {
        return switch (value.getValueCase()) {
            case TEXT -> value.getText();
            case BOOLEAN -> String.valueOf(value.getBoolean());
            case INTEGER -> String.valueOf(value.getInteger());
            case DECIMAL -> value.getDecimal();
            case REAL -> String.valueOf(value.getReal());
            case DOUBLE -> String.valueOf(value.getDouble());
            case BINARY -> HexFormat.of().formatHex(value.getBinary().toByteArray());
            case DATE -> LocalDate.ofEpochDay(value.getDate()).toString();
            case TIME -> timeText(localTime(value.getTime()));
            case TIMESTAMP -> dateTimeText(localDateTime(value.getTimestamp()));
            case TIMESTAMP_TZ -> dateTimeText(localDateTime(value.getTimestampTz())) + "+00:00";
            case UUID -> uuid(value).toString();
            case MONTHS -> IntervalText.ofMonths(value.getMonths());
            case MICROS -> IntervalText.ofMicros(value.getMicros());
            case VALUE_NOT_SET -> "";
        };
    }

    /** With seconds always and a fraction when there is one, as SQL writes it. */
    private static String timeText(LocalTime time) {
        String text = time.toString();
        return text.length() == 5 ? text + ":00" : text;
    }

    private static String dateTimeText(LocalDateTime dateTime) {
        return dateTime.toLocalDate() + " " + timeText(dateTime.toLocalTime());
    }

    static LocalTime localTime(long micros) {
        return LocalTime.ofNanoOfDay(micros * 1000);
    }

    static LocalDateTime localDateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, SECOND_MICROS),
                (int) Math.floorMod(micros, SECOND_MICROS) * 1000,
                ZoneOffset.UTC);
    }

    static boolean bool(Value value) throws SQLException {
        return switch (value.getValueCase()) {
            case BOOLEAN -> value.getBoolean();
            case TEXT ->
                switch (value.getText().trim().toLowerCase(Locale.ROOT)) {
                    case "true", "t", "1", "yes", "y", "on" -> true;
                    case "false", "f", "0", "no", "n", "off" -> false;
                    default -> throw Errors.of(ErrorCode.INVALID_TEXT, value.getText(), "boolean");
                };
            default -> decimal(value, "boolean").signum() != 0;
        };
    }

    /** A whole number from {@code min} to {@code max}; a fraction is cut off, as JDBC drivers do. */
    static long integer(Value value, long min, long max, String type) throws SQLException {
        long number;
        if (value.getValueCase() == Value.ValueCase.INTEGER) {
            number = value.getInteger();
        } else if (value.getValueCase() == Value.ValueCase.BOOLEAN) {
            number = value.getBoolean() ? 1 : 0;
        } else {
            BigDecimal decimal = decimal(value, type);
            if (decimal.compareTo(BigDecimal.valueOf(min)) < 0 || decimal.compareTo(BigDecimal.valueOf(max)) > 0) {
                throw Errors.of(ErrorCode.NUMERIC_OVERFLOW, decimal, type);
            }
            number = decimal.longValue();
        }
        if (number < min || number > max) {
            throw Errors.of(ErrorCode.NUMERIC_OVERFLOW, number, type);
        }
        return number;
    }

    static double real(Value value) throws SQLException {
        return switch (value.getValueCase()) {
            case DOUBLE -> value.getDouble();
            case REAL -> value.getReal();
            case TEXT -> parseDouble(value.getText());
            default -> decimal(value, "double").doubleValue();
        };
    }

    private static double parseDouble(String text) throws SQLException {
        try {
            return Double.parseDouble(text.trim());
        } catch (NumberFormatException e) {
            throw Errors.of(e, ErrorCode.INVALID_TEXT, text, "double");
        }
    }

    static BigDecimal decimal(Value value, String type) throws SQLException {
        try {
            return switch (value.getValueCase()) {
                case INTEGER -> BigDecimal.valueOf(value.getInteger());
                case DECIMAL -> new BigDecimal(value.getDecimal());
                case DOUBLE -> BigDecimal.valueOf(value.getDouble());
                case REAL -> new BigDecimal(Float.toString(value.getReal()));
                case BOOLEAN -> value.getBoolean() ? BigDecimal.ONE : BigDecimal.ZERO;
                case TEXT -> new BigDecimal(value.getText().trim());
                default -> throw cast(value, type);
            };
        } catch (NumberFormatException e) {
            throw Errors.of(e, ErrorCode.INVALID_TEXT, text(value), type);
        }
    }

    static byte[] bytes(Value value) throws SQLException {
        return switch (value.getValueCase()) {
            case BINARY -> value.getBinary().toByteArray();
            case UUID -> value.getUuid().toByteArray();
            case TEXT -> value.getTextBytes().toByteArray();
            default -> throw cast(value, "byte[]");
        };
    }

    static UUID uuid(Value value) {
        ByteBuffer bytes = value.getUuid().asReadOnlyByteBuffer();
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    static LocalDate date(Value value) throws SQLException {
        try {
            return switch (value.getValueCase()) {
                case DATE -> LocalDate.ofEpochDay(value.getDate());
                case TIMESTAMP -> localDateTime(value.getTimestamp()).toLocalDate();
                case TIMESTAMP_TZ -> localDateTime(value.getTimestampTz()).toLocalDate();
                case TEXT -> LocalDate.parse(value.getText().trim());
                default -> throw cast(value, "date");
            };
        } catch (DateTimeException e) {
            throw Errors.of(e, ErrorCode.INVALID_DATETIME, text(value), "date");
        }
    }

    static LocalTime time(Value value) throws SQLException {
        try {
            return switch (value.getValueCase()) {
                case TIME -> localTime(value.getTime());
                case TIMESTAMP -> localDateTime(value.getTimestamp()).toLocalTime();
                case TIMESTAMP_TZ -> localDateTime(value.getTimestampTz()).toLocalTime();
                case TEXT -> LocalTime.parse(value.getText().trim());
                default -> throw cast(value, "time");
            };
        } catch (DateTimeException e) {
            throw Errors.of(e, ErrorCode.INVALID_DATETIME, text(value), "time");
        }
    }

    /** A timestamp with a time zone is shown in UTC. */
    static LocalDateTime dateTime(Value value) throws SQLException {
        try {
            return switch (value.getValueCase()) {
                case TIMESTAMP -> localDateTime(value.getTimestamp());
                case TIMESTAMP_TZ -> localDateTime(value.getTimestampTz());
                case DATE -> LocalDate.ofEpochDay(value.getDate()).atStartOfDay();
                case TIME -> LocalDate.EPOCH.atTime(localTime(value.getTime()));
                case TEXT -> LocalDateTime.parse(value.getText().trim().replace(' ', 'T'));
                default -> throw cast(value, "timestamp");
            };
        } catch (DateTimeException e) {
            throw Errors.of(e, ErrorCode.INVALID_DATETIME, text(value), "timestamp");
        }
    }

    /** A timestamp without a time zone counts as UTC. */
    static OffsetDateTime offsetDateTime(Value value) throws SQLException {
        if (value.getValueCase() == Value.ValueCase.TEXT) {
            try {
                return OffsetDateTime.parse(value.getText().trim().replace(' ', 'T'));
            } catch (DateTimeException e) {
                throw Errors.of(e, ErrorCode.INVALID_DATETIME, text(value), "timestamp with time zone");
            }
        }
        return dateTime(value).atOffset(ZoneOffset.UTC);
    }

    /** What {@code getObject} gives for a column of that type; null for NULL. */
    static @Nullable Object object(Value value, JdbcType type) throws SQLException {
        return switch (value.getValueCase()) {
            case VALUE_NOT_SET -> null;
            case BOOLEAN -> value.getBoolean();
            case INTEGER -> type == JdbcType.BIGINT ? (Object) value.getInteger() : (Object) (int) value.getInteger();
            case REAL -> value.getReal();
            case DOUBLE -> value.getDouble();
            case DECIMAL -> decimal(value, "BigDecimal");
            case TEXT -> value.getText();
            case BINARY -> value.getBinary().toByteArray();
            case DATE -> java.sql.Date.valueOf(date(value));
            case TIME -> Calendars.time(time(value), null);
            case TIMESTAMP -> java.sql.Timestamp.valueOf(dateTime(value));
            case TIMESTAMP_TZ -> offsetDateTime(value);
            case UUID -> uuid(value);
            case MONTHS -> Period.ofMonths(value.getMonths()).normalized();
            case MICROS -> duration(value.getMicros());
        };
    }

    private static Duration duration(long micros) {
        return Duration.ofSeconds(Math.floorDiv(micros, SECOND_MICROS), Math.floorMod(micros, SECOND_MICROS) * 1000);
    }

    static Instant instant(Value value) throws SQLException {
        return offsetDateTime(value).toInstant();
    }

    static SQLException cast(Value value, String type) {
        String text = text(value);
        return Errors.of(ErrorCode.INVALID_CAST, text.substring(0, Math.min(60, text.length())), type);
    }
}
