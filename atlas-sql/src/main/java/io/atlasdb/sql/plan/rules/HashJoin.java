package io.atlasdb.sql.plan.rules;

import java.util.Set;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableHashJoin;
import org.apache.calcite.adapter.enumerable.EnumerableNestedLoopJoin;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;

/**
 * Calcite's hash join at the price that it has here: the right side is kept in memory, so it should be the small one. Inner joins
 * are weighed both ways round.
 *
 * <pre>
 * Join(a, b)  →  HashJoin(a, b)  or  Project(HashJoin(b, a))
 *             →  NestedLoopJoin(a, b)                        without columns that must be equal
 * </pre>
 */
final class HashJoin extends EnumerableHashJoin {
    static final RelOptRule RULE = new Rule();
    /** What a row that is kept costs, in rows that are read. */
    private static final double KEPT_ROW_COST = 4;

    private HashJoin(
            RelOptCluster cluster,
            RelTraitSet traits,
            RelNode left,
            RelNode right,
            RexNode condition,
            Set<CorrelationId> variables,
            JoinRelType type) {
        super(cluster, traits, left, right, condition, variables, type);
    }

    @Override
    public HashJoin copy(
            RelTraitSet traits,
            RexNode condition,
            RelNode left,
            RelNode right,
            JoinRelType type,
            boolean semiJoinDone) {
        return new HashJoin(getCluster(), traits, left, right, condition, variablesSet, type);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
        double rows = mq.getRowCount(this) + mq.getRowCount(left) + KEPT_ROW_COST * mq.getRowCount(right);
        return planner.getCostFactory().makeCost(rows, 0, 0);
    }

    @SuppressWarnings("deprecation") // The operand methods are all this rule needs.
    private static final class Rule extends RelOptRule {
        Rule() {
            super(operand(LogicalJoin.class, any()), "AtlasJoin");
        }

        @Override
        public void onMatch(RelOptRuleCall call) {
            LogicalJoin join = call.rel(0);
            call.transformTo(physical(join, join.getLeft(), join.getRight(), join.getCondition()));
            if (join.getJoinType() == JoinRelType.INNER) {
                Sides sides = new Sides(join);
                RelNode swapped = physical(join, join.getRight(), join.getLeft(), sides.swap(join.getCondition()));
                call.transformTo(EnumerableProject.create(swapped, sides.order(swapped), join.getRowType()));
            }
        }

        private static RelNode physical(LogicalJoin join, RelNode first, RelNode second, RexNode condition) {
            RelTraitSet traits = join.getCluster().traitSetOf(EnumerableConvention.INSTANCE);
            RelNode left = convert(first, traits);
            RelNode right = convert(second, traits);
            JoinInfo info = JoinInfo.of(left, right, condition);
            return info.leftKeys.isEmpty()
                    ? EnumerableNestedLoopJoin.create(
                            left, right, condition, join.getVariablesSet(), join.getJoinType())
                    : new HashJoin(
                            join.getCluster(),
                            traits,
                            left,
                            right,
                            condition,
                            join.getVariablesSet(),
                            join.getJoinType());
        }
    }
}
