package io.atlasdb.sql.session;

import io.atlasdb.sql.plan.ResultColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement gave.
 *
 * @param rows the rows of a query, to be closed by the caller; null for other statements
 * @param updateCount rows written; -1 for a query, 0 for DDL and control
 * @param keys generated keys of an INSERT, when they were asked for; null otherwise
 */
public record Execution(
        List<ResultColumn> columns,
        @Nullable Rows rows,
        long updateCount,
        @Nullable GeneratedKeys keys) {
    /** Identity and primary key values of the inserted rows. */
    public record GeneratedKeys(List<ResultColumn> columns, List<@Nullable Object[]> rows) {}
}
