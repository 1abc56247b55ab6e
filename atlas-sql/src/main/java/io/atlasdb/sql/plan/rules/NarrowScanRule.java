package io.atlasdb.sql.plan.rules;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.Mappings;

/**
 * A scan reads only the columns that are used above it.
 *
 * <pre>
 * Project(c + 1)      →  Project(c + 1)
 *   AtlasScan(a, b, c)     AtlasScan(c)
 * </pre>
 */
@SuppressWarnings("deprecation") // The operand methods are all this rule needs.
final class NarrowScanRule extends RelOptRule {
    static final NarrowScanRule INSTANCE = new NarrowScanRule();

    private NarrowScanRule() {
        super(operand(LogicalProject.class, operand(AtlasScan.class, none())), "AtlasNarrowScan");
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Project project = call.rel(0);
        AtlasScan scan = call.rel(1);
        int width = scan.getRowType().getFieldCount();
        ImmutableBitSet used = RelOptUtil.InputFinder.bits(project.getProjects(), null);
        if (used.isEmpty()) {
            used = ImmutableBitSet.of(0);
        }
        if (used.cardinality() == width) {
            return;
        }
        List<RexNode> projects =
                RexUtil.apply(Mappings.target(used::indexOf, width, used.cardinality()), project.getProjects());
        call.transformTo(LogicalProject.create(
                scan.narrow(used.toArray()),
                project.getHints(),
                projects,
                project.getRowType().getFieldNames(),
                project.getVariablesSet()));
    }
}
