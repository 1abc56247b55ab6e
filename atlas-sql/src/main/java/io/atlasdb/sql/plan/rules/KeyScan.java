package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.runtime.KeyRows;
import io.atlasdb.sql.plan.runtime.ScanSpec;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.adapter.enumerable.RexToLixTranslator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgramBuilder;
import org.jspecify.annotations.Nullable;

/** Reads key ranges of a table, by its primary key or an index. */
final class KeyScan extends TableScan implements EnumerableRel {
    private static final Method SCAN = method();
    /** A row found through an index costs a look-up by its primary key as well. */
    private static final double INDEX_FACTOR = 4;
    /** Opening a range costs some 50 us, measured, in rows of a scan. */
    private static final double RANGE_COST = 20;
    /** What is assumed of a limit that is a parameter, rows. */
    static final double LIMIT_GUESS = 50;

    private final AccessPath path;
    private final boolean reverse;
    private final @Nullable RexNode limit;
    private final double rowsNeeded;

    private KeyScan(
            RelOptCluster cluster,
            RelTraitSet traits,
            ScanTable table,
            AccessPath path,
            boolean reverse,
            @Nullable RexNode limit,
            double rowsNeeded) {
        super(cluster, traits, List.of(), table);
        this.path = path;
        this.reverse = reverse;
        this.limit = limit;
        this.rowsNeeded = rowsNeeded;
    }

    /** Reads all rows of a path. */
    static KeyScan of(AtlasScan scan, AccessPath path) {
        return of(scan, path, false, null, Double.POSITIVE_INFINITY);
    }

    /**
     * Reads rows until enough of them are found.
     *
     * @param limit how many rows are needed, null for all, or for as many as a step above takes
     * @param rowsNeeded an estimate of how many rows will be asked for
     */
    static KeyScan of(AtlasScan scan, AccessPath path, boolean reverse, @Nullable RexNode limit, double rowsNeeded) {
        RelCollation collation = path.collation(scan.scanTable(), reverse);
        RelTraitSet traits =
                scan.getCluster().traitSetOf(EnumerableConvention.INSTANCE).replace(collation);
        return new KeyScan(scan.getCluster(), traits, scan.scanTable(), path, reverse, limit, rowsNeeded);
    }

    AccessPath path() {
        return path;
    }

    @Nullable
    RexNode limit() {
        return limit;
    }

    boolean reverse() {
        return reverse;
    }

    ScanTable scanTable() {
        return (ScanTable) getTable();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new KeyScan(getCluster(), traits, scanTable(), path, reverse, limit, rowsNeeded);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer)
                .item("columns", java.util.Arrays.toString(scanTable().columns()))
                .item("path", path)
                .itemIf("reverse", true, reverse)
                .itemIf("limit", limit, limit != null)
                .itemIf("needed", rowsNeeded, !Double.isInfinite(rowsNeeded));
    }

    @Override
    public double estimateRowCount(RelMetadataQuery mq) {
        double rows = scanTable().getRowCount();
        return Math.max(1, Math.min(rows * path.selectivity(rows), rowsNeeded));
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
        boolean direct = path.index() == null || path.covers(scanTable());
        // Among equals, a scan that may stop early wins: an estimate of few rows may be wrong.
        double rows = estimateRowCount(mq) * (direct ? 1 : INDEX_FACTOR) * (Double.isInfinite(rowsNeeded) ? 1 : 0.9);
        return planner.getCostFactory().makeCost(rows + path.ranges().size() * RANGE_COST, rows, 0);
    }

    /** The values of all bounds in their order, and behind them the limit when there is one. */
    List<RexNode> bounds() {
        List<RexNode> bounds = new ArrayList<>();
        path.ranges().forEach(range -> bounds.addAll(range.values()));
        if (limit != null) {
            bounds.add(limit);
        }
        return bounds;
    }

    ScanSpec spec() {
        return new ScanSpec(
                scanTable().table(),
                scanTable().columns(),
                path.index(),
                path.ranges().stream().map(AccessPath.Range::shape).toList(),
                reverse,
                limit != null);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
        int width = getRowType().getFieldCount();
        PhysType type = PhysTypeImpl.of(
                implementor.getTypeFactory(), getRowType(), width == 1 ? JavaRowFormat.SCALAR : JavaRowFormat.ARRAY);
        BlockBuilder block = new BlockBuilder();
        Expression values = Expressions.newArrayInit(Object.class, translate(bounds(), block, implementor));
        block.add(Expressions.call(SCAN, DataContext.ROOT, implementor.stash(spec(), ScanSpec.class), values));
        return implementor.result(type, block.toBlock());
    }

    private List<Expression> translate(List<RexNode> bounds, BlockBuilder block, EnumerableRelImplementor implementor) {
        if (bounds.isEmpty()) {
            return List.of();
        }
        RexProgramBuilder program = new RexProgramBuilder(
                getCluster().getTypeFactory().builder().build(), getCluster().getRexBuilder());
        for (int i = 0; i < bounds.size(); i++) {
            program.addProject(bounds.get(i), "B" + i);
        }
        List<Expression> translated = RexToLixTranslator.translateProjects(
                program.getProgram(),
                implementor.getTypeFactory(),
                implementor.getConformance(),
                block,
                null,
                null,
                DataContext.ROOT,
                (list, index, storage) -> {
                    throw new IllegalStateException("a bound reads field " + index + " of its own row");
                },
                implementor::getCorrelVariableGetter);
        List<Expression> boxed = new ArrayList<>();
        for (Expression value : translated) {
            boxed.add(Expressions.box(value));
        }
        return boxed;
    }

    private static Method method() {
        try {
            return KeyRows.class.getMethod("scan", DataContext.class, ScanSpec.class, Object[].class);
        } catch (NoSuchMethodException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
