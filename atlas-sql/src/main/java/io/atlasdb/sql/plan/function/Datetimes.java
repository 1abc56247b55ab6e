package io.atlasdb.sql.plan.function;

import io.atlasdb.proto.ErrorCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;

/** Arithmetic on dates (days), times, timestamps and intervals (microseconds), months. Years run from -9999 to 9999. */
public final class Datetimes {
    public static final long SECOND = 1_000_000L;
    public static final long MINUTE = 60 * SECOND;
    public static final long HOUR = 60 * MINUTE;
    public static final long DAY = 24 * HOUR;

    private static final LocalDate FIRST = LocalDate.of(-9999, 1, 1);
    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

    private Datetimes() {}

    public static long dateToTimestamp(int days) {
        return days * DAY;
    }

    public static int timestampToDate(long micros) {
        return (int) Math.floorDiv(micros, DAY);
    }

    public static long timestampToTime(long micros) {
        return Math.floorMod(micros, DAY);
    }

    /** Rounds half up to so many fraction digits of a second. */
    public static long round(long micros, int digits) {
        long unit = unit(digits);
        return Math.floorDiv(micros + unit / 2, unit) * unit;
    }

    /** As {@link #round}; a time that would reach midnight stays before it. */
    public static long roundTime(long micros, int digits) {
        long rounded = round(micros, digits);
        return rounded >= DAY ? DAY - unit(digits) : rounded;
    }

    private static long unit(int digits) {
        long unit = 1;
        for (int i = digits; i < 6; i++) {
            unit *= 10;
        }
        return unit;
    }

    public static int addMonthsToDate(int days, int months) {
        return (int) inRange(date(days).plusMonths(months)).toEpochDay();
    }

    public static long addMonths(long micros, int months) {
        return addMonthsToDate(timestampToDate(micros), months) * DAY + timestampToTime(micros);
    }

    /** Whole days of the interval count, as the standard has it for DATE. */
    public static int addToDate(int days, long interval) {
        return timestampToDate(add(days * DAY, interval));
    }

    public static long add(long micros, long interval) {
        long sum = Numbers.plus(micros, interval);
        inRange(date(Math.floorDiv(sum, DAY)));
        return sum;
    }

    /** A time wraps at midnight. */
    public static long addToTime(long micros, long interval) {
        return Math.floorMod(micros + Math.floorMod(interval, DAY), DAY);
    }

    /** Whole months from the second to the first, as {@code (first - second) MONTH}. */
    public static int monthsBetween(long first, long second) {
        LocalDate from = date(Math.floorDiv(second, DAY));
        LocalDate to = date(Math.floorDiv(first, DAY));
        long months = (to.getYear() - from.getYear()) * 12L + to.getMonthValue() - from.getMonthValue();
        long fromRest = from.getDayOfMonth() * DAY + Math.floorMod(second, DAY);
        long toRest = to.getDayOfMonth() * DAY + Math.floorMod(first, DAY);
        if (months > 0 && toRest < fromRest) {
            months--;
        } else if (months < 0 && toRest > fromRest) {
            months++;
        }
        return Numbers.toInteger(months);
    }

    /** Whole units from the first timestamp to the second; {@code unit} as TIMESTAMPDIFF names it. */
    public static long unitsBetween(String unit, long from, long to) {
        return switch (unit) {
            case "YEAR" -> monthsBetween(to, from) / 12;
            case "QUARTER" -> monthsBetween(to, from) / 3;
            case "MONTH" -> monthsBetween(to, from);
            case "WEEK" -> Numbers.minus(to, from) / (7 * DAY);
            case "DAY" -> Numbers.minus(to, from) / DAY;
            case "HOUR" -> Numbers.minus(to, from) / HOUR;
            case "MINUTE" -> Numbers.minus(to, from) / MINUTE;
            case "SECOND" -> Numbers.minus(to, from) / SECOND;
            case "MILLISECOND" -> Numbers.minus(to, from) / 1000;
            case "MICROSECOND" -> Numbers.minus(to, from);
            case "NANOSECOND" -> Numbers.times(Numbers.minus(to, from), 1000);
            default -> throw ErrorCode.UNSUPPORTED.error("TIMESTAMPDIFF(" + unit + ")");
        };
    }

    private static LocalDate date(long days) {
        try {
            return LocalDate.ofEpochDay(days);
        } catch (DateTimeException tooFar) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(days + " days", "DATE");
        }
    }

    static LocalDate inRange(LocalDate date) {
        if (date.isBefore(FIRST) || date.isAfter(LAST)) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(date, "DATE");
        }
        return date;
    }

    /** A field of a timestamp; {@code unit} is the name of EXTRACT's field. Dates come as their first microsecond. */
    public static long extract(String unit, long micros) {
        long inDay = Math.floorMod(micros, DAY);
        LocalDate date = date(Math.floorDiv(micros, DAY));
        return switch (unit) {
            case "EPOCH" -> Math.floorDiv(micros, SECOND);
            case "YEAR" -> date.getYear();
            case "QUARTER" -> (date.getMonthValue() + 2) / 3;
            case "MONTH" -> date.getMonthValue();
            case "DAY" -> date.getDayOfMonth();
            case "DOW" -> date.getDayOfWeek().getValue() % 7 + 1;
            case "ISODOW" -> date.getDayOfWeek().getValue();
            case "DOY" -> date.getDayOfYear();
            case "WEEK" -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case "ISOYEAR" -> date.get(IsoFields.WEEK_BASED_YEAR);
            case "DECADE" -> Math.floorDiv(date.getYear(), 10);
            case "CENTURY" -> part(date, 100);
            case "MILLENNIUM" -> part(date, 1000);
            default -> extractTime(unit, inDay);
        };
    }

    private static long part(LocalDate date, int years) {
        int year = date.get(ChronoField.YEAR);
        return year > 0 ? (year + years - 1) / years : -((years - year) / years);
    }

    /** A field of a time. MILLISECOND, MICROSECOND and NANOSECOND hold the seconds as well. */
    public static long extractTime(String unit, long micros) {
        return switch (unit) {
            case "HOUR" -> micros / HOUR;
            case "MINUTE" -> micros / MINUTE % 60;
            case "SECOND" -> micros / SECOND % 60;
            case "MILLISECOND" -> micros % MINUTE / 1000;
            case "MICROSECOND" -> micros % MINUTE;
            case "NANOSECOND" -> micros % MINUTE * 1000;
            case "EPOCH" -> micros / SECOND;
            default -> throw ErrorCode.UNSUPPORTED.error("EXTRACT(" + unit + ")");
        };
    }

    /** A field of an interval of days and times. */
    public static long extractInterval(String unit, long micros) {
        return switch (unit) {
            case "DAY" -> micros / DAY;
            case "HOUR" -> micros % DAY / HOUR;
            default -> extractTime(unit, micros);
        };
    }

    /** A field of an interval of months. */
    public static long extractMonths(String unit, int months) {
        return switch (unit) {
            case "YEAR" -> months / 12;
            case "MONTH" -> months % 12;
            case "QUARTER" -> months % 12 / 3 + 1;
            default -> throw ErrorCode.UNSUPPORTED.error("EXTRACT(" + unit + ") of a year-month interval");
        };
    }

    /** The last whole unit at or before a timestamp. */
    public static long floor(String unit, long micros) {
        LocalDate date = date(Math.floorDiv(micros, DAY));
        return switch (unit) {
            case "MICROSECOND", "NANOSECOND" -> micros;
            case "MILLISECOND" -> Math.floorDiv(micros, 1000L) * 1000L;
            case "SECOND" -> Math.floorDiv(micros, SECOND) * SECOND;
            case "MINUTE" -> Math.floorDiv(micros, MINUTE) * MINUTE;
            case "HOUR" -> Math.floorDiv(micros, HOUR) * HOUR;
            case "DAY" -> Math.floorDiv(micros, DAY) * DAY;
            // The week begins on Sunday, as Calcite has it; ISOWEEK on Monday.
            case "WEEK" -> start(date.minusDays(date.getDayOfWeek().getValue() % 7));
            case "ISOWEEK" -> start(date.minusDays(date.getDayOfWeek().getValue() - 1L));
            case "MONTH" -> start(date.withDayOfMonth(1));
            case "QUARTER" -> start(LocalDate.of(date.getYear(), (date.getMonthValue() - 1) / 3 * 3 + 1, 1));
            case "YEAR" -> start(LocalDate.of(date.getYear(), 1, 1));
            case "DECADE" -> start(LocalDate.of(Math.floorDiv(date.getYear(), 10) * 10, 1, 1));
            case "CENTURY" -> start(LocalDate.of(Math.floorDiv(date.getYear() - 1, 100) * 100 + 1, 1, 1));
            case "MILLENNIUM" -> start(LocalDate.of(Math.floorDiv(date.getYear() - 1, 1000) * 1000 + 1, 1, 1));
            default -> throw ErrorCode.UNSUPPORTED.error("FLOOR TO " + unit);
        };
    }

    /** The first whole unit at or after a timestamp. */
    public static long ceil(String unit, long micros) {
        long floor = floor(unit, micros);
        if (floor == micros) {
            return micros;
        }
        return switch (unit) {
            case "MILLISECOND" -> floor + 1000L;
            case "SECOND" -> floor + SECOND;
            case "MINUTE" -> floor + MINUTE;
            case "HOUR" -> floor + HOUR;
            case "DAY" -> floor + DAY;
            case "WEEK", "ISOWEEK" -> floor + 7 * DAY;
            case "MONTH" -> addMonths(floor, 1);
            case "QUARTER" -> addMonths(floor, 3);
            case "YEAR" -> addMonths(floor, 12);
            case "DECADE" -> addMonths(floor, 120);
            case "CENTURY" -> addMonths(floor, 1200);
            default -> addMonths(floor, 12_000);
        };
    }

    private static long start(LocalDate date) {
        return date.toEpochDay() * DAY;
    }

    /** The last day of the month. */
    public static int lastDay(int days) {
        LocalDate date = date(days);
        return (int) date.withDayOfMonth(date.lengthOfMonth()).toEpochDay();
    }
}
