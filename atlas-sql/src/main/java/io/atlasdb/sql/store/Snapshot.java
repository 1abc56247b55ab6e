package io.atlasdb.sql.store;

import org.jspecify.annotations.Nullable;

/**
 * All groups as they were at one timestamp: every transaction with a timestamp at or below it is seen whole, no other in
 * part. Reads are safe for several threads. Reads below the kept history fail with {@code SNAPSHOT_TOO_OLD}.
 */
public interface Snapshot extends AutoCloseable {
    /**
     * Hybrid logical timestamp: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16. It may move once, with the
     * first read: up, or for a draft down.
     */
    long timestamp();

    /** The value of a key, or null when there is none. */
    byte @Nullable [] get(long group, byte[] key);

    /** The pairs of a range, ascending, or descending when {@code reverse}. */
    RowIterator scan(KeyRange range, boolean reverse);

    /**
     * Whether a transaction that only read must be committed as well, so that the store checks what it read: some of it may be
     * older than the transaction.
     */
    default boolean needsValidation() {
        return false;
    }

    /**
     * A view for reading schemas that asks no other node: {@code SYSTEM_GROUP} as it stood at one moment, perhaps before the
     * snapshot, and other groups as far as they are known here. This itself when it knows everything without asking. Who uses
     * what it says must compare the versions with those of the snapshot.
     */
    default Snapshot schemas() {
        return this;
    }

    /** Brings what {@link #schemas} of later snapshots shows up to date; waits for it. */
    default void catchUp() {}

    /** What keeps the values that its rows refer to. */
    default LargeValues largeValues() {
        return LargeValues.NONE;
    }

    /** Lets go of what the snapshot pins. */
    @Override
    void close();
}
