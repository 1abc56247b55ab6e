package io.atlasdb.sql.plan.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/** Reads some columns of a table; how is not decided yet. */
final class AtlasScan extends TableScan {
    AtlasScan(RelOptCluster cluster, ScanTable table) {
        super(cluster, cluster.traitSetOf(Convention.NONE), List.of(), table);
    }

    ScanTable scanTable() {
        return (ScanTable) getTable();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return this;
    }

    /** Keeps only the fields that are used. At least one stays: a row without columns cannot be told apart. */
    @Override
    public RelNode project(ImmutableBitSet used, Set<RelDataTypeField> extra, RelBuilder builder) {
        return used.isEmpty() ? this : narrow(used.toArray());
    }

    AtlasScan narrow(int[] fields) {
        return new AtlasScan(getCluster(), scanTable().narrow(getCluster().getTypeFactory(), fields));
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer)
                .item("columns", Arrays.toString(scanTable().columns()));
    }
}
