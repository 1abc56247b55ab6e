package io.atlasdb.node.kv;

import io.atlasdb.sql.store.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the owner of a group is asked for. */
sealed interface Request {
    /** Whether it only reads, so that nothing is proposed for it. */
    default boolean isRead() {
        return this instanceof Position || this instanceof Unchanged || this instanceof Read;
    }

    /**
     * Commits a transaction of this group alone.
     *
     * @param id names the request when it came from another node, so that it takes effect once however often it is sent; null
     *     for a request of the owner's own node
     * @param timestamp of the snapshot, see {@link io.atlasdb.sql.store.Commit}
     */
    record Write(@Nullable TxnId id, long timestamp, Part part) implements Request {}

    /** Prepares the group's part of a transaction over several. */
    record Prepare(Command.Prepare command, long timestamp, Part part) implements Request {}

    /** Puts a command into the log that needs no validation: TOMBSTONE, DECIDE, RESOLVE, FORGET. */
    record Propose(Command command) implements Request {}

    /**
     * Asks up to which slot the group must be applied for a snapshot at a timestamp. An answer with a higher timestamp, when it
     * was not to be raised, says that something lies above that the reader may have to know.
     *
     * @param raise whether the timestamp may be raised to that of the last entry
     * @param local whether the timestamp was drawn from the clock of the owner's node, so that what this owner acknowledged
     *     before lies below it
     */
    record Position(long timestamp, boolean raise, boolean local) implements Request {}

    /** Asks whether no version above a timestamp, and no lock, lies in the ranges. */
    record Unchanged(long timestamp, List<KeyRange> ranges) implements Request {}

    /** Reads a page of rows at a timestamp that {@link Position} has settled. */
    record Read(long timestamp, KeyRange range, boolean reverse) implements Request {}
}
