package io.atlasdb.jdbc;

import com.google.protobuf.ByteString;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.JdbcType;
import io.atlasdb.proto.client.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Calendar;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Java objects as parameters. */
final class Encoder {
    static final Value NULL = Value.getDefaultInstance();

    private Encoder() {}

    /**
     * A value of any class that JDBC or this driver names.
     *
     * @param target the type that the statement asks for, {@code NULL} when it is not known; tells whether a
     *     {@code java.sql.Timestamp} means an instant or a local time
     */
    static Value value(@Nullable Object object, JdbcType target, @Nullable Calendar calendar) throws SQLException {
        if (object == null) {
            return NULL;
        }
        Value.Builder value = Value.newBuilder();
        if (object instanceof String text) {
            value.setText(text);
        } else if (object instanceof Number number) {
            number(value, number);
        } else if (object instanceof Boolean flag) {
            value.setBoolean(flag);
        } else if (object instanceof byte[] bytes) {
            value.setBinary(ByteString.copyFrom(bytes));
        } else if (object instanceof Character || object instanceof Enum<?>) {
            value.setText(object.toString());
        } else if (object instanceof UUID uuid) {
            value.setUuid(bytes(uuid));
        } else if (object instanceof java.util.Date date) {
            date(value, date, target, calendar);
        } else if (object instanceof Blob blob) {
            value.setBinary(bytes(blob.getBinaryStream(), -1));
        } else if (object instanceof Clob clob) {
            value.setText(text(clob.getCharacterStream(), -1));
        } else if (object instanceof InputStream stream) {
            value.setBinary(bytes(stream, -1));
        } else if (object instanceof Reader reader) {
            value.setText(text(reader, -1));
        } else {
            temporal(value, object);
        }
        return value.build();
    }

    private static void number(Value.Builder value, Number number) throws SQLException {
        if (number instanceof Integer
                || number instanceof Long
                || number instanceof Short
                || number instanceof Byte
                || number instanceof java.util.concurrent.atomic.AtomicLong
                || number instanceof java.util.concurrent.atomic.AtomicInteger) {
            value.setInteger(number.longValue());
        } else if (number instanceof Double) {
            value.setDouble(number.doubleValue());
        } else if (number instanceof Float) {
            value.setReal(number.floatValue());
        } else if (number instanceof BigDecimal decimal) {
            value.setDecimal(plain(decimal));
        } else if (number instanceof BigInteger big) {
            value.setDecimal(big.toString());
        } else {
            throw noClass(number);
        }
    }

    /** The largest DECIMAL has 38 digits; beyond that unfolding an exponent only costs memory. */
    private static String plain(BigDecimal decimal) throws SQLException {
        if (Math.abs((long) decimal.scale()) > 1_000) {
            throw Errors.of(ErrorCode.NUMERIC_OVERFLOW, decimal, "DECIMAL");
        }
        return decimal.toPlainString();
    }

    /** The old classes of JDBC, one of which hides behind the other. */
    @SuppressWarnings("JavaUtilDate")
    private static void date(Value.Builder value, java.util.Date date, JdbcType target, @Nullable Calendar calendar) {
        if (date instanceof java.sql.Date day) {
            value.setDate(Math.toIntExact(Calendars.date(day, calendar).toEpochDay()));
        } else if (date instanceof java.sql.Time time) {
            value.setTime(Calendars.time(time, calendar).toNanoOfDay() / 1000);
        } else {
            java.sql.Timestamp timestamp =
                    date instanceof java.sql.Timestamp t ? t : new java.sql.Timestamp(date.getTime());
            if (target == JdbcType.TIMESTAMP_TZ) {
                value.setTimestampTz(micros(timestamp.toInstant()));
            } else {
                value.setTimestamp(
                        micros(Calendars.timestamp(timestamp, calendar).toInstant(ZoneOffset.UTC)));
            }
        }
    }

    private static void temporal(Value.Builder value, Object object) throws SQLException {
        if (object instanceof LocalDate date) {
            value.setDate(Math.toIntExact(date.toEpochDay()));
        } else if (object instanceof LocalTime time) {
            value.setTime(time.toNanoOfDay() / 1000);
        } else if (object instanceof LocalDateTime dateTime) {
            value.setTimestamp(micros(dateTime.toInstant(ZoneOffset.UTC)));
        } else if (object instanceof OffsetDateTime dateTime) {
            value.setTimestampTz(micros(dateTime.toInstant()));
        } else if (object instanceof ZonedDateTime dateTime) {
            value.setTimestampTz(micros(dateTime.toInstant()));
        } else if (object instanceof Instant instant) {
            value.setTimestampTz(micros(instant));
        } else if (object instanceof Calendar calendar) {
            value.setTimestampTz(micros(calendar.toInstant()));
        } else if (object instanceof Duration duration) {
            value.setMicros(Math.multiplyExact(duration.toSeconds(), 1_000_000L) + duration.toNanosPart() / 1000);
        } else if (object instanceof Period period && period.get(ChronoUnit.DAYS) == 0) {
            value.setMonths(Math.toIntExact(period.toTotalMonths()));
        } else {
            throw noClass(object);
        }
    }

    /** Nanoseconds are cut to microseconds, towards the past. */
    private static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.get(ChronoField.MICRO_OF_SECOND));
    }

    private static SQLException noClass(Object object) {
        return Errors.unsupported("a parameter of class " + object.getClass().getName());
    }

    private static ByteString bytes(UUID uuid) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }

    /** All of a stream, or its first {@code length} bytes; -1 = all. */
    static ByteString bytes(InputStream stream, long length) throws SQLException {
        try {
            byte[] bytes =
                    length < 0 ? stream.readAllBytes() : stream.readNBytes((int) Math.min(length, Integer.MAX_VALUE));
            return ByteString.copyFrom(bytes);
        } catch (IOException e) {
            throw Errors.of(e, ErrorCode.DATA, "the stream of a parameter failed: " + e.getMessage());
        }
    }

    /** All of a stream, or its first {@code length} characters; -1 = all. */
    static String text(Reader reader, long length) throws SQLException {
        try {
            StringWriter text = new StringWriter();
            char[] buffer = new char[8192];
            long left = length < 0 ? Long.MAX_VALUE : length;
            while (left > 0) {
                int count = reader.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    break;
                }
                text.write(buffer, 0, count);
                left -= count;
            }
            return text.toString();
        } catch (IOException e) {
            throw Errors.of(e, ErrorCode.DATA, "the stream of a parameter failed: " + e.getMessage());
        }
    }
}
