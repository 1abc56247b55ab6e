package io.atlasdb.sql.catalog;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Retention;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For how long new rows of a table are retained: {@code 7 years}.
 *
 * @param months of a period in months or years, which ends on the same day of a later month
 * @param millis of any other period
 */
public record RetainPeriod(int months, long millis) {
    /** New rows are not retained. */
    public static final RetainPeriod NONE = new RetainPeriod(0, 0);

    /** Beyond it nobody means it; and the end of it is a year that SQL can write. */
    private static final int YEARS_MAX = 1_000;

    private static final Pattern PERIOD = Pattern.compile("([0-9]{1,12})\\s*([a-z]+?)s?");

    /**
     * Reads a number and a unit: seconds, minutes, hours, days, weeks, months or years, with or without the s.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_DEFINITION}
     */
    public static RetainPeriod parse(String text) {
        Matcher matcher = PERIOD.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw invalid(text);
        }
        long count = Long.parseLong(matcher.group(1));
        long secondsEach = switch (matcher.group(2)) {
            case "second" -> 1;
            case "minute" -> 60;
            case "hour" -> 3_600;
            case "day" -> 86_400;
            case "week" -> 7 * 86_400;
            case "month" -> 30 * 86_400;
            case "year" -> 366 * 86_400;
            default -> throw invalid(text);
        };
        if (count > YEARS_MAX * 366L * 86_400 / secondsEach) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "rows are retained for " + YEARS_MAX + " years at the most; this is " + text);
        }
        return switch (matcher.group(2)) {
            case "month" -> new RetainPeriod((int) count, 0);
            case "year" -> new RetainPeriod((int) count * 12, 0);
            default -> new RetainPeriod(0, count * secondsEach * 1_000);
        };
    }

    /** What a new row of such a table says that was given a time itself; it is retained no shorter than the table's. */
    public Retention with(Retention given) {
        return months == 0 && millis == 0 ? given : Retention.pending(given.untilMs(), months, millis);
    }

    private static RuntimeException invalid(String text) {
        return ErrorCode.INVALID_DEFINITION.error(
                "retain takes a number and a unit, seconds, minutes, hours, days, weeks,"
                        + " months or years, such as '7 years'; this is '" + text + "'");
    }
}
