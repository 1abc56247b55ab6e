package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.runtime.Step;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.PruneEmptyRules;
import org.jspecify.annotations.Nullable;

/**
 * The rewriting of a plan in stages. Each stage has few rules, since the time to plan grows with their product: heuristics push
 * filters down and order joins, the cost-based planner then only chooses among keys and kinds of join.
 */
public final class Programs {
    private static final List<RelOptRule> SUB_QUERIES = List.of(
            CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
            CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
            CoreRules.JOIN_SUB_QUERY_TO_CORRELATE);

    /** Before types are lowered, so that what these rules make is lowered too. */
    private static final List<RelOptRule> AGGREGATES =
            List.of(CoreRules.AGGREGATE_EXPAND_DISTINCT_AGGREGATES, CoreRules.AGGREGATE_REDUCE_FUNCTIONS);

    private static final List<RelOptRule> PUSH_DOWN = List.of(
            CoreRules.FILTER_INTO_JOIN,
            CoreRules.JOIN_CONDITION_PUSH,
            CoreRules.FILTER_PROJECT_TRANSPOSE,
            CoreRules.FILTER_AGGREGATE_TRANSPOSE,
            CoreRules.FILTER_SET_OP_TRANSPOSE,
            CoreRules.FILTER_CORRELATE,
            CoreRules.FILTER_MERGE,
            CoreRules.PROJECT_MERGE,
            CoreRules.PROJECT_REMOVE,
            CoreRules.UNION_MERGE,
            CoreRules.JOIN_PUSH_EXPRESSIONS,
            PruneEmptyRules.FILTER_INSTANCE,
            PruneEmptyRules.PROJECT_INSTANCE,
            PruneEmptyRules.JOIN_LEFT_INSTANCE,
            PruneEmptyRules.JOIN_RIGHT_INSTANCE,
            PruneEmptyRules.UNION_INSTANCE);

    private static final List<RelOptRule> TO_MULTI_JOIN = List.of(
            CoreRules.JOIN_TO_MULTI_JOIN, CoreRules.PROJECT_MULTI_JOIN_MERGE, CoreRules.FILTER_MULTI_JOIN_MERGE);

    private static final List<RelOptRule> AFTER_ORDER = List.of(
            CoreRules.FILTER_INTO_JOIN,
            CoreRules.FILTER_PROJECT_TRANSPOSE,
            CoreRules.FILTER_MERGE,
            CoreRules.PROJECT_MERGE,
            CoreRules.PROJECT_REMOVE);

    private static final List<RelOptRule> FINISH = List.of(
            CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW,
            CoreRules.SORT_REMOVE_CONSTANT_KEYS,
            NarrowScanRule.INSTANCE);

    private static final List<RelOptRule> PHYSICAL = List.of(
            HashJoin.RULE,
            LookupJoinRule.INSTANCE,
            EnumerableRules.ENUMERABLE_CORRELATE_RULE,
            EnumerableRules.ENUMERABLE_PROJECT_RULE,
            EnumerableRules.ENUMERABLE_FILTER_RULE,
            EnumerableRules.ENUMERABLE_AGGREGATE_RULE,
            EnumerableRules.ENUMERABLE_SORT_RULE,
            EnumerableRules.ENUMERABLE_LIMIT_RULE,
            EnumerableRules.ENUMERABLE_LIMIT_SORT_RULE,
            EnumerableRules.ENUMERABLE_UNION_RULE,
            EnumerableRules.ENUMERABLE_INTERSECT_RULE,
            EnumerableRules.ENUMERABLE_MINUS_RULE,
            EnumerableRules.ENUMERABLE_VALUES_RULE,
            EnumerableRules.ENUMERABLE_WINDOW_RULE,
            EnumerableRules.ENUMERABLE_REPEAT_UNION_RULE,
            EnumerableRules.ENUMERABLE_TABLE_SPOOL_RULE,
            EnumerableRules.ENUMERABLE_TABLE_FUNCTION_SCAN_RULE,
            EnumerableRules.ENUMERABLE_COLLECT_RULE,
            EnumerableRules.ENUMERABLE_UNCOLLECT_RULE);

    private static final List<RelOptRule> CALC = List.of(
            EnumerableRules.ENUMERABLE_FILTER_TO_CALC_RULE,
            EnumerableRules.ENUMERABLE_PROJECT_TO_CALC_RULE,
            CoreRules.CALC_MERGE);

    private Programs() {}

    /** Sub-queries become correlations, for the decorrelator. */
    public static RelNode removeSubQueries(RelNode node) {
        return run(node, SUB_QUERIES, HepMatchOrder.ARBITRARY);
    }

    /** Averages, variances and DISTINCT aggregates become sums and counts. */
    public static RelNode reduceAggregates(RelNode node) {
        return run(node, AGGREGATES, HepMatchOrder.ARBITRARY);
    }

    /** Pushes filters down and orders joins; the plan stays logical. */
    public static RelNode rewrite(RelNode node) {
        RelNode pushed = run(node, PUSH_DOWN, HepMatchOrder.ARBITRARY);
        if (innerJoins(pushed) > 1) {
            pushed = run(pushed, TO_MULTI_JOIN, HepMatchOrder.BOTTOM_UP);
            pushed = run(pushed, List.of(CoreRules.MULTI_JOIN_OPTIMIZE), HepMatchOrder.BOTTOM_UP);
            pushed = run(pushed, AFTER_ORDER, HepMatchOrder.ARBITRARY);
        }
        return pushed;
    }

    /** Windows become steps of their own, scans read only what is used. */
    public static RelNode finish(RelNode node) {
        return run(node, FINISH, HepMatchOrder.ARBITRARY);
    }

    private static int innerJoins(RelNode node) {
        int count = node instanceof Join join && join.getJoinType() == JoinRelType.INNER ? 1 : 0;
        for (RelNode input : node.getInputs()) {
            count += innerJoins(input);
        }
        return count;
    }

    /** Chooses keys and kinds of join by cost; {@code node}'s cluster must have a Volcano planner. */
    public static EnumerableRel choose(RelNode node) {
        RelOptPlanner planner = node.getCluster().getPlanner();
        PHYSICAL.forEach(planner::addRule);
        ScanRules.all().forEach(planner::addRule);
        // An order that a query asks for is a Sort in it; a node may have several other orders, none of which is asked
        // for.
        RelTraitSet traits = node.getCluster().traitSetOf(EnumerableConvention.INSTANCE);
        planner.setRoot(planner.changeTraits(node, traits));
        RelNode best = planner.findBestExp();
        return StepRel.insert((EnumerableRel) Meter.insert(run(best, CALC, HepMatchOrder.ARBITRARY)));
    }

    /** The step that a chosen plan is; null when it needs generated code. */
    public static @Nullable Step step(EnumerableRel plan) {
        return StepRel.whole(plan);
    }

    private static RelNode run(RelNode node, List<RelOptRule> rules, HepMatchOrder order) {
        HepProgram program = new HepProgramBuilder()
                .addMatchOrder(order)
                .addRuleCollection(rules)
                .build();
        HepPlanner planner = new HepPlanner(
                program,
                node.getCluster().getPlanner().getContext(),
                true,
                null,
                org.apache.calcite.plan.RelOptCostImpl.FACTORY);
        planner.setExecutor(node.getCluster().getPlanner().getExecutor());
        planner.setRoot(node);
        return planner.findBestExp();
    }
}
