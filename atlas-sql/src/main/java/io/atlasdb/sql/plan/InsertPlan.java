package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT or UPSERT. Columns that are not among the targets take their default. Values are in the Java class of the target column
 * and fit its length and precision; NOT NULL, CHECK, keys and identity columns are the executor's to see to.
 *
 * @param targets positions in the table's row, in the order of the values
 * @param source the query that gives the rows, or null when {@code rows} holds them
 * @param rows one list per row, one expression per target, null for DEFAULT; empty when there is a source
 * @param upsert whether a row with the same primary key is replaced
 */
@SuppressWarnings("ArrayRecordComponent")
public record InsertPlan(
        Table table,
        int[] targets,
        @Nullable QueryPlan source,
        List<List<@Nullable RowExpression>> rows,
        boolean upsert,
        List<Parameter> parameters,
        List<Table> tables,
        String explain)
        implements Plan {
    public InsertPlan {
        rows = rows.stream()
                .map(row -> Collections.unmodifiableList(new ArrayList<>(row)))
                .toList();
        parameters = List.copyOf(parameters);
        tables = List.copyOf(tables);
    }
}
