package io.atlasdb.sql.plan.types;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import io.atlasdb.sql.plan.function.DatetimeTexts;
import io.atlasdb.sql.plan.function.Datetimes;
import io.atlasdb.sql.plan.function.Numbers;
import io.atlasdb.sql.plan.function.Texts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Converts a value so that a column can hold it, as an assignment does: texts are read, numbers rounded, nothing is cut. */
public final class Assignment {
    private Assignment() {}

    /**
     * The value in the Java class of the type, within its length, precision and range.
     *
     * @throws AtlasException {@code STRING_TOO_LONG}, {@code NUMERIC_OVERFLOW}, {@code INVALID_TEXT}, {@code INVALID_DATETIME}, or
     *     {@code DATATYPE_MISMATCH} when a value of that class cannot be such a type
     */
    public static @Nullable Object convert(SqlType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN ->
                value instanceof Boolean
                        ? value
                        : value instanceof String text ? (Object) Texts.parseBoolean(text) : fail(type, value);
            case TINYINT -> Numbers.toTinyint(integer(type, value));
            case SMALLINT -> Numbers.toSmallint(integer(type, value));
            case INTEGER -> value instanceof Integer ? value : (Object) Numbers.toInteger(integer(type, value));
            case BIGINT -> integer(type, value);
            case DECIMAL -> Numbers.fit(decimal(type, value), type.precision(), type.scale());
            case REAL -> value instanceof Float ? value : (Object) Numbers.toReal(real(type, value));
            case DOUBLE -> real(type, value);
            case CHAR -> Texts.assignAndPad(text(value), type.precision());
            case VARCHAR ->
                type.precision() == SqlType.UNLIMITED ? text(value) : Texts.assign(text(value), type.precision());
            case JSON -> text(value);
            case BINARY, VARBINARY -> bytes(type, value);
            case UUID ->
                value instanceof UUID
                        ? value
                        : value instanceof String text ? Texts.parseUuid(text) : fail(type, value);
            default -> temporal(type, value);
        };
    }

    private static Object temporal(SqlType type, Object value) {
        if (value instanceof String text) {
            return switch (type.kind()) {
                case DATE -> DatetimeTexts.parseDate(text);
                case TIME -> DatetimeTexts.parseTime(text, type.precision());
                case TIMESTAMP -> DatetimeTexts.parseTimestamp(text, type.precision());
                case TIMESTAMP_TZ -> DatetimeTexts.parseTimestampTz(text, type.precision());
                case INTERVAL_YEAR_MONTH -> DatetimeTexts.parseYearMonth(text);
                default -> DatetimeTexts.parseDayTime(text);
            };
        }
        boolean days = type.kind() == Kind.DATE || type.kind() == Kind.INTERVAL_YEAR_MONTH;
        if (days && value instanceof Integer) {
            return value;
        }
        if (days || !(value instanceof Long micros)) {
            throw mismatch(type, value);
        }
        return switch (type.kind()) {
            case TIME -> Datetimes.roundTime(micros, type.precision());
            case TIMESTAMP, TIMESTAMP_TZ -> Datetimes.round(micros, type.precision());
            default -> micros;
        };
    }

    private static long integer(SqlType type, Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigDecimal decimal) {
            return Numbers.toBigint(decimal, type.toString());
        }
        if (value instanceof BigInteger whole) {
            return Numbers.toBigint(new BigDecimal(whole), type.toString());
        }
        if (value instanceof Double || value instanceof Float) {
            return Numbers.doubleToBigint(((Number) value).doubleValue(), type.toString());
        }
        if (value instanceof String text) {
            return Numbers.parseBigint(text, type.toString());
        }
        throw mismatch(type, value);
    }

    private static BigDecimal decimal(SqlType type, Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        if (value instanceof Double || value instanceof Float) {
            return Numbers.doubleToDecimal(((Number) value).doubleValue(), type.precision(), type.scale());
        }
        if (value instanceof String text) {
            return Numbers.parseDecimal(text, type.precision(), type.scale());
        }
        return BigDecimal.valueOf(integer(type, value));
    }

    private static double real(SqlType type, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text) {
            return Numbers.parseDouble(text);
        }
        throw mismatch(type, value);
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof BigDecimal decimal) {
            return Texts.formatDecimal(decimal);
        }
        if (value instanceof Boolean flag) {
            return Texts.formatBoolean(flag);
        }
        if (value instanceof Double number) {
            return Texts.formatDouble(number);
        }
        if (value instanceof Float number) {
            return Texts.formatReal(number);
        }
        if (value instanceof Number || value instanceof UUID) {
            return value.toString();
        }
        throw mismatch(SqlType.of(Kind.VARCHAR), value);
    }

    private static byte[] bytes(SqlType type, Object value) {
        if (!(value instanceof byte[] bytes)) {
            throw mismatch(type, value);
        }
        if (type.precision() != SqlType.UNLIMITED && bytes.length > type.precision()) {
            throw ErrorCode.STRING_TOO_LONG.error(type, bytes.length, type.precision());
        }
        return type.kind() == Kind.BINARY && bytes.length < type.precision()
                ? Arrays.copyOf(bytes, type.precision())
                : bytes;
    }

    private static Object fail(SqlType type, Object value) {
        throw mismatch(type, value);
    }

    private static AtlasException mismatch(SqlType type, Object value) {
        return ErrorCode.DATATYPE_MISMATCH.error(
                "a value of class " + value.getClass().getSimpleName() + " cannot be assigned to " + type);
    }
}
