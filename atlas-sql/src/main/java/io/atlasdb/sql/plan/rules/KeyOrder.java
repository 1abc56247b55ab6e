package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;

/**
 * Whether an access path yields an order that is asked for. Columns with one value in the whole range may stand anywhere in it, and
 * what follows behind a whole unique key says nothing more.
 */
enum KeyOrder {
    FORWARD,
    REVERSE,
    NONE;

    /** @param wanted in fields of the scan; empty when any order will do */
    static KeyOrder of(AccessPath path, ScanTable table, List<RelFieldCollation> wanted) {
        if (wanted.isEmpty()) {
            return FORWARD;
        }
        if (path.ranges().size() != 1) {
            return NONE;
        }
        List<Index.Part> key = entryOrder(path, table.table());
        Set<Integer> settled = new HashSet<>();
        for (Index.Part part : key.subList(0, path.equal())) {
            settled.add(field(table, part));
        }
        KeyOrder order = null;
        int next = 0;
        for (RelFieldCollation column : wanted) {
            if (settled.contains(column.getFieldIndex())) {
                continue;
            }
            while (next < key.size() && settled.contains(field(table, key.get(next)))) {
                next++;
            }
            if (next == key.size()) {
                return isTotal(path, table.table()) && order != null ? order : NONE;
            }
            Index.Part part = key.get(next);
            KeyOrder step = column.direction.isDescending() == part.descending() ? FORWARD : REVERSE;
            boolean follows = field(table, part) == column.getFieldIndex()
                    && nullsFollow(table.table(), part, column)
                    && (order == null || order == step);
            if (!follows) {
                return NONE;
            }
            order = step;
            settled.add(column.getFieldIndex());
        }
        return order == null ? FORWARD : order;
    }

    /** An entry of an index that is not unique ends with the primary key. */
    private static List<Index.Part> entryOrder(AccessPath path, Table table) {
        List<Index.Part> key = new ArrayList<>(path.key());
        if (path.index() != null && !path.index().unique()) {
            key.addAll(table.primaryKey());
        }
        return key;
    }

    /** Whether no two rows have the same key; rows with NULL in a unique index may. */
    private static boolean isTotal(AccessPath path, Table table) {
        return path.index() == null
                || !path.index().unique()
                || path.key().stream()
                        .noneMatch(part -> table.columns()
                                .get(table.position(part.column()))
                                .nullable());
    }

    private static int field(ScanTable table, Index.Part part) {
        return table.field(table.table().position(part.column()));
    }

    /** NULL is the lowest value of a key. */
    private static boolean nullsFollow(Table table, Index.Part part, RelFieldCollation column) {
        NullDirection ofKey = column.direction.isDescending() ? NullDirection.LAST : NullDirection.FIRST;
        return column.nullDirection == ofKey
                || !table.columns().get(table.position(part.column())).nullable();
    }
}
