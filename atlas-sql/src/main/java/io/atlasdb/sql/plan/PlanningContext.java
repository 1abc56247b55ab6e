package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.plan.schema.Cardinality;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a statement is planned against.
 *
 * @param catalog one version of all tables; system tables are among them
 * @param schema where unqualified names are looked up
 * @param stop tells the one who waits to stop
 * @param abandoned set when nobody waits for the plan any more; the planner looks at it before each rule
 */
public record PlanningContext(
        Catalog catalog, String schema, Cardinality cardinality, StopSignal stop, AtomicBoolean abandoned) {
    /** For a plan that nobody cancels. */
    public PlanningContext(Catalog catalog, String schema, Cardinality cardinality) {
        this(catalog, schema, cardinality, StopSignal.NEVER);
    }

    public PlanningContext(Catalog catalog, String schema, Cardinality cardinality, StopSignal stop) {
        this(catalog, schema, cardinality, stop, new AtomicBoolean());
    }
}
