package io.atlasdb.node.replica;

import java.util.concurrent.CompletableFuture;

/** Requests between nodes and their answers, beside the messages of the groups' protocol. Payloads are the caller's. */
public interface Link {
    /** Whom a request is for. */
    enum Service {
        /** Commands and questions to the owner of a group. */
        OWNER,
        /** Pages of a group's state. */
        SNAPSHOT,
        /** Joining, leaving, and what nodes tell of themselves. */
        CLUSTER,
        /** Chunks of large values. */
        BLOB
    }

    /** Answers requests of other nodes; called on a thread of the transport, must not wait. */
    @FunctionalInterface
    interface Handler {
        /** An {@code AtlasException} of the answer reaches the caller with its code and message. */
        CompletableFuture<byte[]> handle(int from, byte[] request);
    }

    /**
     * Sends a request to another node.
     *
     * @param timeoutMs after this many milliseconds without an answer the call fails
     * @return the answer; or an {@code AtlasException}: the one of the handler, or {@code UNREACHABLE} when the node could not
     *     be reached or did not answer, so that it is not known whether the request was carried out
     */
    CompletableFuture<byte[]> call(int node, Service service, byte[] request, long timeoutMs);

    /** Takes the handler of a service; before the first request. */
    void serve(Service service, Handler handler);

    /** Whether a connection to the node stands. Only a hint whom to ask first. */
    boolean isConnected(int node);

    /** The round trip to a node, microseconds, smoothed; 0 for this node, negative while it is not known. */
    long rttMicros(int node);
}
