package io.atlasdb.sql.plan.function;

import io.atlasdb.proto.ErrorCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates, times, timestamps and intervals as texts. Fractions beyond six digits are rounded half up; a fraction of zero is not
 * written, and no zeros at its end.
 */
public final class DatetimeTexts {
    private static final String DATE = "([+-]?\\d{1,6})-(\\d{1,2})-(\\d{1,2})";
    private static final String TIME = "(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{0,12}))?)?";
    private static final Pattern DATE_ONLY = Pattern.compile(DATE);
    private static final Pattern TIME_ONLY = Pattern.compile(TIME);
    private static final Pattern TIMESTAMP = Pattern.compile(DATE + "(?:[ T]+" + TIME + ")?");
    private static final Pattern ZONE =
            Pattern.compile("(.*?)\\s*(Z|z|UTC|GMT|[+-]\\d{1,2}(?::?\\d{2})?(?::\\d{2})?)?");
    private static final Pattern DAY_TIME = Pattern.compile(
            "([+-])?\\s*(?:(\\d+)(?:\\s+(\\d+):(\\d+)(?::(\\d+)(?:\\.(\\d{1,12}))?)?)?|(\\d+):(\\d+)(?::(\\d+)(?:\\.(\\d{1,12}))?)?)");

    private DatetimeTexts() {}

    public static int parseDate(String text) {
        Matcher date = DATE_ONLY.matcher(text.strip());
        if (date.matches()) {
            return day(text, date, "DATE");
        }
        // The date of a timestamp is taken, as in an assignment of a TIMESTAMP to a DATE.
        Matcher timestamp = TIMESTAMP.matcher(text.strip());
        if (timestamp.matches()) {
            timeOf(text, timestamp, 4, "DATE");
            return day(text, timestamp, "DATE");
        }
        throw ErrorCode.INVALID_DATETIME.error(text, "DATE");
    }

    public static long parseTime(String text, int digits) {
        Matcher time = TIME_ONLY.matcher(text.strip());
        if (!time.matches()) {
            throw ErrorCode.INVALID_DATETIME.error(text, "TIME");
        }
        return Datetimes.roundTime(timeOf(text, time, 1, "TIME"), digits);
    }

    public static long parseTimestamp(String text, int digits) {
        return Datetimes.round(timestamp(text, text.strip(), "TIMESTAMP"), digits);
    }

    /** Without an offset the text is in UTC. */
    public static long parseTimestampTz(String text, int digits) {
        Matcher zoned = ZONE.matcher(text.strip());
        if (!zoned.matches()) {
            throw ErrorCode.INVALID_DATETIME.error(text, "TIMESTAMP WITH TIME ZONE");
        }
        String zone = zoned.group(2);
        String local = zoned.group(1);
        // "2020-01-02" ends like an offset: it is one only after a time.
        if (zone != null && local.indexOf(':') < 0 && !Character.isLetter(zone.charAt(0))) {
            zone = null;
            local = text.strip();
        }
        long micros = timestamp(text, local, "TIMESTAMP WITH TIME ZONE") - offset(text, zone);
        return Datetimes.round(micros, digits);
    }

    private static long offset(String text, @Nullable String zone) {
        if (zone == null || Character.isLetter(zone.charAt(0))) {
            return 0;
        }
        String digits = zone.substring(1).replace(":", "");
        if (digits.length() % 2 == 1) {
            digits = "0" + digits;
        }
        long hours = Long.parseLong(digits.substring(0, 2));
        long minutes = digits.length() >= 4 ? Long.parseLong(digits.substring(2, 4)) : 0;
        long seconds = digits.length() >= 6 ? Long.parseLong(digits.substring(4, 6)) : 0;
        if (hours > 18 || minutes > 59 || seconds > 59) {
            throw ErrorCode.INVALID_DATETIME.error(text, "TIMESTAMP WITH TIME ZONE");
        }
        long micros = hours * Datetimes.HOUR + minutes * Datetimes.MINUTE + seconds * Datetimes.SECOND;
        return zone.charAt(0) == '-' ? -micros : micros;
    }

    private static long timestamp(String text, String local, String type) {
        Matcher timestamp = TIMESTAMP.matcher(local);
        if (!timestamp.matches()) {
            throw ErrorCode.INVALID_DATETIME.error(text, type);
        }
        return day(text, timestamp, type) * Datetimes.DAY + timeOf(text, timestamp, 4, type);
    }

    private static int day(String text, Matcher date, String type) {
        try {
            LocalDate parsed = LocalDate.of(
                    Integer.parseInt(date.group(1)), Integer.parseInt(date.group(2)), Integer.parseInt(date.group(3)));
            return (int) Datetimes.inRange(parsed).toEpochDay();
        } catch (DateTimeException noSuchDay) {
            throw ErrorCode.INVALID_DATETIME.error(text, type);
        }
    }

    private static long timeOf(String text, Matcher time, int group, String type) {
        if (time.group(group) == null) {
            return 0;
        }
        long hours = Long.parseLong(time.group(group));
        long minutes = Long.parseLong(time.group(group + 1));
        long seconds = time.group(group + 2) == null ? 0 : Long.parseLong(time.group(group + 2));
        if (hours > 23 || minutes > 59 || seconds > 59) {
            throw ErrorCode.INVALID_DATETIME.error(text, type);
        }
        return hours * Datetimes.HOUR
                + minutes * Datetimes.MINUTE
                + seconds * Datetimes.SECOND
                + fraction(time.group(group + 3));
    }

    /** Microseconds of a fraction's digits, rounded half up. */
    private static long fraction(@Nullable String digits) {
        if (digits == null || digits.isEmpty()) {
            return 0;
        }
        String seven = (digits + "0000000").substring(0, 7);
        return (Long.parseLong(seven) + 5) / 10;
    }

    public static String formatDate(int days) {
        LocalDate date = LocalDate.ofEpochDay(days);
        return pad(date.getYear(), 4) + "-" + pad(date.getMonthValue(), 2) + "-" + pad(date.getDayOfMonth(), 2);
    }

    public static String formatTime(long micros) {
        StringBuilder text = new StringBuilder(15);
        text.append(pad(micros / Datetimes.HOUR, 2)).append(':');
        text.append(pad(micros / Datetimes.MINUTE % 60, 2)).append(':');
        text.append(pad(micros / Datetimes.SECOND % 60, 2));
        long fraction = micros % Datetimes.SECOND;
        if (fraction != 0) {
            String digits = pad(fraction, 6);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text.append('.').append(digits, 0, end);
        }
        return text.toString();
    }

    public static String formatTimestamp(long micros) {
        return formatDate(Datetimes.timestampToDate(micros)) + " " + formatTime(Datetimes.timestampToTime(micros));
    }

    public static String formatTimestampTz(long micros) {
        return formatTimestamp(micros) + "+00:00";
    }

    private static String pad(long value, int digits) {
        String text = Long.toString(Math.abs(value));
        String sign = value < 0 ? "-" : "";
        return sign + "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /** {@code 3 04:05:06.7}, {@code 04:05:06} or a number of days. */
    public static long parseDayTime(String text) {
        Matcher interval = DAY_TIME.matcher(text.strip());
        if (!interval.matches()) {
            throw ErrorCode.INVALID_DATETIME.error(text, "INTERVAL DAY TO SECOND");
        }
        try {
            int time = interval.group(2) == null ? 7 : 3;
            long micros = Numbers.times(number(interval.group(2)), Datetimes.DAY);
            micros = Numbers.plus(micros, Numbers.times(number(interval.group(time)), Datetimes.HOUR));
            micros = Numbers.plus(micros, Numbers.times(number(interval.group(time + 1)), Datetimes.MINUTE));
            micros = Numbers.plus(micros, Numbers.times(number(interval.group(time + 2)), Datetimes.SECOND));
            micros = Numbers.plus(micros, fraction(interval.group(time + 3)));
            return "-".equals(interval.group(1)) ? -micros : micros;
        } catch (NumberFormatException tooLong) {
            throw ErrorCode.INVALID_DATETIME.error(text, "INTERVAL DAY TO SECOND");
        }
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    public static String formatDayTime(long micros) {
        long absolute = Math.abs(micros);
        return (micros < 0 ? "-" : "+") + absolute / Datetimes.DAY + " " + formatTime(absolute % Datetimes.DAY);
    }

    /** {@code 1-02} or a number of months. */
    public static int parseYearMonth(String text) {
        Matcher months = Pattern.compile("([+-])?(?:(\\d{1,8})-)?(\\d{1,9})").matcher(text.strip());
        if (!months.matches()) {
            throw ErrorCode.INVALID_DATETIME.error(text, "INTERVAL YEAR TO MONTH");
        }
        long value = number(months.group(2)) * 12 + number(months.group(3));
        return Numbers.toInteger("-".equals(months.group(1)) ? -value : value);
    }

    public static String formatYearMonth(int months) {
        return (months < 0 ? "-" : "+") + Math.abs(months / 12) + "-" + pad(Math.abs(months % 12), 2);
    }
}
