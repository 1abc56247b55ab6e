package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.Slots;
import io.atlasdb.sql.plan.runtime.Values;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/** The one output of a plan that maps a row to a value: {@code SELECT expression [FROM table]}. */
public final class RowOutput {
    private RowOutput() {}

    /** The output ready to run over the row of its table, or null when it is not simple. */
    public static @Nullable RowExpression of(RelNode node) {
        RexNode output = output(node);
        if (output == null || (!(node.getInput(0) instanceof AtlasScan) && RexUtil.containsInputRef(output))) {
            // A constant may have been moved into the one row that the output is computed over.
            return null;
        }
        int[] positions =
                node.getInput(0) instanceof AtlasScan scan ? scan.scanTable().columns() : new int[0];
        RowExpression expression =
                Interpreted.of(output, positions, node.getCluster().getRexBuilder());
        return expression == null ? null : (row, source) -> Values.toExternal(expression.eval(row, source));
    }

    /** Whether the output is the same for all rows and at all times. */
    public static boolean isConstant(RelNode node) {
        RexNode output = output(node);
        if (output == null) {
            return node instanceof org.apache.calcite.rel.core.Values;
        }
        boolean[] constant = {RexUtil.isDeterministic(output)};
        output.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef reference) {
                constant[0] = false;
                return super.visitInputRef(reference);
            }

            @Override
            public Void visitDynamicParam(RexDynamicParam parameter) {
                constant[0] &= parameter.getIndex() < Slots.CONTEXT;
                return super.visitDynamicParam(parameter);
            }
        });
        return constant[0];
    }

    private static @Nullable RexNode output(RelNode node) {
        boolean direct = node instanceof Project
                && (node.getInput(0) instanceof AtlasScan
                        || node.getInput(0) instanceof org.apache.calcite.rel.core.Values);
        return direct ? ((Project) node).getProjects().get(0) : null;
    }
}
