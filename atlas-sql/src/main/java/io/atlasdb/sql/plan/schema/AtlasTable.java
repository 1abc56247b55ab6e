package io.atlasdb.sql.plan.schema;

import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.types.AtlasTypeFactory;
import io.atlasdb.sql.plan.types.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table of the catalog, hidden columns included, so that a row read through it can be written back. */
public final class AtlasTable extends AbstractTable {
    private final Table table;
    private final Cardinality cardinality;

    public AtlasTable(Table table, Cardinality cardinality) {
        this.table = table;
        this.cardinality = cardinality;
    }

    public Table table() {
        return table;
    }

    /** Rows of the table, an estimate of at least one. */
    public double rows() {
        return Math.max(1, cardinality.rows(table));
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder builder = factory.builder();
        for (Column column : table.columns()) {
            builder.add(column.name(), Types.toCalcite((AtlasTypeFactory) factory, column.type(), column.nullable()));
        }
        return builder.build();
    }

    @Override
    public Statistic getStatistic() {
        return Statistics.UNKNOWN;
    }
}
