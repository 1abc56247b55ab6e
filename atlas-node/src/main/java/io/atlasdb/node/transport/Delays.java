package io.atlasdb.node.transport;

/** Distances between nodes that are emulated below the messages, for demonstrations and measurements. */
@FunctionalInterface
public interface Delays {
    /** Messages go as fast as they can. */
    Delays NONE = (from, to) -> 0;

    /**
     * How long something that {@code from} sends now is held back before it goes to {@code to}, nanoseconds, jitter included; 0
     * for not at all. Asked once for each message, ping and call, in either direction. Order within a stream is kept.
     */
    long oneWayNanos(int from, int to);
}
