package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.plan.RelOptAbstractTable;
import org.apache.calcite.plan.RelOptSchema;
import org.apache.calcite.rel.RelReferentialConstraint;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** Some columns of a table, in lowered types, with the keys that they contain. */
final class ScanTable extends RelOptAbstractTable {
    private final Table table;
    private final int[] columns;
    private final RelDataType all;
    private final double rows;

    /**
     * @param columns positions in the table's row, ascending
     * @param all the lowered type of the whole row
     */
    ScanTable(
            RelOptSchema schema, RelDataTypeFactory factory, Table table, int[] columns, RelDataType all, double rows) {
        super(schema, table.name(), project(factory, all, columns));
        this.table = table;
        this.columns = columns;
        this.all = all;
        this.rows = rows;
    }

    private static RelDataType project(RelDataTypeFactory factory, RelDataType all, int[] columns) {
        RelDataTypeFactory.Builder builder = factory.builder();
        for (int column : columns) {
            builder.add(all.getFieldList().get(column));
        }
        return builder.build();
    }

    /** Fewer columns; {@code fields} count this table's own. */
    ScanTable narrow(RelDataTypeFactory factory, int[] fields) {
        int[] kept = Arrays.stream(fields).map(field -> columns[field]).toArray();
        return new ScanTable(schema, factory, table, kept, all, rows);
    }

    Table table() {
        return table;
    }

    int[] columns() {
        return columns;
    }

    /** The field that shows a column of the table, by the column's position; -1 when it is left out. */
    int field(int position) {
        return Arrays.binarySearch(columns, position) >= 0 ? Arrays.binarySearch(columns, position) : -1;
    }

    @Override
    public List<String> getQualifiedName() {
        return List.of(table.schema(), table.name());
    }

    @Override
    public double getRowCount() {
        return rows;
    }

    @Override
    public List<ImmutableBitSet> getKeys() {
        List<ImmutableBitSet> keys = new ArrayList<>();
        addKey(keys, table.primaryKey());
        for (Index index : table.indexes()) {
            if (index.unique() && index.state() == Index.State.PUBLIC) {
                addKey(keys, index.parts());
            }
        }
        return keys;
    }

    private void addKey(List<ImmutableBitSet> keys, List<Index.Part> parts) {
        ImmutableBitSet.Builder key = ImmutableBitSet.builder();
        for (Index.Part part : parts) {
            int position = table.position(part.column());
            if (field(position) < 0 || table.columns().get(position).nullable()) {
                return;
            }
            key.set(field(position));
        }
        keys.add(key.build());
    }

    @Override
    public boolean isKey(ImmutableBitSet fields) {
        return getKeys().stream().anyMatch(fields::contains);
    }

    @Override
    public @Nullable List<RelReferentialConstraint> getReferentialConstraints() {
        return List.of();
    }
}
