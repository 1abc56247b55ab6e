package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.rules.AccessPath.Range;
import io.atlasdb.sql.plan.rules.AccessPaths.Choice;
import io.atlasdb.sql.plan.runtime.Values;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * A rewritten plan that reads at most one row by its whole primary key.
 *
 * <pre>
 * Project(exprs)
 *   Filter(key = constants, nothing else)
 *     AtlasScan
 * </pre>
 *
 * @param key one expression per key column
 * @param outputs the expressions of the result, over the whole row of the table; the entry of one that is not simple is null
 * @param positions the position in the row of each output that is a bare column, else -1
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyMatch(
        Table table, List<RowExpression> key, List<@Nullable RowExpression> outputs, int[] positions, String explain) {
    /** The match, or null when the plan has another shape. */
    public static @Nullable KeyMatch of(RelNode node) {
        Project project = node instanceof Project top ? top : null;
        RelNode input = project == null ? node : project.getInput();
        if (!(input instanceof Filter filter) || !(filter.getInput() instanceof AtlasScan scan)) {
            return null;
        }
        for (Choice choice : AccessPaths.bounded(scan, filter.getCondition())) {
            AccessPath path = choice.path();
            boolean whole =
                    path.index() == null && path.unique() && path.ranges().size() == 1;
            if (whole && (choice.residual() == null || choice.residual().isAlwaysTrue())) {
                return match(project, scan, path);
            }
        }
        return null;
    }

    private static @Nullable KeyMatch match(@Nullable Project project, AtlasScan scan, AccessPath path) {
        int[] columns = scan.scanTable().columns();
        RexBuilder builder = scan.getCluster().getRexBuilder();
        Range range = path.ranges().get(0);
        List<RowExpression> key = new ArrayList<>();
        for (RexNode value : range.equal()) {
            RowExpression expression = Interpreted.of(value, columns, builder);
            if (expression == null) {
                return null;
            }
            key.add((row, source) -> Values.toExternal(expression.eval(row, source)));
        }
        List<RexNode> nodes =
                project == null ? new ArrayList<>(builder.identityProjects(scan.getRowType())) : project.getProjects();
        List<@Nullable RowExpression> outputs = new ArrayList<>();
        int[] positions = new int[nodes.size()];
        for (int i = 0; i < positions.length; i++) {
            outputs.add(Interpreted.of(nodes.get(i), columns, builder));
            positions[i] = nodes.get(i) instanceof RexInputRef field ? columns[field.getIndex()] : -1;
        }
        Table table = scan.scanTable().table();
        return new KeyMatch(table, key, outputs, positions, table.qualifiedName() + " by " + path.describe(table));
    }
}
