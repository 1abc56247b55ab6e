package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.List;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;

/**
 * From the text of a query or DML statement to its plan. Safe for any number of threads.
 *
 * <p>A text is looked up as it is, then with its literals lifted; only when both fail is it parsed and planned, on a thread of the
 * planner's own.
 */
public final class Planner implements AutoCloseable {
    /** Texts and plans that are kept; a plan weighs some tens of kilobytes. */
    private static final int PLANS_MAX = 1_000;
    /** Longer texts are rarely sent twice, and would fill the cache. */
    private static final int CACHED_CHARACTERS_MAX = 10_000;

    private final PlanCache texts = new PlanCache(PLANS_MAX);
    private final PlanCache lifted = new PlanCache(PLANS_MAX);
    private final PlanningThreads threads = new PlanningThreads();

    /**
     * Plans a statement, or finds its plan.
     *
     * @param context a catalog of version below 0 holds changes that are not committed: its plans are not kept
     * @throws AtlasException what is wrong with the statement; {@code UNSUPPORTED} for a command, which has no plan;
     *     {@code BUSY}, {@code TIMED_OUT}
     */
    public Planned plan(String text, PlanningContext context) {
        if (context.catalog().version() < 0 || text.length() > CACHED_CHARACTERS_MAX) {
            return threads.run(() -> raw(text, context), context);
        }
        return texts.get(new PlanCache.Key(text, "", context.schema()), context, () -> planLifted(text, context));
    }

    private Planned planLifted(String text, PlanningContext context) {
        LiftedText lift = LiftedText.of(text);
        if (lift.isLifted()) {
            try {
                Planned shared = lifted.get(
                        new PlanCache.Key(lift.text(), lift.marks(), context.schema()),
                        context,
                        () -> threads.run(() -> new Planned(plan(lift, context), List.of()), context));
                return new Planned(shared.plan(), lift.literals());
            } catch (AtlasException notLiftable) {
                if (PlanCache.endsWaiting(notLiftable)) {
                    throw notLiftable;
                }
                // Planned as it stands, so that an error shows the user's own text and places.
            }
        }
        return threads.run(() -> raw(text, context), context);
    }

    private static Planned raw(String text, PlanningContext context) {
        return new Planned(plan(StatementParser.parse(text), context, Slots.identity()), List.of());
    }

    private static Plan plan(LiftedText lift, PlanningContext context) {
        Parsed parsed = StatementParser.parse(lift.text());
        Slots slots = lift.slots();
        if (parsed instanceof Parsed.Query query) {
            return plan(new Parsed.Query(lift.typed(query.node()), query.parameters()), context, slots);
        }
        if (parsed instanceof Parsed.Dml dml && !isValues(dml.node())) {
            return plan(new Parsed.Dml(lift.typed(dml.node()), dml.kind(), dml.parameters()), context, slots);
        }
        return plan(parsed, context, slots);
    }

    /** Cells of VALUES are converted to their columns' types, whatever they were lifted from. */
    private static boolean isValues(SqlNode node) {
        return node instanceof SqlInsert insert && insert.getSource().getKind() == SqlKind.VALUES;
    }

    private static Plan plan(Parsed parsed, PlanningContext context, Slots slots) {
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

    /**
     * Plans statements of the usual shapes on a table that does not exist, so that classes are loaded and compiled before the first
     * statement would wait for them, some seconds.
     */
    public void warmUp() {
        WarmUp.STATEMENTS.forEach(statement -> raw(statement, WarmUp.CONTEXT));
    }

    /** Ends the planner's threads; statements that are being planned fail. */
    @Override
    public void close() {
        threads.close();
    }
}
