package io.atlasdb.sql.store;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Ordered keys in groups, with snapshots and strictly serializable commits.
 *
 * <p>A group is the unit of ordering and ownership; it comes into being with the first write to it and is named by a number
 * that is never used twice. Every commit becomes durable before its future completes. All methods are safe for any number
 * of threads.
 */
public interface Store {
    /** The group that holds the names of tables and groups, and the users. */
    long SYSTEM_GROUP = 0;

    /** The timestamp at which a millisecond since 1970 begins: timestamps are such milliseconds, and a counter of 16 bits. */
    static long timestampAt(long epochMs) {
        return epochMs << 16;
    }

    /** A snapshot that sees every commit acknowledged before this call (strong read). May wait for commits in flight. */
    Snapshot snapshot();

    /** A snapshot that is as fresh as asked; a store may always give a fresher one. */
    default Snapshot snapshot(ReadMode mode) {
        return snapshot();
    }

    /**
     * A snapshot for a transaction that is going to write and whose reads are all validated by its commit. It may lie just before
     * commits that are in flight, so that reads need not wait for them; validation finds whom that concerns.
     */
    default Snapshot draft() {
        return snapshot();
    }

    /** The newest value of a key that is known here, or null: asks no other node where that can be avoided, and waits for nobody. */
    default byte @Nullable [] known(long group, byte[] key) {
        try (Snapshot snapshot = snapshot()) {
            return snapshot.get(group, key);
        }
    }

    /**
     * A {@link #snapshot} or {@link #draft} for a thread that must not wait: where a read would have to, it throws {@link WouldWait}.
     * For stores whose reads never wait it is any snapshot.
     *
     * @param draft which of the two
     */
    default Snapshot impatient(boolean draft) {
        return draft ? draft() : snapshot();
    }

    /**
     * A snapshot at a past timestamp.
     *
     * @throws io.atlasdb.proto.AtlasException {@code SNAPSHOT_TOO_OLD} below the kept history, {@code INVALID_PARAMETER} for
     *     the future
     */
    Snapshot snapshotAt(long timestamp);

    /** What keeps values that are too large for rows. */
    default LargeValues largeValues() {
        return LargeValues.NONE;
    }

    /**
     * Validates and writes, all or nothing, over any number of groups.
     *
     * @return completes with the commit timestamp once the transaction is durable and visible to new snapshots; completes
     *     exceptionally with an {@code AtlasException}: {@code SERIALIZATION} when a version newer than the snapshot lies in a
     *     read range or on a written key, {@code SCHEMA_CHANGED}, {@code SNAPSHOT_TOO_OLD}, {@code LIMIT}, {@code DISK_FULL},
     *     {@code OUTCOME_UNKNOWN}, {@code SHUTTING_DOWN}
     */
    CompletableFuture<Long> commit(Commit commit);
}
