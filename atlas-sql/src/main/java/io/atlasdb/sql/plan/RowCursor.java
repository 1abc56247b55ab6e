package io.atlasdb.sql.plan;

import org.jspecify.annotations.Nullable;

/** Rows of a running query, made as they are asked for. One thread at a time. */
public interface RowCursor extends AutoCloseable {
    /**
     * Moves to the next row; false at the end.
     *
     * @throws io.atlasdb.proto.AtlasException what the evaluation of the row met, or {@code CANCELLED}, {@code TIMED_OUT},
     *     {@code MEMORY_BUDGET}
     */
    boolean next();

    /** The present row, one value per column in the Java class of its {@code SqlType.Kind}; the array belongs to the caller. */
    @Nullable
    Object[] row();

    /** Lets go of scans and reserved memory; may be called twice. */
    @Override
    void close();
}
