package io.atlasdb.node.socket;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/**
 * Durations as Go writes them, {@code 1h30m}, {@code 1.5s}, {@code -2ms}: a sign, then numbers with units. The messages are
 * those of {@code time.ParseDuration}, since clients of the predecessor know them.
 */
final class GoDuration {
    private static final BigDecimal NANOS_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private GoDuration() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException with Go's message
     */
    static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty()) {
            throw invalid(text);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            int unitAt = end(rest, at, true);
            String number = rest.substring(at, unitAt);
            if (number.isEmpty() || number.equals(".") || number.indexOf('.') != number.lastIndexOf('.')) {
                throw invalid(text);
            }
            int next = end(rest, unitAt, false);
            nanos = nanos.add(new BigDecimal(number).multiply(unit(rest.substring(unitAt, next), text)));
            if (nanos.compareTo(NANOS_MAX) > 0) {
                throw invalid(text);
            }
            at = next;
        }
        long total = nanos.longValue();
        return Duration.ofNanos(negative ? -total : total);
    }

    /** Where the number, or the unit, that begins at {@code from} ends. */
    private static int end(String text, int from, boolean number) {
        int at = from;
        while (at < text.length() && (Character.digit(text.charAt(at), 10) >= 0 || text.charAt(at) == '.') == number) {
            at++;
        }
        return at;
    }

    private static BigDecimal unit(String unit, String text) {
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("time: missing unit in duration \"" + text + "\"");
        }
        Long nanos = NANOS.get(unit);
        if (nanos == null) {
            throw new IllegalArgumentException("time: unknown unit \"" + unit + "\" in duration \"" + text + "\"");
        }
        return BigDecimal.valueOf(nanos);
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration \"" + text + "\"");
    }
}
