package io.atlasdb.node.transport;

import io.atlasdb.node.consensus.Message;

/** What the transport tells its node. Called on event loops: must not wait. */
public interface Receiver {
    /** A message of another node, proven to be a member of the cluster. */
    void onMessage(int from, long group, Message message);

    /** From now on messages to this node go out; what was sent to it before may be lost. */
    void onConnected(int node);
}
