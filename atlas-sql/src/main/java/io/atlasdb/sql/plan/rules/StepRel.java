package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.runtime.AtlasContext;
import io.atlasdb.sql.plan.runtime.Step;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.jspecify.annotations.Nullable;

/** A branch of a plan that runs by steps, as a leaf of what is generated. */
final class StepRel extends AbstractRelNode implements EnumerableRel {
    private static final Method OPEN = Types.lookupMethod(AtlasContext.class, "open", DataContext.class, Step.class);
    /** Rows passing through steps up to which generated code is not worth its making, which takes as long as some 100,000. */
    private static final double ROWS_MAX = 50_000;

    private final EnumerableRel branch;
    private final Step step;

    private StepRel(EnumerableRel branch, Step step) {
        super(branch.getCluster(), branch.getTraitSet());
        this.branch = branch;
        this.step = step;
    }

    /** The plan with its largest branches that can run by steps, and that few rows pass, in nodes of this class. */
    static EnumerableRel insert(EnumerableRel node) {
        // A scan needs little code of its own, and a row without columns has no form that both sides share.
        boolean fit = !(node instanceof KeyScan)
                && Steps.width(node) > 0
                && rows(node, node.getCluster().getMetadataQuery()) <= ROWS_MAX;
        Step step = fit ? Steps.of(node) : null;
        if (step != null) {
            return new StepRel(node, step);
        }
        List<RelNode> inputs = new ArrayList<>();
        node.getInputs().forEach(input -> inputs.add(insert((EnumerableRel) input)));
        return inputs.equals(node.getInputs()) ? node : (EnumerableRel) node.copy(node.getTraitSet(), inputs);
    }

    /** An estimate of how many rows all steps of a branch look at. */
    private static double rows(RelNode node, RelMetadataQuery mq) {
        double rows = mq.getRowCount(node);
        if (node instanceof Join join && join.analyzeCondition().leftKeys.isEmpty()) {
            rows = mq.getRowCount(join.getLeft()) * mq.getRowCount(join.getRight());
        }
        for (RelNode input : node.getInputs()) {
            rows += rows(input, mq);
        }
        return rows;
    }

    EnumerableRel branch() {
        return branch;
    }

    /** The step of a plan that needs no code at all; null for another. */
    static @Nullable Step whole(EnumerableRel plan) {
        return plan instanceof StepRel steps ? steps.step : null;
    }

    @Override
    protected RelDataType deriveRowType() {
        return branch.getRowType();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return this;
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
        int width = getRowType().getFieldCount();
        PhysType type = PhysTypeImpl.of(
                implementor.getTypeFactory(), getRowType(), width == 1 ? JavaRowFormat.SCALAR : JavaRowFormat.ARRAY);
        BlockBuilder block = new BlockBuilder();
        block.add(Expressions.call(OPEN, DataContext.ROOT, implementor.stash(step, Step.class)));
        return implementor.result(type, block.toBlock());
    }
}
