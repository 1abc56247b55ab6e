package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.List;

/** A query: opening it starts reading. */
public record QueryPlan(
        List<ResultColumn> columns, List<Parameter> parameters, List<Table> tables, Body body, String explain)
        implements Plan {
    public QueryPlan {
        columns = List.copyOf(columns);
        parameters = List.copyOf(parameters);
        tables = List.copyOf(tables);
    }

    /** Starts the query; rows are streamed where its operators allow. */
    public RowCursor open(RowSource source) {
        return body.open(source);
    }

    /** The compiled operators. */
    @FunctionalInterface
    public interface Body {
        RowCursor open(RowSource source);
    }
}
