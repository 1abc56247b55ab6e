package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Chain;

/** What tests of other packages need of this one. */
public final class Internals {
    private Internals() {}

    /** The hash chain that the replicas use. */
    public static Chain chain() {
        return new ChainHash();
    }

    /** Payload of the entries that a replica has in memory, bytes. */
    public static long heldBytes(Replica replica) {
        return replica.core.retention().heldBytes();
    }
}
