package io.atlasdb.jdbc;

import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import java.io.IOException;

/**
 * The way to one host. One thread at a time, except for {@link #close}. After an {@code IOException} it is of no more use: nobody
 * knows what the host has read.
 */
interface Link extends AutoCloseable {
    /**
     * Sends a request and waits for its answer.
     *
     * @param timeoutMs milliseconds to wait; 0 = without a limit
     */
    Response call(Request request, int timeoutMs) throws IOException;

    /** Sends a request whose answer nobody waits for. */
    void send(Request request) throws IOException;

    @Override
    void close();
}
