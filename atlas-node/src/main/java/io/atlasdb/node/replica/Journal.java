package io.atlasdb.node.replica;

import java.util.List;
import java.util.function.Consumer;

/**
 * The durable log of all groups of a node. A record counts only once its batch is forced; after a crash everything forced is
 * there, in order, and nothing damaged is taken for data.
 *
 * <p>A failed force ends the process: what the file then holds is unknown, and a second try would be a lie.
 */
public interface Journal extends AutoCloseable {
    /**
     * Gives every surviving record in the order of writing. Called once, before the first append. A group's records begin
     * with its GROUP_STATE when older ones were given up.
     *
     * @return what was found besides the records
     */
    Recovery recover(Consumer<LogRecord> sink);

    /**
     * Appends records as one batch, or part of a larger one, and forces them.
     *
     * @param forced runs once they are durable, on the journal's own thread, in order of appending; it must be short and
     *     must not throw
     */
    void append(List<LogRecord> records, Runnable forced);

    /**
     * {@link #append} by a caller that has nothing better to do: its thread may be used for writing and forcing, and then
     * {@code forced} has run when this returns. No thread that may be interrupted, since that would close the file.
     */
    default void appendHere(List<LogRecord> records, Runnable forced) {
        append(records, forced);
    }

    /** Whether new commands must be refused since the disk is almost full. Bookkeeping may still be appended. */
    boolean full();

    /** Writes and forces what is queued, then closes the files. */
    @Override
    void close();

    /**
     * What was found when the journal was opened.
     *
     * @param checkpointVersion the version of the last CHECKPOINT, 0 when there is none
     * @param damaged whether valid records followed a damaged one: the log lost records that were forced
     */
    record Recovery(long checkpointVersion, boolean damaged) {}
}
