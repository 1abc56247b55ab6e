package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.List;

/**
 * DELETE of the rows that a query finds.
 *
 * @param source yields the old row, all columns in declaration order with hidden ones. It must be read to its end before the
 *     first row is removed
 */
public record DeletePlan(Table table, QueryPlan source, List<Parameter> parameters, List<Table> tables, String explain)
        implements Plan {
    public DeletePlan {
        parameters = List.copyOf(parameters);
        tables = List.copyOf(tables);
    }
}
