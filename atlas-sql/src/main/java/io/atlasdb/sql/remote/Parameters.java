package io.atlasdb.sql.remote;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.IntervalText;
import io.atlasdb.proto.client.Value;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.plan.Parameter;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Parameters from the wire as the Java classes that {@code SqlType.Kind} names. A value of another type is converted when
 * that loses nothing; a timestamp without a zone counts as UTC where one with a zone is asked for, and the other way round.
 */
final class Parameters {
    private static final long DAY_MICROS = 86_400_000_000L;

    private Parameters() {}

    static List<@Nullable Object> convert(List<Value> values, List<Parameter> parameters) {
        if (values.size() != parameters.size()) {
            throw ErrorCode.WRONG_PARAMETER_COUNT.error(parameters.size(), values.size());
        }
        List<@Nullable Object> result = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            result.add(convert(values.get(i), parameters.get(i).type()));
        }
        return result;
    }

    /** One value as a {@code type}; its length and scale are left to the statement, which knows what it does with them. */
    static @Nullable Object convert(Value value, SqlType type) {
        if (value.getValueCase() == Value.ValueCase.VALUE_NOT_SET) {
            return null;
        }
        try {
            return switch (type.kind()) {
                case BOOLEAN -> bool(value);
                case TINYINT -> (byte) integer(value, type, Byte.MIN_VALUE, Byte.MAX_VALUE);
                case SMALLINT -> (short) integer(value, type, Short.MIN_VALUE, Short.MAX_VALUE);
                case INTEGER -> (int) integer(value, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
                case BIGINT -> integer(value, type, Long.MIN_VALUE, Long.MAX_VALUE);
                case DECIMAL -> atLeastScale(decimal(value, type), type.scale());
                case REAL -> (float) real(value, type);
                case DOUBLE -> real(value, type);
                case CHAR, VARCHAR, JSON -> text(value);
                case BINARY, VARBINARY -> binary(value, type);
                case DATE -> date(value, type);
                case TIME -> time(value, type);
                case TIMESTAMP, TIMESTAMP_TZ -> timestamp(value, type);
                case INTERVAL_YEAR_MONTH -> (int) interval(value, type);
                case INTERVAL_DAY_TIME -> interval(value, type);
                case UUID -> uuid(value, type);
            };
        } catch (NumberFormatException e) {
            throw ErrorCode.INVALID_TEXT.error(text(value), type);
        } catch (ArithmeticException e) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(text(value), type);
        } catch (DateTimeException e) {
            throw ErrorCode.INVALID_DATETIME.error(text(value), type);
        }
    }

    private static Boolean bool(Value value) {
        return switch (value.getValueCase()) {
            case BOOLEAN -> value.getBoolean();
            case INTEGER -> value.getInteger() != 0;
            case TEXT ->
                switch (value.getText().trim().toLowerCase(Locale.ROOT)) {
                    case "true", "t", "1", "yes", "on" -> true;
                    case "false", "f", "0", "no", "off" -> false;
                    default -> throw ErrorCode.INVALID_TEXT.error(value.getText(), "BOOLEAN");
                };
            default -> throw cast(value, SqlType.of(SqlType.Kind.BOOLEAN));
        };
    }

    private static long integer(Value value, SqlType type, long min, long max) {
        long number = switch (value.getValueCase()) {
            case INTEGER -> value.getInteger();
            case BOOLEAN -> value.getBoolean() ? 1 : 0;
            case DECIMAL, DOUBLE, REAL, TEXT -> decimal(value, type).longValueExact();
            default -> throw cast(value, type);
        };
        if (number < min || number > max) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(number, type);
        }
        return number;
    }

    private static BigDecimal decimal(Value value, SqlType type) {
        return switch (value.getValueCase()) {
            case INTEGER -> BigDecimal.valueOf(value.getInteger());
            case DECIMAL -> new BigDecimal(value.getDecimal());
            case DOUBLE -> BigDecimal.valueOf(value.getDouble());
            case REAL -> new BigDecimal(Float.toString(value.getReal()));
            case TEXT -> new BigDecimal(bounded(value.getText().trim(), type));
            case BOOLEAN -> value.getBoolean() ? BigDecimal.ONE : BigDecimal.ZERO;
            default -> throw cast(value, type);
        };
    }

    /** A text that is parsed as a number is short, and its exponent small: 1E1000000000 would fill the heap when it is unfolded. */
    private static String bounded(String text, SqlType type) {
        if (text.length() > 100 || text.matches(".*[eE][+-]?\\d{4,}.*")) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(text.substring(0, Math.min(40, text.length())), type);
        }
        return text;
    }

    /** With the type's scale, or the larger one that it has itself. */
    private static BigDecimal atLeastScale(BigDecimal number, int scale) {
        if (number.scale() <= scale) {
            return number.setScale(scale);
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() <= scale ? stripped.setScale(scale) : stripped;
    }

    private static double real(Value value, SqlType type) {
        return switch (value.getValueCase()) {
            case DOUBLE -> value.getDouble();
            case REAL -> value.getReal();
            case TEXT -> Double.parseDouble(value.getText().trim());
            default -> decimal(value, type).doubleValue();
        };
    }

    private static byte[] binary(Value value, SqlType type) {
        return switch (value.getValueCase()) {
            case BINARY -> value.getBinary().toByteArray();
            case UUID -> value.getUuid().toByteArray();
            default -> throw cast(value, type);
        };
    }

    private static int date(Value value, SqlType type) {
        return switch (value.getValueCase()) {
            case DATE -> value.getDate();
            case TIMESTAMP -> Math.toIntExact(Math.floorDiv(value.getTimestamp(), DAY_MICROS));
            case TIMESTAMP_TZ -> Math.toIntExact(Math.floorDiv(value.getTimestampTz(), DAY_MICROS));
            case TEXT -> Math.toIntExact(LocalDate.parse(value.getText().trim()).toEpochDay());
            default -> throw cast(value, type);
        };
    }

    private static long time(Value value, SqlType type) {
        return switch (value.getValueCase()) {
            case TIME -> value.getTime();
            case TIMESTAMP -> Math.floorMod(value.getTimestamp(), DAY_MICROS);
            case TIMESTAMP_TZ -> Math.floorMod(value.getTimestampTz(), DAY_MICROS);
            case TEXT -> LocalTime.parse(value.getText().trim()).toNanoOfDay() / 1000;
            default -> throw cast(value, type);
        };
    }

    private static long timestamp(Value value, SqlType type) {
        return switch (value.getValueCase()) {
            case TIMESTAMP -> value.getTimestamp();
            case TIMESTAMP_TZ -> value.getTimestampTz();
            case DATE -> Math.multiplyExact(value.getDate(), DAY_MICROS);
            case TEXT -> timestamp(value.getText().trim());
            default -> throw cast(value, type);
        };
    }

    /** ISO 8601 or SQL's form with a blank; a date alone is its midnight; an offset is honoured. */
    private static long timestamp(String text) {
        String iso =
                text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + "T" + text.substring(11) : text;
        Instant instant;
        if (iso.length() <= 10) {
            instant = LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
        } else if (hasOffset(iso)) {
            instant = OffsetDateTime.parse(iso).toInstant();
        } else {
            instant = LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        }
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.get(ChronoField.MICRO_OF_SECOND));
    }

    /** Behind the date a sign can only be that of an offset. */
    private static boolean hasOffset(String iso) {
        return iso.indexOf('+', 10) > 0 || iso.indexOf('-', 10) > 0 || iso.endsWith("Z") || iso.endsWith("z");
    }

    private static long interval(Value value, SqlType type) {
        return switch (value.getValueCase()) {
            case MONTHS -> value.getMonths();
            case MICROS -> value.getMicros();
            case INTEGER -> value.getInteger();
            default -> throw cast(value, type);
        };
    }

    private static UUID uuid(Value value, SqlType type) {
        switch (value.getValueCase()) {
            case UUID, BINARY -> {
                ByteBuffer bytes = value.getValueCase() == Value.ValueCase.UUID
                        ? value.getUuid().asReadOnlyByteBuffer()
                        : value.getBinary().asReadOnlyByteBuffer();
                if (bytes.remaining() != 16) {
                    throw ErrorCode.INVALID_TEXT.error(text(value), type);
                }
                return new UUID(bytes.getLong(), bytes.getLong());
            }
            case TEXT -> {
                String text = value.getText().trim();
                if (text.length() != 36) {
                    throw ErrorCode.INVALID_TEXT.error(text, type);
                }
                try {
                    return UUID.fromString(text);
                } catch (IllegalArgumentException e) {
                    throw ErrorCode.INVALID_TEXT.error(text, type);
                }
            }
            default -> throw cast(value, type);
        }
    }

    /** As SQL writes the value. */
    private static String text(Value value) {
        return switch (value.getValueCase()) {
            case TEXT -> value.getText();
            case BOOLEAN -> String.valueOf(value.getBoolean());
            case INTEGER -> String.valueOf(value.getInteger());
            case DECIMAL -> value.getDecimal();
            case REAL -> String.valueOf(value.getReal());
            case DOUBLE -> String.valueOf(value.getDouble());
            case DATE -> LocalDate.ofEpochDay(value.getDate()).toString();
            case TIME ->
                LocalTime.ofNanoOfDay(Math.multiplyExact(value.getTime(), 1000)).toString();
            case TIMESTAMP -> localText(value.getTimestamp());
            case TIMESTAMP_TZ -> localText(value.getTimestampTz()) + "Z";
            case UUID -> {
                ByteBuffer bytes = value.getUuid().asReadOnlyByteBuffer();
                yield bytes.remaining() == 16 ? new UUID(bytes.getLong(), bytes.getLong()).toString() : "";
            }
            case BINARY -> Base64.getEncoder().encodeToString(value.getBinary().toByteArray());
            case MONTHS -> IntervalText.ofMonths(value.getMonths());
            case MICROS -> IntervalText.ofMicros(value.getMicros());
            case VALUE_NOT_SET -> "NULL";
        };
    }

    private static String localText(long micros) {
        return LocalDateTime.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        (int) Math.floorMod(micros, 1_000_000L) * 1000,
                        ZoneOffset.UTC)
                .toString()
                .replace('T', ' ');
    }

    private static AtlasException cast(Value value, SqlType type) {
        String text = text(value);
        return ErrorCode.INVALID_CAST.error(text.substring(0, Math.min(60, text.length())), type);
    }
}
