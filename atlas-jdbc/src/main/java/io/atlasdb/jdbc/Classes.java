package io.atlasdb.jdbc;

import io.atlasdb.proto.JdbcType;
import io.atlasdb.proto.client.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;

/** Values as the class that the caller names. */
final class Classes {
    private static final Map<Class<?>, Conversion> CONVERSIONS = Map.ofEntries(
            Map.entry(String.class, Cells::text),
            Map.entry(Boolean.class, Cells::bool),
            Map.entry(Byte.class, v -> (byte) Cells.integer(v, Byte.MIN_VALUE, Byte.MAX_VALUE, "Byte")),
            Map.entry(Short.class, v -> (short) Cells.integer(v, Short.MIN_VALUE, Short.MAX_VALUE, "Short")),
            Map.entry(Integer.class, v -> (int) Cells.integer(v, Integer.MIN_VALUE, Integer.MAX_VALUE, "Integer")),
            Map.entry(Long.class, v -> Cells.integer(v, Long.MIN_VALUE, Long.MAX_VALUE, "Long")),
            Map.entry(Float.class, v -> (float) Cells.real(v)),
            Map.entry(Double.class, Cells::real),
            Map.entry(BigDecimal.class, v -> Cells.decimal(v, "BigDecimal")),
            Map.entry(BigInteger.class, v -> Cells.decimal(v, "BigInteger").toBigInteger()),
            Map.entry(byte[].class, Cells::bytes),
            Map.entry(LocalDate.class, Cells::date),
            Map.entry(LocalTime.class, Cells::time),
            Map.entry(LocalDateTime.class, Cells::dateTime),
            Map.entry(OffsetDateTime.class, Cells::offsetDateTime),
            Map.entry(ZonedDateTime.class, v -> Cells.offsetDateTime(v).toZonedDateTime()),
            Map.entry(Instant.class, Cells::instant),
            Map.entry(Date.class, v -> Calendars.date(Cells.date(v), null)),
            Map.entry(Time.class, v -> Calendars.time(Cells.time(v), null)),
            Map.entry(Timestamp.class, Classes::timestamp),
            Map.entry(java.util.Date.class, Classes::timestamp),
            Map.entry(UUID.class, Classes::uuid),
            Map.entry(Blob.class, v -> new AtlasBlob(Cells.bytes(v))),
            Map.entry(Clob.class, v -> new AtlasClob(Cells.text(v))),
            Map.entry(NClob.class, v -> new AtlasClob(Cells.text(v))));

    private interface Conversion {
        Object convert(Value value) throws SQLException;
    }

    private Classes() {}

    /** A value that is not NULL; a class that is not known here must be that of {@code getObject}. */
    static <T> T as(Value value, Class<T> type, JdbcType column) throws SQLException {
        Conversion conversion = CONVERSIONS.get(type);
        Object object = conversion == null ? Cells.object(value, column) : conversion.convert(value);
        if (!type.isInstance(object)) {
            throw Cells.cast(value, type.getName());
        }
        return type.cast(object);
    }

    private static Timestamp timestamp(Value value) throws SQLException {
        return value.getValueCase() == Value.ValueCase.TIMESTAMP_TZ
                ? Timestamp.from(Cells.instant(value))
                : Timestamp.valueOf(Cells.dateTime(value));
    }

    private static UUID uuid(Value value) throws SQLException {
        if (value.getValueCase() == Value.ValueCase.UUID) {
            return Cells.uuid(value);
        }
        try {
            return UUID.fromString(Cells.text(value));
        } catch (IllegalArgumentException e) {
            throw Cells.cast(value, "UUID");
        }
    }
}
