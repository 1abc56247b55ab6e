package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Message;

/** How members of a group reach each other. Messages may be lost, doubled and reordered; none is changed. */
@FunctionalInterface
public interface Network {
    /** Sends a message to another node; never waits. */
    void send(int node, long group, Message message);
}
