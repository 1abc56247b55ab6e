package io.atlasdb.sql.exec;

import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.plan.RowCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What running a plan gave.
 *
 * @param columns of the rows; empty for DML
 * @param rows the rows of a query, read as they are asked for; null for DML
 * @param updateCount rows written; -1 for a query
 * @param keyColumns, keys of inserted rows, when they were asked for; null otherwise
 */
public record Outcome(
        List<ResultColumn> columns,
        @Nullable RowCursor rows,
        long updateCount,
        @Nullable List<ResultColumn> keyColumns,
        @Nullable List<@Nullable Object[]> keys) {
    /** Whether the rows, if any, are in memory already and hang on no transaction. */
    public boolean complete() {
        return rows == null || rows instanceof FixedCursor;
    }

    /** A cursor over rows that are in memory. */
    public static RowCursor cursor(List<@Nullable Object[]> rows) {
        return new FixedCursor(rows);
    }

    static Outcome query(List<ResultColumn> columns, RowCursor rows) {
        return new Outcome(columns, rows, -1, null, null);
    }

    static Outcome count(long updateCount) {
        return new Outcome(List.of(), null, updateCount, null, null);
    }
}
