package io.atlasdb.node.cluster;

import io.atlasdb.node.replica.Link;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** What joining and keeping track of nodes needs of the transport, besides {@link Link}. Safe for any number of threads. */
public interface Peers {
    /** Takes the number and the cluster that this node was given. */
    void identify(int node, String cluster);

    /** Names another node, or its new address; it is connected to from now on. */
    void setPeer(int node, String host, int port);

    /** Forgets a node that was removed: nothing is sent to it or taken from it. */
    void removePeer(int node);

    /** Asks whichever node is at an address; answers as {@link Link#call}. */
    CompletableFuture<byte[]> callAddress(String host, int port, Link.Service service, byte[] request, long timeoutMs);

    /** How far the wall clock of a node is ahead of this one's, milliseconds; empty while it is not known. */
    OptionalLong clockOffsetMs(int node);
}
