package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.rules.AccessPaths.Choice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptRuleOperand;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows in the order that is asked for, and no more of them than are needed.
 *
 * <pre>
 * Sort(a, limit 10)    →  Limit(10)
 *   Project, Filter(c)      Project, Filter(c)
 *     AtlasScan               KeyScan(a key that begins with a; limit 10 unless c is left to test)
 *
 * Aggregate(max(a))    →  Aggregate(max(a))
 *   Project, Filter(c)      Limit(1)
 *     AtlasScan               Project, Filter(c and a is not null)
 *                               KeyScan(a key that begins with a, backwards)
 * </pre>
 */
final class OrderedScanRules {
    static final List<RelOptRule> ALL = Stream.of(Shape.values())
            .flatMap(shape -> Stream.of(new Sorted(shape), new Extreme(shape)))
            .toList();

    private OrderedScanRules() {}

    /** What may stand between the operator and the scan. */
    @SuppressWarnings("deprecation") // The operand methods are all these rules need; the new ones want Immutables.
    private enum Shape {
        SCAN,
        FILTER,
        PROJECT,
        PROJECT_FILTER;

        RelOptRuleOperand under(Class<? extends RelNode> top) {
            return switch (this) {
                case SCAN -> RelOptRule.operand(top, scan());
                case FILTER -> RelOptRule.operand(top, filter());
                case PROJECT -> RelOptRule.operand(top, RelOptRule.operand(LogicalProject.class, scan()));
                case PROJECT_FILTER -> RelOptRule.operand(top, RelOptRule.operand(LogicalProject.class, filter()));
            };
        }

        private static RelOptRuleOperand scan() {
            return RelOptRule.operand(AtlasScan.class, RelOptRule.none());
        }

        private static RelOptRuleOperand filter() {
            return RelOptRule.operand(LogicalFilter.class, scan());
        }

        Input input(RelOptRuleCall call) {
            return switch (this) {
                case SCAN -> new Input(null, null, call.rel(1));
                case FILTER -> new Input(null, ((Filter) call.rel(1)).getCondition(), call.rel(2));
                case PROJECT -> new Input(call.rel(1), null, call.rel(2));
                case PROJECT_FILTER -> new Input(call.rel(1), ((Filter) call.rel(2)).getCondition(), call.rel(3));
            };
        }
    }

    /** A scan with what stands on it. */
    private record Input(
            @Nullable Project project, @Nullable RexNode filter, AtlasScan scan) {
        RexBuilder builder() {
            return scan.getCluster().getRexBuilder();
        }

        /** The field of the scan that an output shows; -1 when it is computed. */
        int field(int output) {
            if (project == null) {
                return output;
            }
            return project.getProjects().get(output) instanceof RexInputRef reference ? reference.getIndex() : -1;
        }

        RelNode projected(RelNode input) {
            return project == null
                    ? input
                    : EnumerableProject.create(input, project.getProjects(), project.getRowType());
        }

        /** Every way to read the rows; whole keys are of use only for their order. */
        List<Choice> choices(@Nullable RexNode condition, boolean ordered) {
            List<Choice> choices = new ArrayList<>();
            if (condition != null) {
                choices.addAll(AccessPaths.bounded(scan, condition));
            }
            choices.addAll(AccessPaths.whole(scan, condition, ordered));
            return choices;
        }
    }

    /** Rows that a plan takes from a scan, or null when that is not known while planning. */
    private static @Nullable BigDecimal rows(Sort sort) {
        if (!(sort.fetch instanceof RexLiteral fetch)
                || (sort.offset != null && !(sort.offset instanceof RexLiteral))) {
            return null;
        }
        BigDecimal rows = fetch.getValueAs(BigDecimal.class);
        BigDecimal skipped =
                sort.offset == null ? BigDecimal.ZERO : ((RexLiteral) sort.offset).getValueAs(BigDecimal.class);
        return rows == null || skipped == null ? null : rows.add(skipped);
    }

    private static final class Sorted extends RelOptRule {
        private final Shape shape;

        Sorted(Shape shape) {
            super(shape.under(LogicalSort.class), "AtlasSortedScan:" + shape);
            this.shape = shape;
        }

        @Override
        public void onMatch(RelOptRuleCall call) {
            Sort sort = call.rel(0);
            Input input = shape.input(call);
            List<RelFieldCollation> wanted = new ArrayList<>();
            for (RelFieldCollation column : sort.getCollation().getFieldCollations()) {
                int field = input.field(column.getFieldIndex());
                if (field < 0) {
                    return;
                }
                wanted.add(column.withFieldIndex(field));
            }
            for (Choice choice : input.choices(input.filter(), !wanted.isEmpty())) {
                KeyOrder order = KeyOrder.of(choice.path(), input.scan().scanTable(), wanted);
                if (order != KeyOrder.NONE) {
                    call.transformTo(limited(sort, input.projected(read(sort, input, choice, order))));
                }
            }
        }

        private static RelNode read(Sort sort, Input input, Choice choice, KeyOrder order) {
            boolean exact = choice.residual() == null || choice.residual().isAlwaysTrue();
            BigDecimal rows = rows(sort);
            RexNode limit = null;
            double needed = Double.POSITIVE_INFINITY;
            if (rows != null) {
                limit = exact ? input.builder().makeExactLiteral(rows) : null;
                needed = rows.doubleValue() / (exact ? 1 : RelMdUtil.guessSelectivity(choice.residual()));
            } else if (sort.fetch != null) {
                // Whoever asks for a number of rows asks for few; a sum of parameters is left to the limit above.
                limit = exact && sort.offset == null ? sort.fetch : null;
                needed = KeyScan.LIMIT_GUESS / (exact ? 1 : RelMdUtil.guessSelectivity(choice.residual()));
            }
            KeyScan scan = KeyScan.of(input.scan(), choice.path(), order == KeyOrder.REVERSE, limit, needed);
            return ScanRules.filtered(scan, choice.residual());
        }

        /** The whole order is declared, also where the key is silent about columns that have one value. */
        private static RelNode limited(Sort sort, RelNode input) {
            RelTraitSet traits = input.getTraitSet().replace(sort.getCollation());
            return sort.offset == null && sort.fetch == null
                    ? input.copy(traits, input.getInputs())
                    : new EnumerableLimit(input.getCluster(), traits, input, sort.offset, sort.fetch);
        }
    }

    private static final class Extreme extends RelOptRule {
        private final Shape shape;

        Extreme(Shape shape) {
            super(shape.under(LogicalAggregate.class), "AtlasExtreme:" + shape);
            this.shape = shape;
        }

        @Override
        public void onMatch(RelOptRuleCall call) {
            LogicalAggregate aggregate = call.rel(0);
            if (!aggregate.getGroupSet().isEmpty()
                    || aggregate.getGroupSets().size() != 1
                    || aggregate.getAggCallList().size() != 1) {
                return;
            }
            AggregateCall extreme = aggregate.getAggCallList().get(0);
            SqlKind kind = extreme.getAggregation().getKind();
            if ((kind != SqlKind.MIN && kind != SqlKind.MAX) || extreme.hasFilter()) {
                return;
            }
            Input input = shape.input(call);
            int field = input.field(extreme.getArgList().get(0));
            if (field >= 0) {
                transform(call, aggregate, input, field, kind == SqlKind.MAX);
            }
        }

        private static void transform(
                RelOptRuleCall call, LogicalAggregate aggregate, Input input, int field, boolean greatest) {
            RexBuilder builder = input.builder();
            RexNode value = builder.makeInputRef(input.scan(), field);
            boolean nullable = value.getType().isNullable();
            // The greatest value comes before all NULLs when the key is read backwards; the least one behind them.
            RexNode present = nullable && !greatest ? builder.makeCall(SqlStdOperatorTable.IS_NOT_NULL, value) : null;
            for (Choice choice : input.choices(input.filter(), true)) {
                KeyOrder order = KeyOrder.of(
                        choice.path(), input.scan().scanTable(), List.of(AccessPath.order(field, greatest)));
                if (order != KeyOrder.NONE) {
                    RexNode residual = and(builder, choice.residual(), present);
                    RexNode one = builder.makeExactLiteral(BigDecimal.ONE);
                    KeyScan scan = KeyScan.of(
                            input.scan(),
                            choice.path(),
                            order == KeyOrder.REVERSE,
                            residual == null ? one : null,
                            residual == null ? 1 : 1 / RelMdUtil.guessSelectivity(residual));
                    RelNode first =
                            EnumerableLimit.create(input.projected(ScanRules.filtered(scan, residual)), null, one);
                    call.transformTo(aggregate.copy(aggregate.getTraitSet(), List.of(first)));
                }
            }
        }

        private static @Nullable RexNode and(RexBuilder builder, @Nullable RexNode left, @Nullable RexNode right) {
            if (left == null || left.isAlwaysTrue()) {
                return right;
            }
            return right == null ? left : RexUtil.composeConjunction(builder, List.of(left, right));
        }
    }
}
