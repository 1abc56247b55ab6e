package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.List;

/**
 * A query for at most one row by its primary key; no generated code.
 *
 * @param key one expression per column of the primary key, in key order and in the column's Java class; a NULL finds no row.
 *     They use no column
 * @param projection position in the table's row of each result column
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyGetPlan(
        List<ResultColumn> columns,
        List<Parameter> parameters,
        Table table,
        List<RowExpression> key,
        int[] projection,
        String explain)
        implements Plan {
    public KeyGetPlan {
        columns = List.copyOf(columns);
        parameters = List.copyOf(parameters);
        key = List.copyOf(key);
    }

    @Override
    public List<Table> tables() {
        return List.of(table);
    }
}
