package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.List;

/**
 * UPDATE of the rows that a query finds.
 *
 * @param set positions in the table's row of the columns that change
 * @param source yields the old row, all columns in declaration order with hidden ones, followed by one new value per entry of
 *     {@code set}, converted as in {@link InsertPlan}. It must be read to its end before the first row is written
 */
@SuppressWarnings("ArrayRecordComponent")
public record UpdatePlan(
        Table table, int[] set, QueryPlan source, List<Parameter> parameters, List<Table> tables, String explain)
        implements Plan {
    public UpdatePlan {
        parameters = List.copyOf(parameters);
        tables = List.copyOf(tables);
    }
}
