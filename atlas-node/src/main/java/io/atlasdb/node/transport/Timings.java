package io.atlasdb.node.transport;

/**
 * The times by which the transport lives, milliseconds.
 *
 * @param pingMs between pings to a peer
 * @param silenceMs a peer that answered none of the pings of so long is given up, and dialed again
 * @param connectMs to make a connection and to prove it
 * @param backOffMinMs before the second attempt to reach a peer; doubled with each further one
 * @param backOffMaxMs between attempts, at most
 * @param maxOffsetMs a clock that is further ahead than this is not followed, and its messages are refused
 */
public record Timings(
        long pingMs, long silenceMs, long connectMs, long backOffMinMs, long backOffMaxMs, long maxOffsetMs) {
    public static final Timings DEFAULT = new Timings(500, 5_000, 5_000, 50, 2_000, 500);

    public Timings {
        if (pingMs < 1 || silenceMs <= pingMs || connectMs < 1 || backOffMinMs < 1 || backOffMaxMs < backOffMinMs) {
            throw new IllegalArgumentException("ping " + pingMs + ", silence " + silenceMs + ", connect " + connectMs
                    + ", back-off " + backOffMinMs + " to " + backOffMaxMs);
        }
        if (maxOffsetMs < 1) {
            throw new IllegalArgumentException("maximum offset of clocks " + maxOffsetMs);
        }
    }

    /** The same with another bound on clocks. */
    public Timings withMaxOffsetMs(long offsetMs) {
        return new Timings(pingMs, silenceMs, connectMs, backOffMinMs, backOffMaxMs, offsetMs);
    }
}
