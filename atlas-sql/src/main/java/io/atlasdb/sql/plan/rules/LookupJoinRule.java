package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.rules.AccessPaths.Choice;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableCorrelate;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Joins by looking up, for each row of one side, the rows of the other side under a key.
 *
 * <pre>
 * Join(a.x = b.key)         →  Correlate
 *   a                            a
 *   Project, Filter(c)           Project, Filter(c)
 *     AtlasScan(b)                 KeyScan(b, [key = $cor.x])
 * </pre>
 *
 * <p>It depends on the number of rows of {@code a} whether that is cheaper than reading all of {@code b}: both are offered.
 */
@SuppressWarnings("deprecation") // The operand methods are all this rule needs.
final class LookupJoinRule extends RelOptRule {
    static final LookupJoinRule INSTANCE = new LookupJoinRule();

    private LookupJoinRule() {
        super(operand(LogicalJoin.class, any()), "AtlasLookupJoin");
    }

    /** The side that is looked up. {@code first} is the join's number of its first field. */
    private record Inner(
            @Nullable Project project, @Nullable Filter filter, AtlasScan scan, int first) {
        static @Nullable Inner of(@Nullable RelNode node, int first) {
            Project project = node instanceof Project top ? top : null;
            RelNode below = project == null ? node : original(project.getInput());
            Filter filter = below instanceof Filter middle ? middle : null;
            RelNode bottom = filter == null ? below : original(filter.getInput());
            return bottom instanceof AtlasScan scan ? new Inner(project, filter, scan, first) : null;
        }

        boolean holds(int field) {
            int width = project == null
                    ? scan.getRowType().getFieldCount()
                    : project.getProjects().size();
            return field >= first && field < first + width;
        }

        /** A field of the join as an expression over the scan. */
        RexNode value(RexInputRef field) {
            return project == null
                    ? new RexInputRef(field.getIndex() - first, field.getType())
                    : project.getProjects().get(field.getIndex() - first);
        }
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Join join = call.rel(0);
        JoinRelType type = join.getJoinType();
        if (!join.getVariablesSet().isEmpty()) {
            return;
        }
        int left = join.getLeft().getRowType().getFieldCount();
        boolean keepsLeft = type == JoinRelType.INNER
                || type == JoinRelType.LEFT
                || type == JoinRelType.SEMI
                || type == JoinRelType.ANTI;
        Inner right = keepsLeft ? Inner.of(original(join.getRight()), left) : null;
        if (right != null) {
            for (RelNode lookup : lookups(join, join.getLeft(), 0, right)) {
                call.transformTo(lookup);
            }
        }
        Inner other = type == JoinRelType.INNER ? Inner.of(original(join.getLeft()), 0) : null;
        if (other != null) {
            Sides sides = new Sides(join);
            for (RelNode lookup : lookups(join, join.getRight(), left, other)) {
                call.transformTo(EnumerableProject.create(lookup, sides.order(lookup), join.getRowType()));
            }
        }
    }

    /** The rel that a query was written as, not one of its alternatives. */
    private static @Nullable RelNode original(RelNode node) {
        return node instanceof RelSubset subset ? subset.getOriginal() : node;
    }

    private static List<RelNode> lookups(Join join, RelNode outer, int outerFirst, Inner inner) {
        RexBuilder builder = join.getCluster().getRexBuilder();
        CorrelationId id = join.getCluster().createCorrel();
        ImmutableBitSet.Builder used = ImmutableBitSet.builder();
        RexNode condition = join.getCondition().accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef field) {
                if (inner.holds(field.getIndex())) {
                    return inner.value(field);
                }
                int index = field.getIndex() - outerFirst;
                used.set(index);
                return builder.makeFieldAccess(builder.makeCorrel(outer.getRowType(), id), index);
            }
        });
        Filter filter = inner.filter();
        RexNode both = filter == null
                ? condition
                : RexUtil.composeConjunction(builder, List.of(condition, filter.getCondition()));
        RelNode rows = convert(outer, join.getCluster().traitSetOf(EnumerableConvention.INSTANCE));
        ImmutableBitSet required = used.build();
        List<RelNode> lookups = new ArrayList<>();
        for (Choice choice : AccessPaths.bounded(inner.scan(), both)) {
            if (dependsOn(choice.path(), id)) {
                RelNode found = ScanRules.filtered(KeyScan.of(inner.scan(), choice.path()), choice.residual());
                Project project = inner.project();
                RelNode right = project == null
                        ? found
                        : EnumerableProject.create(found, project.getProjects(), project.getRowType());
                lookups.add(EnumerableCorrelate.create(rows, right, id, required, join.getJoinType()));
            }
        }
        return lookups;
    }

    private static boolean dependsOn(AccessPath path, CorrelationId id) {
        boolean[] depends = {false};
        RexVisitorImpl<@Nullable Void> visitor = new RexVisitorImpl<>(true) {
            @Override
            public @Nullable Void visitFieldAccess(RexFieldAccess access) {
                depends[0] |= access.getReferenceExpr() instanceof org.apache.calcite.rex.RexCorrelVariable variable
                        && variable.id.equals(id);
                return null;
            }
        };
        path.ranges().forEach(range -> range.values().forEach(value -> value.accept(visitor)));
        return depends[0];
    }
}
