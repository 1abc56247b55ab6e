package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import java.util.List;

/**
 * EXPLAIN: shows the steps of another plan, one row per line of its {@link Plan#explain}.
 *
 * @param analyze whether the plan is run as well, and its rows and time are shown
 */
public record ExplainPlan(Plan plan, boolean analyze) implements Plan {
    /** The one column of the result. */
    public static final List<ResultColumn> COLUMNS =
            List.of(new ResultColumn("PLAN", SqlType.of(SqlType.Kind.VARCHAR), false, null, null, null, false));

    @Override
    public List<Parameter> parameters() {
        return plan.parameters();
    }

    @Override
    public List<Table> tables() {
        return plan.tables();
    }

    @Override
    public String explain() {
        return plan.explain();
    }
}
