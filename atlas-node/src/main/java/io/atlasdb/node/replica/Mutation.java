package io.atlasdb.node.replica;

import org.jspecify.annotations.Nullable;

/**
 * One change to the state of a group.
 *
 * @param space ROWS keeps older versions for snapshots, META keeps the newest only (locks, transaction records)
 * @param version the timestamp that labels the new version in ROWS; not below that of any version of the same key
 * @param value the new value; null removes the key
 */
@SuppressWarnings("ArrayRecordComponent")
public record Mutation(Space space, byte[] key, long version, byte @Nullable [] value) {
    /** Which map of a group. */
    public enum Space {
        ROWS,
        META
    }
}
