package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.ResultColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers the keys that the rows of a batch made, as far as a statement's memory goes. */
final class BatchKeys {
    /** A key column is a number as a rule; texts are bounded by the batch that brought them. */
    private static final int VALUE_BYTES = 64;

    private final long budgetBytes;
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private @Nullable List<ResultColumn> columns;

    BatchKeys(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** Takes the keys of one row; null when none were wanted or none are made. */
    void add(Execution.@Nullable GeneratedKeys keys) {
        if (keys == null) {
            return;
        }
        columns = keys.columns();
        rows.addAll(keys.rows());
        if ((long) rows.size() * VALUE_BYTES * Math.max(1, keys.columns().size()) > budgetBytes) {
            throw ErrorCode.MEMORY_BUDGET.error(budgetBytes, "generated keys");
        }
    }

    Execution.@Nullable GeneratedKeys all() {
        return columns == null ? null : new Execution.GeneratedKeys(columns, rows);
    }
}
