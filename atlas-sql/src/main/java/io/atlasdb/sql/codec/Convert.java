package io.atlasdb.sql.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of any Java class to the class, length and precision of an SQL type, by the rules of assignment (ISO/IEC 9075-2 §9.2):
 * numbers are rounded half up and must fit, text may lose trailing blanks and nothing else, CHAR and BINARY are padded.
 *
 * <p>Fails with {@code NUMERIC_OVERFLOW} 22003, {@code STRING_TOO_LONG} 22001, {@code INVALID_DATETIME} 22007, {@code
 * INVALID_TEXT} 22P02, or {@code INVALID_CAST} 22018 when no conversion is defined. Fractions of a second beyond the type's
 * are cut. Text for binary types is hexadecimal after {@code \x}, else it stands for its UTF-8 bytes.
 */
public final class Convert {
    private static final int TEXT_SHOWN_MAX = 60;

    private Convert() {}

    /**
     * The value as {@code type} holds it; null for null. Numbers given for a date, time or interval are in the type's own unit
     * ({@code SqlType.Kind}); date-times without a zone are taken as UTC where an instant is wanted.
     */
    public static @Nullable Object to(SqlType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        Object given = value instanceof Character ? value.toString() : value;
        return switch (type.kind()) {
            case BOOLEAN -> toBoolean(type, given);
            case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> Numbers.to(type, given);
            case CHAR, VARCHAR -> toText(type, given);
            case BINARY, VARBINARY -> toBytes(type, given);
            case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> toTime(type, given);
            case UUID -> toUuid(type, given);
            case JSON -> toJson(type, given);
        };
    }

    /**
     * A value of one SQL type as another: like {@link #to}, and knows what the number of a date or time means. A date becomes
     * the timestamp of its midnight, a timestamp its date or its time of day.
     */
    public static @Nullable Object cast(SqlType from, SqlType to, @Nullable Object value) {
        if (value == null || from.equals(to)) {
            return value;
        }
        if (!isTemporal(from.kind())) {
            return to(to, value);
        }
        if (to.kind() == Kind.CHAR || to.kind() == Kind.VARCHAR) {
            return to(to, text(from, value));
        }
        if (from.kind() == to.kind()) {
            return to(to, value);
        }
        long number = ((Number) value).longValue();
        boolean stamp = from.kind() == Kind.TIMESTAMP || from.kind() == Kind.TIMESTAMP_TZ;
        if (stamp && to.kind() == Kind.DATE) {
            return (int) Math.floorDiv(number, DateTimes.MICROS_PER_DAY);
        }
        if (stamp && to.kind() == Kind.TIME) {
            return to(to, Math.floorMod(number, DateTimes.MICROS_PER_DAY));
        }
        boolean toStamp = to.kind() == Kind.TIMESTAMP || to.kind() == Kind.TIMESTAMP_TZ;
        if (toStamp && (stamp || from.kind() == Kind.DATE)) {
            return to(to, stamp ? number : number * DateTimes.MICROS_PER_DAY);
        }
        throw refuse(to, text(from, value));
    }

    /** The value as {@code CAST(… AS VARCHAR)} gives it; the value has the Java class of its type. */
    public static String text(SqlType type, Object value) {
        return switch (type.kind()) {
            case BOOLEAN -> (Boolean) value ? "TRUE" : "FALSE";
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case BINARY, VARBINARY -> "\\x" + HexFormat.of().formatHex((byte[]) value);
            case DATE -> DateTimes.date((Integer) value);
            case TIME -> DateTimes.time((Long) value);
            case TIMESTAMP -> DateTimes.timestamp((Long) value);
            case TIMESTAMP_TZ -> DateTimes.timestamp((Long) value) + "+00:00";
            case INTERVAL_YEAR_MONTH -> DateTimes.yearMonth((Integer) value);
            case INTERVAL_DAY_TIME -> DateTimes.dayTime((Long) value);
            default -> String.valueOf(value);
        };
    }

    private static boolean isTemporal(Kind kind) {
        return switch (kind) {
            case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> true;
            default -> false;
        };
    }

    private static Boolean toBoolean(SqlType type, Object value) {
        if (value instanceof Boolean known) {
            return known;
        }
        if (value instanceof Number number) {
            double truth = number.doubleValue();
            if (truth == 0 || truth == 1) {
                return truth == 1;
            }
            throw ErrorCode.NUMERIC_OVERFLOW.error(value, type);
        }
        if (!(value instanceof String text)) {
            throw refuse(type, value);
        }
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default -> throw ErrorCode.INVALID_TEXT.error(shown(text), type);
        };
    }

    private static String toText(SqlType type, Object value) {
        String text = plainText(type, value);
        int max = type.precision();
        if (max == SqlType.UNLIMITED) {
            return text;
        }
        int length = text.codePointCount(0, text.length());
        if (length > max) {
            int end = text.offsetByCodePoints(0, max);
            if (!text.substring(end).chars().allMatch(c -> c == ' ')) {
                throw ErrorCode.STRING_TOO_LONG.error(type, length, max);
            }
            return text.substring(0, end);
        }
        return type.kind() == Kind.CHAR && length < max ? text + " ".repeat(max - length) : text;
    }

    private static String plainText(SqlType type, Object value) {
        if (value instanceof String text) {
            requirePairedSurrogates(type, text);
            return text;
        }
        if (value instanceof Boolean bool) {
            return bool ? "TRUE" : "FALSE";
        }
        if (value instanceof BigDecimal decimal) {
            return Numbers.text(decimal);
        }
        if (value instanceof byte[] bytes) {
            return text(SqlType.of(Kind.VARBINARY), bytes);
        }
        if (value instanceof LocalDateTime || value instanceof java.sql.Timestamp) {
            return DateTimes.timestamp((Long) toTime(SqlType.of(Kind.TIMESTAMP), value));
        }
        if (value instanceof Instant || value instanceof OffsetDateTime || value instanceof ZonedDateTime) {
            return text(SqlType.of(Kind.TIMESTAMP_TZ), toTime(SqlType.of(Kind.TIMESTAMP_TZ), value));
        }
        return value.toString();
    }

    /** Half of a surrogate pair has no UTF-8 form. */
    private static void requirePairedSurrogates(SqlType type, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    throw ErrorCode.INVALID_TEXT.error("\\u" + Integer.toHexString(c), type + ": half a character");
                }
                i++;
            }
        }
    }

    private static byte[] toBytes(SqlType type, Object value) {
        byte[] bytes = plainBytes(type, value);
        int max = type.precision();
        if (max == SqlType.UNLIMITED) {
            return bytes;
        }
        for (int i = max; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                throw ErrorCode.STRING_TOO_LONG.error(type, bytes.length, max);
            }
        }
        boolean padded = type.kind() == Kind.BINARY && bytes.length < max;
        return padded || bytes.length > max ? Arrays.copyOf(bytes, max) : bytes;
    }

    private static byte[] plainBytes(SqlType type, Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof UUID uuid) {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
        }
        if (!(value instanceof String text)) {
            throw refuse(type, value);
        }
        if (!text.startsWith("\\x")) {
            requirePairedSurrogates(type, text);
            return text.getBytes(UTF_8);
        }
        try {
            return HexFormat.of().parseHex(text.substring(2));
        } catch (IllegalArgumentException e) {
            throw ErrorCode.INVALID_TEXT.error(shown(text), type);
        }
    }

    private static Object toTime(SqlType type, Object value) {
        try {
            long number = timeNumber(type, value);
            return switch (type.kind()) {
                case DATE -> (int) within(number, DateTimes.DAY_MIN, DateTimes.DAY_MAX, type, value);
                case TIME ->
                    DateTimes.cut(within(number, 0, DateTimes.MICROS_PER_DAY - 1, type, value), type.precision());
                case TIMESTAMP, TIMESTAMP_TZ ->
                    DateTimes.cut(
                            within(
                                    number,
                                    DateTimes.DAY_MIN * DateTimes.MICROS_PER_DAY,
                                    (DateTimes.DAY_MAX + 1) * DateTimes.MICROS_PER_DAY - 1,
                                    type,
                                    value),
                            type.precision());
                case INTERVAL_YEAR_MONTH -> (int) within(number, Integer.MIN_VALUE, Integer.MAX_VALUE, type, value);
                default -> number;
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw ErrorCode.INVALID_DATETIME.error(e, shown(value), type);
        }
    }

    private static long within(long number, long min, long max, SqlType type, Object value) {
        if (number < min || number > max) {
            throw ErrorCode.INVALID_DATETIME.error(shown(value), type);
        }
        return number;
    }

    /** The value in the unit of its type. */
    private static long timeNumber(SqlType type, Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        if (value instanceof String string) {
            String text = string.trim();
            return switch (type.kind()) {
                case DATE -> DateTimes.days(text);
                case TIME -> DateTimes.timeMicros(text);
                case TIMESTAMP -> DateTimes.micros(text, true);
                case TIMESTAMP_TZ -> DateTimes.micros(text, false);
                case INTERVAL_YEAR_MONTH -> DateTimes.months(text);
                default -> DateTimes.intervalMicros(text);
            };
        }
        if (value instanceof Period period
                && type.kind() == Kind.INTERVAL_YEAR_MONTH
                && period.equals(period.withDays(0))) {
            return period.toTotalMonths();
        }
        if (value instanceof Duration duration && type.kind() == Kind.INTERVAL_DAY_TIME) {
            return Math.addExact(
                    Math.multiplyExact(duration.getSeconds(), DateTimes.MICROS_PER_SECOND), duration.getNano() / 1_000);
        }
        LocalTime time = type.kind() == Kind.TIME ? localTime(value) : null;
        if (time != null) {
            return DateTimes.micros(time);
        }
        LocalDateTime stamp = localDateTime(value, type.kind() == Kind.TIMESTAMP_TZ);
        if (stamp == null) {
            throw refuse(type, value);
        }
        return switch (type.kind()) {
            case DATE -> stamp.toLocalDate().toEpochDay();
            case TIME -> DateTimes.micros(stamp.toLocalTime());
            case TIMESTAMP, TIMESTAMP_TZ -> DateTimes.micros(stamp);
            default -> throw refuse(type, value);
        };
    }

    private static @Nullable LocalTime localTime(Object value) {
        if (value instanceof java.sql.Time time) {
            return time.toLocalTime();
        }
        return value instanceof OffsetTime time ? time.toLocalTime() : value instanceof LocalTime time ? time : null;
    }

    /** The date and time of a value, in UTC when {@code instant}, else on its own clock; null for another class. */
    private static @Nullable LocalDateTime localDateTime(Object value, boolean instant) {
        if (value instanceof LocalDateTime stamp) {
            return stamp;
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate().atStartOfDay();
        }
        if (value instanceof java.sql.Timestamp stamp && !instant) {
            return stamp.toLocalDateTime();
        }
        if (value instanceof java.util.Date date && !(value instanceof java.sql.Time)) {
            return LocalDateTime.ofInstant(date.toInstant(), ZoneOffset.UTC);
        }
        if (value instanceof Instant point) {
            return LocalDateTime.ofInstant(point, ZoneOffset.UTC);
        }
        OffsetDateTime stamp = value instanceof ZonedDateTime zoned
                ? zoned.toOffsetDateTime()
                : value instanceof OffsetDateTime offset ? offset : null;
        if (stamp == null) {
            return null;
        }
        return instant ? LocalDateTime.ofInstant(stamp.toInstant(), ZoneOffset.UTC) : stamp.toLocalDateTime();
    }

    private static UUID toUuid(SqlType type, Object value) {
        if (value instanceof UUID uuid) {
            return uuid;
        }
        if (value instanceof byte[] bytes && bytes.length == 2 * Long.BYTES) {
            return new UUID(Bytes.signed(bytes, 0, Long.BYTES), Bytes.signed(bytes, Long.BYTES, Long.BYTES));
        }
        if (!(value instanceof String string)) {
            throw refuse(type, value);
        }
        String text = string.trim();
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // reported below, together with forms that only the JDK takes
        }
        throw ErrorCode.INVALID_TEXT.error(shown(text), type);
    }

    private static String toJson(SqlType type, Object value) {
        if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw refuse(type, value);
        }
        String text = value.toString();
        if (!JsonText.isValid(text)) {
            throw ErrorCode.INVALID_TEXT.error(shown(text), type);
        }
        requirePairedSurrogates(type, text);
        return text;
    }

    static AtlasException refuse(SqlType type, Object value) {
        return ErrorCode.INVALID_CAST.error(shown(value), type);
    }

    /** The start of a value, for a message. */
    static String shown(Object value) {
        String text = value instanceof byte[] bytes
                ? "\\x" + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, TEXT_SHOWN_MAX / 2))
                : value instanceof BigDecimal decimal ? decimal.toString() : String.valueOf(value);
        return text.length() <= TEXT_SHOWN_MAX ? text : text.substring(0, TEXT_SHOWN_MAX) + "…";
    }
}
