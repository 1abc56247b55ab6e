package io.atlasdb.node.replica;

import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Ordered keys with versions, by group: what the logs say, applied. One thread applies a given group; reads come from any
 * thread. The changes of an entry and the group's new position become durable together.
 */
public interface StateMachine extends AutoCloseable {
    /** How far a group is applied; {@link Position#START} when it is unknown. */
    Position applied(long group);

    /** All groups that it holds, with their positions. */
    Map<Long, Position> positions();

    /** Applies one entry. {@code position} must be one slot above the present one. At most one mutation per space and key. */
    void apply(long group, Position position, List<Mutation> mutations);

    /** The value of a key in META, or null. */
    byte @Nullable [] meta(long group, byte[] key);

    /** Every key in META that begins with the prefix, in order. */
    default void metaScan(long group, byte[] prefix, BiConsumer<byte[], byte[]> sink) {
        metaScan(group, prefix, Integer.MAX_VALUE, sink);
    }

    /** The first keys in META that begin with the prefix, in order, {@code limit} at the most. */
    void metaScan(long group, byte[] prefix, int limit, BiConsumer<byte[], byte[]> sink);

    /** The value of a key in ROWS at a timestamp, or null. */
    byte @Nullable [] get(long group, byte[] key, long timestamp);

    /** The keys of a range in ROWS that have a value at a timestamp, ascending or descending. */
    RowIterator scan(KeyRange range, long timestamp, boolean reverse);

    /** The timestamp of the newest version of a key in ROWS, removals included; 0 when there is none. */
    long newestVersion(long group, byte[] key);

    /** What is applied of a group now, to be brought to another node. Called where no entry of the group is applied. */
    Export export(long group);

    /**
     * Begins to replace the state of a group by a snapshot; from now to {@link #finishInstall} it cannot be read, and nothing
     * is applied. That it began is durable as soon as anything that was installed is.
     *
     * @param incremental whether the present state stays and is brought up to date; else it is removed first
     */
    void beginInstall(long group, boolean incremental);

    /** Takes rows of the snapshot, in any order. */
    void installRows(long group, List<Export.Row> rows);

    /**
     * Ends the installation; durable with the next {@link #checkpoint}.
     *
     * @param installation what is remembered; complete
     * @param metas all of META
     */
    void finishInstall(long group, Installation installation, List<Export.Row> metas);

    /** The groups whose installation began and did not end. */
    Set<Long> installing();

    /** The last installation of a group, finished or not; null when there was none. */
    @Nullable
    Installation installation(long group);

    /** Reads of a group below this timestamp are refused with {@code SNAPSHOT_TOO_OLD}; 0 when none are. */
    default long floor(long group) {
        Installation last = installation(group);
        return last == null ? 0 : last.floor();
    }

    /**
     * Makes durable all that is applied now. Appliers are held up only while positions are taken, not while the disk works.
     *
     * @return the record that the caller appends to the journal; only then do the entries count as durably applied
     */
    LogRecord.Checkpoint checkpoint();

    /**
     * Removes versions that no read at or above the group's horizon can see, a bounded part of them at a time.
     *
     * @param horizon the horizon of a group, a timestamp
     * @return whether there is more to do now
     */
    boolean collect(LongUnaryOperator horizon);

    /**
     * Removes all of ROWS of a group that ended, older versions too, a bounded part at a time; true when nothing of it is left.
     * META and the position stay, since the log may still hold entries of the group.
     */
    boolean remove(long group);

    /** Sees versions of rows. */
    @FunctionalInterface
    interface RowVisitor {
        void visit(long group, byte[] key, byte[] value);
    }

    /** Shows every version of a row, older ones too, that refers to a value outside of it. */
    default void referring(RowVisitor visitor) {}

    /** Bytes that the files of the store take on disk. */
    long bytesOnDisk();

    /** Checkpoints are the caller's affair: what was not checkpointed is left to the log. */
    @Override
    void close();
}
