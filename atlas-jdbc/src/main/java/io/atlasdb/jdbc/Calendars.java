package io.atlasdb.jdbc;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/**
 * Between java.time and the classes of {@code java.sql} that are instants in disguise. They are read in the zone of a calendar,
 * or of the JVM when there is none.
 */
final class Calendars {
    private Calendars() {}

    private static ZoneId zone(@Nullable Calendar calendar) {
        return calendar == null
                ? ZoneId.systemDefault()
                : calendar.getTimeZone().toZoneId();
    }

    static Date date(LocalDate date, @Nullable Calendar calendar) {
        return calendar == null
                ? Date.valueOf(date)
                : new Date(date.atStartOfDay(zone(calendar)).toInstant().toEpochMilli());
    }

    static Time time(LocalTime time, @Nullable Calendar calendar) {
        return new Time(
                time.atDate(LocalDate.EPOCH).atZone(zone(calendar)).toInstant().toEpochMilli());
    }

    static Timestamp timestamp(LocalDateTime dateTime, @Nullable Calendar calendar) {
        return calendar == null
                ? Timestamp.valueOf(dateTime)
                : Timestamp.from(dateTime.atZone(zone(calendar)).toInstant());
    }

    static LocalDate date(Date date, @Nullable Calendar calendar) {
        return calendar == null
                ? date.toLocalDate()
                : Instant.ofEpochMilli(date.getTime()).atZone(zone(calendar)).toLocalDate();
    }

    static LocalTime time(Time time, @Nullable Calendar calendar) {
        return Instant.ofEpochMilli(time.getTime()).atZone(zone(calendar)).toLocalTime();
    }

    static LocalDateTime timestamp(Timestamp timestamp, @Nullable Calendar calendar) {
        return calendar == null
                ? timestamp.toLocalDateTime()
                : timestamp.toInstant().atZone(zone(calendar)).toLocalDateTime();
    }
}
