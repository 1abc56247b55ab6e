package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import java.util.List;

/** From the text of a query or DML statement to its plan. Safe for any number of threads. */
public final class Planner {
    /**
     * Plans a statement, or finds its plan.
     *
     * @throws io.atlasdb.proto.AtlasException what is wrong with the statement; {@code UNSUPPORTED} for a command, which has no
     *     plan
     */
    public Planned plan(String text, PlanningContext context) {
        return new Planned(plan(StatementParser.parse(text), context, Slots.identity()), List.of());
    }

    static Plan plan(Parsed parsed, PlanningContext context, Slots slots) {
        if (parsed instanceof Parsed.Query query) {
            return new QueryPlanner(context, slots).plan(query.node());
        }
        if (parsed instanceof Parsed.Dml dml) {
            return new DmlPlanner(context, slots).plan(dml.node());
        }
        if (parsed instanceof Parsed.Explain explain) {
            return new ExplainPlan(plan(explain.statement(), context, slots), false);
        }
        throw ErrorCode.UNSUPPORTED.error("a plan for a command");
    }
}
