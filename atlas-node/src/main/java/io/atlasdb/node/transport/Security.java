package io.atlasdb.node.transport;

import java.nio.file.Path;

/** How connections between nodes are protected, besides the secret of the cluster. */
public sealed interface Security {
    /**
     * Not at all: who sees the network reads and changes what goes over it.
     *
     * @param anywhere whether that is meant off loopback as well
     */
    record PlainText(boolean anywhere) implements Security {}

    /**
     * TLS by certificates of the cluster's own authority. A node that joins is given the authority once both sides have proven
     * the secret; every node signs its own certificate.
     *
     * @param folder where authority and certificate are kept; made when it does not exist
     * @param founds whether this node may make the authority: the first one of a cluster
     */
    record OwnAuthority(Path folder, boolean founds) implements Security {}

    /**
     * TLS by files of the operator, PEM; looked at again every few seconds. Host names are checked.
     *
     * @param certificate the node's, with those between it and the authority; for client and server authentication
     * @param key PKCS #8, not encrypted
     * @param authorities whom to trust
     */
    record Files(Path certificate, Path key, Path authorities) implements Security {}
}
