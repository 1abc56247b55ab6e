package io.atlasdb.sql.plan;

import org.jspecify.annotations.Nullable;

/** An expression over one row of a table. Safe for several threads. */
@FunctionalInterface
public interface RowExpression {
    /**
     * The value in the Java class of the expression's type.
     *
     * @param row the table's columns in declaration order, hidden ones included; an empty array when the expression uses no column
     */
    @Nullable
    Object eval(@Nullable Object[] row, RowSource source);
}
