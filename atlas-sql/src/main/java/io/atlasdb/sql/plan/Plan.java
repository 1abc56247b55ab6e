package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import java.util.List;

/**
 * What is to be done for a statement: immutable, safe for any number of executions at once, and free of the values of one
 * execution. Those come from a {@link RowSource}.
 */
public sealed interface Plan
        permits QueryPlan, KeyGetPlan, InsertPlan, UpdatePlan, KeyUpdatePlan, DeletePlan, KeyDeletePlan, ExplainPlan {
    /** The user's parameters, in the order of their {@code ?}. Lifted literals are not among them. */
    List<Parameter> parameters();

    /** Every table that is read or written, in the version that the plan was made for; each once. System tables are left out. */
    List<Table> tables();

    /** One step per line, deeper steps indented by two blanks; no newline at the end. */
    String explain();
}
