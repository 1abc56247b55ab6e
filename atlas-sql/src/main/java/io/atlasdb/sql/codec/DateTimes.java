package io.atlasdb.sql.codec;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates, times and intervals between text and numbers. Texts are those of SQL literals: {@code 2024-02-29}, {@code
 * 12:34[:56[.789]]}, {@code 2024-02-29 12:34:56.789 [zone]} with a blank or a T in between, {@code [-]years-months}, {@code
 * [-]days hours:minutes:seconds.fraction}. Bad text ends in a {@code DateTimeException}. Fractions beyond microseconds are cut.
 */
final class DateTimes {
    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    /** 0001-01-01 and 9999-12-31, the years of the standard. */
    static final long DAY_MIN = -719_162;

    static final long DAY_MAX = 2_932_896;

    private static final int DATE_CHARACTERS = 10;
    private static final Pattern ZONE = Pattern.compile("[Z+\\- ]");
    private static final Pattern YEAR_MONTH = Pattern.compile("([+-]?)(\\d{1,9})(?:-(\\d{1,2}))?");
    private static final Pattern DAY_TIME = Pattern.compile(
            "([+-]?)(?:(\\d{1,9})(?: |$))?(?:(\\d{1,9}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,9}))?)?)?");

    private DateTimes() {}

    static long days(String text) {
        if (text.length() > DATE_CHARACTERS) {
            return Math.floorDiv(micros(text, true), MICROS_PER_DAY);
        }
        return LocalDate.parse(text).toEpochDay();
    }

    /** Microseconds since midnight; a date before and a zone after the time are left out. */
    static long timeMicros(String text) {
        boolean dated = text.length() > DATE_CHARACTERS && text.charAt(4) == '-';
        return dated ? Math.floorMod(micros(text, true), MICROS_PER_DAY) : micros(LocalTime.parse(split(text)[0]));
    }

    /** Microseconds since 1970; a zone is left out when {@code local}, else taken, UTC when there is none. */
    static long micros(String text, boolean local) {
        if (text.length() <= DATE_CHARACTERS) {
            return Math.multiplyExact(LocalDate.parse(text).toEpochDay(), MICROS_PER_DAY);
        }
        char between = text.charAt(DATE_CHARACTERS);
        if (between != ' ' && between != 'T' && between != 't') {
            throw new DateTimeException("no blank behind the date");
        }
        LocalDate date = LocalDate.parse(text.substring(0, DATE_CHARACTERS));
        String[] parts = split(text.substring(DATE_CHARACTERS + 1));
        LocalDateTime time = date.atTime(LocalTime.parse(parts[0]));
        ZoneId zone = parts[1].isEmpty() ? ZoneOffset.UTC : ZoneId.of(parts[1]);
        return local
                ? micros(time)
                : micros(time.atZone(zone).withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
    }

    static long micros(LocalDateTime time) {
        return time.toLocalDate().toEpochDay() * MICROS_PER_DAY + micros(time.toLocalTime());
    }

    static long micros(LocalTime time) {
        return time.toNanoOfDay() / 1_000;
    }

    /** Cuts fraction digits of a second beyond {@code digits}, towards the past. */
    static long cut(long micros, int digits) {
        long unit = MICROS_PER_SECOND;
        for (int i = 0; i < digits; i++) {
            unit /= 10;
        }
        return unit <= 1 ? micros : Math.floorDiv(micros, unit) * unit;
    }

    static int months(String text) {
        Matcher matcher = YEAR_MONTH.matcher(text);
        if (!matcher.matches()) {
            throw new DateTimeException("not years-months");
        }
        long months = 12 * Long.parseLong(matcher.group(2)) + number(matcher.group(3));
        return Math.toIntExact("-".equals(matcher.group(1)) ? -months : months);
    }

    static long intervalMicros(String text) {
        Matcher matcher = DAY_TIME.matcher(text);
        if (text.isEmpty() || !matcher.matches() || (matcher.group(2) == null && matcher.group(3) == null)) {
            throw new DateTimeException("not days hours:minutes:seconds");
        }
        long seconds = (number(matcher.group(2)) * 24 + number(matcher.group(3))) * 3_600
                + number(matcher.group(4)) * 60
                + number(matcher.group(5));
        String fraction = matcher.group(6) == null ? "" : matcher.group(6);
        // the sign goes in first: the smallest interval has no positive counterpart
        int sign = "-".equals(matcher.group(1)) ? -1 : 1;
        return Math.addExact(
                Math.multiplyExact(sign * seconds, MICROS_PER_SECOND),
                sign * Long.parseLong((fraction + "000000").substring(0, 6)));
    }

    static String date(long days) {
        return LocalDate.ofEpochDay(days).toString();
    }

    static String time(long micros) {
        long seconds = micros / MICROS_PER_SECOND;
        return two(seconds / 3_600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60)
                + fraction(micros % MICROS_PER_SECOND);
    }

    static String timestamp(long micros) {
        return date(Math.floorDiv(micros, MICROS_PER_DAY)) + " " + time(Math.floorMod(micros, MICROS_PER_DAY));
    }

    static String yearMonth(int months) {
        long size = Math.abs((long) months);
        return (months < 0 ? "-" : "") + size / 12 + "-" + two(size % 12);
    }

    static String dayTime(long micros) {
        long days = Math.abs(micros / MICROS_PER_DAY);
        return (micros < 0 ? "-" : "") + days + " " + time(Math.abs(micros % MICROS_PER_DAY));
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }

    private static String fraction(long micros) {
        if (micros == 0) {
            return "";
        }
        String digits = Long.toString(MICROS_PER_SECOND + micros).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return "." + digits.substring(0, end);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** A time and what follows it. */
    private static String[] split(String text) {
        Matcher zone = ZONE.matcher(text);
        if (!zone.find()) {
            return new String[] {text, ""};
        }
        return new String[] {
            text.substring(0, zone.start()), text.substring(zone.start()).trim()
        };
    }
}
