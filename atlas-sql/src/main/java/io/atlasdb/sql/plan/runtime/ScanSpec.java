package io.atlasdb.sql.plan.runtime;

import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan reads; the values of its bounds come with each execution.
 *
 * @param columns positions of the table's columns that are needed, ascending
 * @param index null for the primary key
 * @param ranges one shape per range; their values follow each other in the array that is given to {@link KeyRows#scan}
 * @param limited whether the number of rows that are needed follows behind the bounds
 */
@SuppressWarnings("ArrayRecordComponent")
public record ScanSpec(
        Table table, int[] columns, @Nullable Index index, List<Shape> ranges, boolean reverse, boolean limited) {
    public ScanSpec {
        ranges = List.copyOf(ranges);
    }

    /**
     * Which bounds a range has.
     *
     * @param equal how many leading key columns have a value
     */
    public record Shape(int equal, boolean lower, boolean lowerInclusive, boolean upper, boolean upperInclusive) {
        public static final Shape ALL = new Shape(0, false, false, false, false);

        /** How many values the range takes. */
        public int values() {
            return equal + (lower ? 1 : 0) + (upper ? 1 : 0);
        }
    }

    /** The type of a column that is read. */
    SqlType.Kind kind(int field) {
        return table.columns().get(columns[field]).type().kind();
    }
}
