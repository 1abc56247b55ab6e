package io.atlasdb.sql.session;

import org.jspecify.annotations.Nullable;

/** Rows of a query, streamed. One thread at a time. A statement that was cancelled or timed out fails in {@link #next}. */
public interface Rows extends AutoCloseable {
    /** Moves to the next row; false at the end. */
    boolean next();

    /** The present row, one value per column; the array belongs to the caller. */
    @Nullable
    Object[] row();

    /** Ends the query and lets go of its snapshot and memory. */
    @Override
    void close();
}
