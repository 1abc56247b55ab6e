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

    private final AccessPath path;
    private final boolean reverse;
    private final @Nullable RexNode limit;

    private KeyScan(
            RelOptCluster cluster,
            RelTraitSet traits,
            ScanTable table,
            AccessPath path,
            boolean reverse,
            @Nullable RexNode limit) {
        super(cluster, traits, List.of(), table);
        this.path = path;
        this.reverse = reverse;
        this.limit = limit;
    }

    /** @param limit how many rows are needed, null for all */
    static KeyScan of(AtlasScan scan, AccessPath path, boolean reverse, @Nullable RexNode limit) {
        RelCollation collation = path.collation(scan.scanTable(), reverse);
        RelTraitSet traits = scan.getCluster().traitSetOf(EnumerableConvention.INSTANCE);
        return new KeyScan(scan.getCluster(), traits.replace(collation), scan.scanTable(), path, reverse, limit);
    }

    AccessPath path() {
        return path;
    }

    boolean reverse() {
        return reverse;
    }

    ScanTable scanTable() {
        return (ScanTable) getTable();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new KeyScan(getCluster(), traits, scanTable(), path, reverse, limit);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer)
                .item("columns", java.util.Arrays.toString(scanTable().columns()))
                .item("path", path)
                .itemIf("reverse", true, reverse)
                .itemIf("limit", limit, limit != null);
    }

    @Override
    public double estimateRowCount(RelMetadataQuery mq) {
        double rows = Math.max(
                1, scanTable().getRowCount() * path.selectivity(scanTable().getRowCount()));
        if (limit instanceof org.apache.calcite.rex.RexLiteral literal) {
            Number wanted = (Number) literal.getValue();
            return wanted == null ? rows : Math.min(rows, Math.max(1, wanted.doubleValue()));
        }
        return rows;
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
        double rows = estimateRowCount(mq) * (path.index() == null ? 1 : INDEX_FACTOR);
        return planner.getCostFactory().makeCost(rows + path.ranges().size(), rows, 0);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
        int width = getRowType().getFieldCount();
        PhysType type = PhysTypeImpl.of(
                implementor.getTypeFactory(), getRowType(), width == 1 ? JavaRowFormat.SCALAR : JavaRowFormat.ARRAY);
        List<RexNode> bounds = new ArrayList<>();
        path.ranges().forEach(range -> bounds.addAll(range.values()));
        if (limit != null) {
            bounds.add(limit);
        }
        ScanSpec spec = new ScanSpec(
                scanTable().table(),
                scanTable().columns(),
                path.index(),
                path.ranges().stream().map(AccessPath.Range::shape).toList(),
                reverse,
                limit != null);
        BlockBuilder block = new BlockBuilder();
        Expression values = Expressions.newArrayInit(Object.class, translate(bounds, block, implementor));
        block.add(Expressions.call(SCAN, DataContext.ROOT, implementor.stash(spec, ScanSpec.class), values));
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
