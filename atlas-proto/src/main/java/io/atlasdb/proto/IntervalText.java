package io.atlasdb.proto;

/** Intervals as SQL writes them; the server needs it for clients that know no intervals, the driver for {@code getString}. */
public final class IntervalText {
    private static final long SECOND_MICROS = 1_000_000L;

    private IntervalText() {}

    /** {@code -1-02}: years and months. */
    public static String ofMonths(int months) {
        long absolute = Math.abs((long) months);
        return (months < 0 ? "-" : "") + absolute / 12 + String.format("-%02d", absolute % 12);
    }

    /** {@code 3 04:05:06.000007}: days, hours, minutes, seconds; no fraction when it is zero. */
    public static String ofMicros(long micros) {
        // Division before the sign is dropped: Long.MIN_VALUE has no positive counterpart.
        long seconds = Math.abs(micros / SECOND_MICROS);
        long fraction = Math.abs(micros % SECOND_MICROS);
        return (micros < 0 ? "-" : "")
                + String.format(
                        "%d %02d:%02d:%02d", seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
                + (fraction == 0 ? "" : String.format(".%06d", fraction));
    }
}
