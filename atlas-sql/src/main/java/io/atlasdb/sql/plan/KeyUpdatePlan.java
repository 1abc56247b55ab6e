package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.List;

/**
 * UPDATE of at most one row by its primary key.
 *
 * @param key as in {@link KeyGetPlan}
 * @param set positions in the table's row of the columns that change
 * @param values one new value per entry of {@code set}, from the old row; converted as in {@link InsertPlan}
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyUpdatePlan(
        Table table,
        List<RowExpression> key,
        int[] set,
        List<RowExpression> values,
        List<Parameter> parameters,
        String explain)
        implements Plan {
    public KeyUpdatePlan {
        key = List.copyOf(key);
        values = List.copyOf(values);
        parameters = List.copyOf(parameters);
    }

    @Override
    public List<Table> tables() {
        return List.of(table);
    }
}
