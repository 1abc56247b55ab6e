package io.atlasdb.node.socket;

/**
 * The bounds of the socket.
 *
 * @param connectionsMax further ones are told so and closed
 * @param inFlightMax tagged commands of one connection that run at a time; further ones are not read yet
 * @param readsInFlightMax of them those that answer with data
 * @param handshakeTimeoutMs how long a connection may take to say HELLO
 * @param commandTimeoutMs how long a command may run before it is answered with a time-out
 * @param writeTimeoutMs how long a client may take nothing of what is written to it before it is cut off
 */
public record SocketOptions(
        int connectionsMax,
        int inFlightMax,
        int readsInFlightMax,
        long handshakeTimeoutMs,
        long commandTimeoutMs,
        long writeTimeoutMs) {
    public static final SocketOptions DEFAULT = new SocketOptions(1_000, 4_096, 8, 60_000, 60_000, 5 * 60_000);
}
