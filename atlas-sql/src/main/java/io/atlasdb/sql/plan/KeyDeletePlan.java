package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.List;

/**
 * DELETE of at most one row by its primary key.
 *
 * @param key as in {@link KeyGetPlan}
 */
public record KeyDeletePlan(Table table, List<RowExpression> key, List<Parameter> parameters, String explain)
        implements Plan {
    public KeyDeletePlan {
        key = List.copyOf(key);
        parameters = List.copyOf(parameters);
    }

    @Override
    public List<Table> tables() {
        return List.of(table);
    }
}
