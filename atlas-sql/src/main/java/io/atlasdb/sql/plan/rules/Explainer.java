package io.atlasdb.sql.plan.rules;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Values;

/** A plan as text: one step per line, deeper steps indented by two blanks. */
public final class Explainer {
    private Explainer() {}

    public static String explain(RelNode node) {
        StringBuilder text = new StringBuilder();
        explain(node, 0, text);
        return text.substring(0, text.length() - 1);
    }

    private static void explain(RelNode node, int depth, StringBuilder text) {
        if (node instanceof Meter) {
            explain(node.getInput(0), depth, text);
            return;
        }
        if (node instanceof StepRel steps) {
            explain(steps.branch(), depth, text);
            return;
        }
        String line = line(node);
        text.append("  ".repeat(depth)).append(line).append('\n');
        for (RelNode input : node.getInputs()) {
            explain(input, depth + 1, text);
        }
    }

    private static String line(RelNode node) {
        if (node instanceof KeyScan scan) {
            return "scan " + scan.scanTable().table().qualifiedName() + " by "
                    + scan.path().describe(scan.scanTable().table())
                    + (scan.reverse() ? ", backwards" : "")
                    + (scan.limit() == null ? "" : ", limit " + scan.limit());
        }
        if (node instanceof Calc calc) {
            String condition = calc.getProgram().getCondition() == null
                    ? ""
                    : "filter "
                            + calc.getProgram().expandLocalRef(calc.getProgram().getCondition()) + ", ";
            return condition + "project "
                    + calc.getProgram().getProjectList().stream()
                            .map(calc.getProgram()::expandLocalRef)
                            .toList();
        }
        if (node instanceof Join join) {
            return name(node) + " " + join.getJoinType().lowerName + " on " + join.getCondition();
        }
        if (node instanceof Correlate correlate) {
            return "look-up join " + correlate.getJoinType().lowerName;
        }
        if (node instanceof Aggregate aggregate) {
            return "aggregate by " + aggregate.getGroupSets() + " " + aggregate.getAggCallList();
        }
        if (node instanceof Sort sort) {
            return name(node)
                    + (sort.getCollation().getKeys().isEmpty() ? "" : " by " + sort.getCollation())
                    + (sort.offset == null ? "" : " offset " + sort.offset)
                    + (sort.fetch == null ? "" : " limit " + sort.fetch);
        }
        if (node instanceof SetOp operation) {
            return operation.kind.lowerName + (operation.all ? " all" : "");
        }
        return node instanceof Values values ? "values, " + values.getTuples().size() + " rows" : name(node);
    }

    /** {@code EnumerableHashJoin} → {@code hash join}. */
    static String name(RelNode node) {
        return node.getRelTypeName()
                .replaceFirst("^Enumerable", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(java.util.Locale.ROOT);
    }
}
