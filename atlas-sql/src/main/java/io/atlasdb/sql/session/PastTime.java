package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Store;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time of {@code AS OF SYSTEM TIME}: {@code -5s}, or a date with a time of day, in UTC unless it names an offset. */
final class PastTime {
    private static final Pattern AGO = Pattern.compile("-\\s*(\\d{1,12})\\s*(ms|s|m|min|h|d)");

    private PastTime() {}

    /**
     * The timestamp that a text means.
     *
     * @param nowMs milliseconds since 1970
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER}
     */
    static long timestamp(String text, long nowMs) {
        String time = text.strip();
        Matcher ago = AGO.matcher(time.toLowerCase(Locale.ROOT));
        long ms = ago.matches()
                ? nowMs - ms(Long.parseLong(ago.group(1)), ago.group(2))
                : instant(time).toEpochMilli();
        if (ms < 0 || ms > nowMs) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "AS OF SYSTEM TIME", text, ms < 0 ? "that is before 1970" : "it lies in the future");
        }
        return Store.timestampAt(ms);
    }

    private static long ms(long number, String unit) {
        return switch (unit) {
            case "ms" -> number;
            case "s" -> TimeUnit.SECONDS.toMillis(number);
            case "h" -> TimeUnit.HOURS.toMillis(number);
            case "d" -> TimeUnit.DAYS.toMillis(number);
            default -> TimeUnit.MINUTES.toMillis(number);
        };
    }

    private static Instant instant(String time) {
        String iso = time.replaceFirst("(?<=\\d)\\s+(?=\\d)", "T").replaceFirst("\\s+(?=[Zz+-])", "");
        try {
            if (iso.indexOf('T') < 0) {
                return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            boolean zoned = iso.matches(".*(?:[Zz]|[+-]\\d{2}(?::?\\d{2})?)$") && iso.length() > 19;
            return zoned
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    e,
                    "AS OF SYSTEM TIME",
                    time,
                    "a time is '-5s', or '2026-01-31 10:00:00' in UTC, or with an offset as +01:00");
        }
    }
}
