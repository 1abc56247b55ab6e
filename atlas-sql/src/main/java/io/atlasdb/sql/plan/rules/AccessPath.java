package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.runtime.ScanSpec.Shape;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * A way to read a table: ranges of one key.
 *
 * @param index null for the primary key
 * @param key the columns of that key
 * @param ranges none of them overlaps another, unless they are equal
 * @param unique whether each range holds at most one row
 */
record AccessPath(@Nullable Index index, List<Index.Part> key, List<Range> ranges, boolean unique) {
    /** A whole key that is not unique still tells rows well apart, or nobody would keep it: of n rows, n to this power are equal. */
    private static final double EQUAL_POWER = 0.25;

    private static final double RANGE_PART = 0.3;

    AccessPath {
        ranges = List.copyOf(ranges);
    }

    /**
     * One range.
     *
     * @param equal values of the leading key columns
     * @param lower, upper bound of the next key column
     */
    record Range(
            List<RexNode> equal,
            @Nullable RexNode lower,
            boolean lowerInclusive,
            @Nullable RexNode upper,
            boolean upperInclusive) {
        static final Range ALL = new Range(List.of(), null, false, null, false);

        Range {
            equal = List.copyOf(equal);
        }

        Shape shape() {
            return new Shape(equal.size(), lower != null, lowerInclusive, upper != null, upperInclusive);
        }

        List<RexNode> values() {
            List<RexNode> values = new ArrayList<>(equal);
            if (lower != null) {
                values.add(lower);
            }
            if (upper != null) {
                values.add(upper);
            }
            return values;
        }
    }

    /** The whole table by its primary key or an index. */
    static AccessPath all(Table table, @Nullable Index index) {
        return new AccessPath(index, index == null ? table.primaryKey() : index.parts(), List.of(Range.ALL), false);
    }

    /** Columns with an equal value in every range. */
    int equal() {
        return ranges.stream().mapToInt(range -> range.equal().size()).min().orElse(0);
    }

    /** Whether the index alone holds what the scan shows. */
    boolean covers(ScanTable table) {
        for (int position : table.columns()) {
            int id = table.table().columns().get(position).id();
            boolean held = java.util.stream.Stream.concat(key.stream(), table.table().primaryKey().stream())
                    .anyMatch(part -> part.column() == id);
            if (!held) {
                return false;
            }
        }
        return true;
    }

    /** What part of the table's rows is read, an estimate. */
    double selectivity(double rows) {
        double part = 0;
        for (Range range : ranges) {
            part += unique ? 1 / rows : part(range, rows);
        }
        return Math.min(1, part);
    }

    private double part(Range range, double rows) {
        boolean distinct = index == null || index.unique();
        double power = 1.0 - range.equal().size() * (distinct ? 1 : 1 - EQUAL_POWER) / key.size();
        double part = Math.pow(rows, power) / rows;
        part *= range.lower() == null ? 1 : RANGE_PART;
        part *= range.upper() == null ? 1 : RANGE_PART;
        return range.equals(Range.ALL) ? 1 : Math.max(part, 1 / rows);
    }

    /** The order of the rows, in fields of the scan, as far as they show the key. Several ranges have none. */
    RelCollation collation(ScanTable table, boolean reverse) {
        List<RelFieldCollation> order = new ArrayList<>();
        if (ranges.size() == 1) {
            for (Index.Part part : key) {
                int field = table.field(table.table().position(part.column()));
                if (field < 0) {
                    break;
                }
                order.add(order(field, part.descending() != reverse));
            }
        }
        return RelCollations.of(order);
    }

    /** NULL comes first in keys, and so last in descending order. */
    static RelFieldCollation order(int field, boolean descending) {
        return descending
                ? new RelFieldCollation(field, Direction.DESCENDING, NullDirection.LAST)
                : new RelFieldCollation(field, Direction.ASCENDING, NullDirection.FIRST);
    }

    /** For EXPLAIN: the key and the bounds of each range. */
    String describe(Table table) {
        StringBuilder text = new StringBuilder();
        text.append(index == null ? "primary key" : "index " + index.name());
        if (ranges.size() == 1 && ranges.get(0).equals(Range.ALL)) {
            return text.append(", all rows").toString();
        }
        String separator = " ";
        for (Range range : ranges.subList(0, Math.min(ranges.size(), 4))) {
            text.append(separator).append(describe(table, range));
            separator = " or ";
        }
        return text.append(ranges.size() > 4 ? " or " + (ranges.size() - 4) + " more ranges" : "")
                .toString();
    }

    private String describe(Table table, Range range) {
        List<String> bounds = new ArrayList<>();
        for (int i = 0; i < range.equal().size(); i++) {
            bounds.add(name(table, i) + " = " + range.equal().get(i));
        }
        int next = range.equal().size();
        if (range.lower() != null) {
            bounds.add(name(table, next) + (range.lowerInclusive() ? " >= " : " > ") + range.lower());
        }
        if (range.upper() != null) {
            bounds.add(name(table, next) + (range.upperInclusive() ? " <= " : " < ") + range.upper());
        }
        return "[" + String.join(", ", bounds) + "]";
    }

    private String name(Table table, int part) {
        return table.columns().get(table.position(key.get(part).column())).name();
    }
}
