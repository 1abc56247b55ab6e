package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.runtime.WorkingRows;
import java.lang.reflect.Method;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalTableScan;

/** Reads the working table of a recursive query: the rows that the last round found. */
final class WorkingScan extends TableScan implements EnumerableRel {
    static final RelOptRule RULE = new Rule();
    private static final Method SCAN =
            Types.lookupMethod(WorkingRows.class, "scan", DataContext.class, String.class, int.class);

    private WorkingScan(TableScan scan, RelTraitSet traits) {
        super(scan.getCluster(), traits, List.of(), scan.getTable());
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new WorkingScan(this, traits);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
        int width = getRowType().getFieldCount();
        PhysType type = PhysTypeImpl.of(
                implementor.getTypeFactory(), getRowType(), width == 1 ? JavaRowFormat.SCALAR : JavaRowFormat.ARRAY);
        List<String> name = getTable().getQualifiedName();
        return implementor.result(
                type,
                Blocks.toBlock(Expressions.call(
                        SCAN,
                        DataContext.ROOT,
                        Expressions.constant(name.get(name.size() - 1)),
                        Expressions.constant(width))));
    }

    @SuppressWarnings("deprecation") // The operand methods are all this rule needs.
    private static final class Rule extends RelOptRule {
        Rule() {
            super(operand(LogicalTableScan.class, none()), "AtlasWorkingScan");
        }

        @Override
        public void onMatch(RelOptRuleCall call) {
            TableScan scan = call.rel(0);
            call.transformTo(new WorkingScan(scan, scan.getCluster().traitSetOf(EnumerableConvention.INSTANCE)));
        }
    }
}
