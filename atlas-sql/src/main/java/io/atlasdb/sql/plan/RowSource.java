package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * How a running plan reaches rows and its statement. One per execution; not safe for several threads.
 */
public interface RowSource {
    /**
     * Rows of a table in key order, each an {@code Object[]} of the table's columns in declaration order with the Java classes
     * of {@code SqlType.Kind}; columns that were not asked for are null. Leaves a read range that covers the bounds even when no row is found.
     *
     * @param columns positions of the columns that are needed, ascending
     */
    Iterator<@Nullable Object[]> scan(Table table, KeyBounds bounds, int[] columns);

    /** The value of parameter {@code index}, from 0; literals that were lifted out of the text follow the user's. */
    @Nullable
    Object parameter(int index);

    /**
     * Counts memory that an operator holds; negative when it lets go.
     *
     * @throws io.atlasdb.proto.AtlasException {@code MEMORY_BUDGET} naming {@code step} when the statement's budget is spent
     */
    void reserve(long bytes, String step);

    /** Throws {@code CANCELLED} or {@code TIMED_OUT} when the statement must stop; cheap, called once per some rows. */
    void check();

    /** Microseconds since 1970 UTC, the same within a statement's transaction. */
    long transactionMicros();

    /** The principal that the session runs as. */
    String user();

    /** The present schema of the session. */
    String schema();

    /**
     * A range of the primary key or of an index: leading key columns with equal values, then optionally a bound on the next.
     *
     * @param index null for the primary key
     * @param equal values of the leading key columns, in the column's Java class
     * @param lower, upper value of the next key column, or null for none (a NULL value is never a bound)
     * @param reverse whether rows come in descending order of the key
     * @param limit at most so many rows are needed; {@code Long.MAX_VALUE} for all
     */
    @SuppressWarnings("ArrayRecordComponent")
    record KeyBounds(
            @Nullable Index index,
            @Nullable Object[] equal,
            @Nullable Object lower,
            boolean lowerInclusive,
            @Nullable Object upper,
            boolean upperInclusive,
            boolean reverse,
            long limit) {}
}
