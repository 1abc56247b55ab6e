package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.runtime.AtlasContext;
import io.atlasdb.sql.plan.runtime.MeteredRows;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.adapter.enumerable.EnumerableCorrelate;
import org.apache.calcite.adapter.enumerable.EnumerableHashJoin;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.adapter.enumerable.EnumerableNestedLoopJoin;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.EnumerableRepeatUnion;
import org.apache.calcite.adapter.enumerable.EnumerableSort;
import org.apache.calcite.adapter.enumerable.EnumerableWindow;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Stands below a step that loops or keeps rows, see {@link MeteredRows}. Calcite's operators are used as they are; this is how
 * budget, cancel and time-out reach them.
 */
final class Meter extends SingleRel implements EnumerableRel {
    private static final Method OF = Types.lookupMethod(
            MeteredRows.class, "of", DataContext.class, Enumerable.class, int.class, String.class, long.class);
    private static final long ALL = Long.MAX_VALUE;

    private final int number;
    private final String step;
    private final long rowsKept;

    private Meter(RelNode input, int number, String step, long rowsKept) {
        super(input.getCluster(), input.getTraitSet(), input);
        this.number = number;
        this.step = step;
        this.rowsKept = rowsKept;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new Meter(inputs.get(0), number, step, rowsKept);
    }

    /** The rows that pass, when they run by steps. */
    Enumerable<@Nullable Object> rows(AtlasContext context, Enumerable<@Nullable Object> input) {
        return MeteredRows.of(context, input, number, step, rowsKept);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
        Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), prefer);
        BlockBuilder block = new BlockBuilder();
        block.add(Expressions.call(
                OF,
                DataContext.ROOT,
                block.append("metered", input.block),
                Expressions.constant(number),
                Expressions.constant(step),
                Expressions.constant(rowsKept)));
        return implementor.result(input.physType, block.toBlock());
    }

    /** The physical plan with meters where they are needed. */
    static RelNode insert(RelNode node) {
        return new Inserter().visit(node);
    }

    private static final class Inserter {
        private int meters;

        RelNode visit(RelNode node) {
            List<RelNode> inputs = new ArrayList<>();
            for (int i = 0; i < node.getInputs().size(); i++) {
                RelNode input = visit(node.getInput(i));
                long kept = rowsKept(node, i);
                inputs.add(kept < 0 ? input : new Meter(input, meters++, Explainer.name(node), kept));
            }
            return inputs.equals(node.getInputs()) ? node : node.copy(node.getTraitSet(), inputs);
        }

        /** How many rows of an input a step keeps; 0 when it only loops or groups them, -1 when it does neither. */
        private static long rowsKept(RelNode node, int input) {
            if (node instanceof EnumerableLimitSort sort) {
                return number(sort.fetch) + number(sort.offset);
            }
            if (node instanceof EnumerableSort || node instanceof EnumerableWindow) {
                return ALL;
            }
            if (node instanceof EnumerableHashJoin || node instanceof EnumerableNestedLoopJoin) {
                return input == 0 ? 0 : ALL;
            }
            if (node instanceof SetOp operation) {
                return operation.all ? -1 : ALL;
            }
            if (node instanceof EnumerableRepeatUnion) {
                return ALL;
            }
            if (node instanceof EnumerableAggregate aggregate
                    && aggregate.getAggCallList().stream()
                            .anyMatch(call ->
                                    !call.getCollation().getFieldCollations().isEmpty())) {
                return ALL;
            }
            boolean loops = node instanceof EnumerableAggregate || (node instanceof EnumerableCorrelate && input == 0);
            return loops ? 0 : -1;
        }

        /** A parameter's value is not known yet: a quarter of all rows that can be counted is as good as all. */
        private static long number(@Nullable RexNode node) {
            if (node == null) {
                return 0;
            }
            Number value = node instanceof RexLiteral literal ? (Number) literal.getValue() : null;
            return value == null ? ALL / 4 : Math.min(ALL / 4, value.longValue());
        }
    }
}
