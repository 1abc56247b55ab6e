package io.atlasdb.node.client;

import io.atlasdb.sql.store.Limits;

/**
 * Bounds of the client port.
 *
 * @param host the address to bind, a name or a number
 * @param port 0 = any free one
 * @param connectionsMax sessions of all kinds together; one more is refused with 53300
 * @param workers threads that run requests
 * @param requestBytesMax a larger request is answered with 54000
 * @param requestsBytesMax what the requests of all connections may hold together; beyond it one is answered with 53000
 * @param partialMs how long a client may pause inside a request, or take to begin its first one, milliseconds
 * @param writeMs how long a client may leave an answer unread, milliseconds
 * @param idleHttpMs how long a session over HTTP may be silent before it is closed and rolled back, milliseconds; any request,
 *     a ping too, keeps it alive. A framed session ends with its connection instead, however long it is silent
 */
public record ClientPortOptions(
        String host,
        int port,
        int connectionsMax,
        int workers,
        int requestBytesMax,
        long requestsBytesMax,
        long partialMs,
        long writeMs,
        long idleHttpMs) {
    /** The values for production. */
    public static ClientPortOptions standard(String host, int port) {
        int workers = Math.max(32, 8 * Runtime.getRuntime().availableProcessors());
        // Parsing a request takes its size again, and running it more.
        long together = Math.max(Limits.REQUEST_BYTES_MAX, Runtime.getRuntime().maxMemory() / 4);
        return new ClientPortOptions(
                host, port, 1_000, workers, Limits.REQUEST_BYTES_MAX, together, 30_000, 60_000, 60 * 60_000L);
    }
}
