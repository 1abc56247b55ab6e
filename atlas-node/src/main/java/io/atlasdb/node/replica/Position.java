package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Hash;

/**
 * How far a group is applied.
 *
 * @param slot the last applied slot, 0 before the first
 * @param hash the chain hash at that slot
 * @param timestamp of the entry at that slot
 */
public record Position(long slot, Hash hash, long timestamp) {
    public static final Position START = new Position(0, Hash.ZERO, 0);
}
