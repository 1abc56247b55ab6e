package io.atlasdb.sql.exec.ddl;

import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import org.jspecify.annotations.Nullable;

/**
 * What DDL needs of the planner. Both methods refuse a text that does not compile against the table as it will be, with the error
 * that the user shall see.
 */
public interface ExpressionCompiler {
    /** Checks the DEFAULT of a column and prepares it; it uses no column. */
    Value defaultOf(Table table, Column column, String sql);

    /** Checks a CHECK condition over a row of the table and prepares it. */
    Condition checkOf(Table table, String sql);

    /** An expression without columns. */
    @FunctionalInterface
    interface Value {
        /** The value, in the column's Java class and within its length and range. */
        @Nullable
        Object now();
    }

    /** An expression over a row. */
    @FunctionalInterface
    interface Condition {
        /** Whether it is false for a row of all columns in declaration order; NULL is not false. */
        boolean isFalse(@Nullable Object[] row);
    }
}
