package io.atlasdb.sql.exec;

import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.RowExpression;

/** Turns the texts of a table's schema into something that runs; the session gives the planner's compiler. */
public interface Expressions {
    /** The DEFAULT of a column, its value in the column's Java class and within its length and range. Uses no column. */
    RowExpression defaultOf(Table table, Column column, String sql);

    /** A CHECK condition over a row: Boolean or null. */
    RowExpression checkOf(Table table, String sql);
}
