package io.atlasdb.sql.plan.rules;

import com.google.common.collect.ImmutableList;
import io.atlasdb.sql.plan.rules.AccessPaths.Choice;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.BuiltInMetadata;
import org.apache.calcite.rel.metadata.ChainedRelMetadataProvider;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.MetadataDef;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.ReflectiveRelMetadataProvider;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rel.metadata.RelMetadataProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/**
 * How many rows filters and joins leave, from the size of tables and from what their keys say: a unique key leads to one row, and a
 * join on it keeps the rows of the other side.
 *
 * <p>Public because generated code calls it.
 */
public final class Estimates implements MetadataHandler<BuiltInMetadata.RowCount> {
    /** These estimates, and Calcite's of everything else. */
    public static final RelMetadataProvider PROVIDER = ChainedRelMetadataProvider.of(ImmutableList.of(
            ReflectiveRelMetadataProvider.reflectiveSource(new Estimates(), BuiltInMetadata.RowCount.Handler.class),
            DefaultRelMetadataProvider.INSTANCE));

    /** Rows with the same value of a column that is no key. */
    private static final double DUPLICATES = 10;

    private static final double HALF = 0.5;

    private Estimates() {}

    @Override
    public MetadataDef<BuiltInMetadata.RowCount> getDef() {
        return BuiltInMetadata.RowCount.DEF;
    }

    /** Rows that a filter leaves; one on a key leaves those of the key. */
    public Double getRowCount(Filter filter, RelMetadataQuery mq) {
        double rows = RelMdUtil.estimateFilteredRows(filter.getInput(), filter.getCondition(), mq);
        if (filter.getInput().stripped() instanceof AtlasScan scan) {
            double all = scan.scanTable().getRowCount();
            for (Choice choice : AccessPaths.bounded(scan, filter.getCondition())) {
                double residual = choice.residual() == null ? 1 : RelMdUtil.guessSelectivity(choice.residual());
                rows = Math.min(rows, all * choice.path().selectivity(all) * residual);
            }
        }
        return Math.max(1, rows);
    }

    /** Rows of a join. */
    public Double getRowCount(Join join, RelMetadataQuery mq) {
        double left = Math.max(1, mq.getRowCount(join.getLeft()));
        double right = Math.max(1, mq.getRowCount(join.getRight()));
        double inner = Math.max(1, left * right * selectivity(join, mq, left, right));
        return switch (join.getJoinType()) {
            case LEFT, LEFT_ASOF, LEFT_MARK -> Math.max(left, inner);
            case RIGHT -> Math.max(right, inner);
            case FULL -> Math.max(left + right, inner);
            case SEMI -> Math.max(1, Math.min(left, inner) * HALF);
            case ANTI -> Math.max(1, left * HALF);
            default -> inner;
        };
    }

    private static double selectivity(Join join, RelMetadataQuery mq, double left, double right) {
        JoinInfo info = join.analyzeCondition();
        if (info.leftKeys.isEmpty()) {
            return RelMdUtil.guessSelectivity(join.getCondition());
        }
        double values = Math.max(left, right) / DUPLICATES;
        if (Boolean.TRUE.equals(mq.areColumnsUnique(join.getRight(), info.rightSet()))) {
            values = Math.max(values, all(join.getRight()));
        }
        if (Boolean.TRUE.equals(mq.areColumnsUnique(join.getLeft(), info.leftSet()))) {
            values = Math.max(values, all(join.getLeft()));
        }
        RexNode rest = RexUtil.composeConjunction(join.getCluster().getRexBuilder(), info.nonEquiConditions);
        return RelMdUtil.guessSelectivity(rest) / Math.max(1, values);
    }

    /** Rows of the largest table below, so about the number of values that its key had before filters. */
    private static double all(RelNode node) {
        RelNode rel = node.stripped();
        if (rel instanceof AtlasScan scan) {
            return scan.scanTable().getRowCount();
        }
        double rows = 1;
        for (RelNode input : rel.getInputs()) {
            rows = Math.max(rows, all(input));
        }
        return rows;
    }

    /** Rows of a look-up: the inner side says what one row finds. */
    public Double getRowCount(Correlate correlate, RelMetadataQuery mq) {
        double left = Math.max(1, mq.getRowCount(correlate.getLeft()));
        double right = Math.max(1, mq.getRowCount(correlate.getRight()));
        JoinRelType type = correlate.getJoinType();
        return type == JoinRelType.SEMI || type == JoinRelType.ANTI ? Math.max(1, left * HALF) : left * right;
    }
}
