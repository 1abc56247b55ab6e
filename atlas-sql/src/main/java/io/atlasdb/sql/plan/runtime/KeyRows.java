package io.atlasdb.sql.plan.runtime;

import io.atlasdb.sql.catalog.SqlType.Kind;
import io.atlasdb.sql.plan.RowSource.KeyBounds;
import io.atlasdb.sql.plan.runtime.ScanSpec.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** Rows of key ranges, read as they are asked for. A range with a NULL bound is empty; equal ranges are read once. */
public final class KeyRows extends AbstractEnumerable<@Nullable Object> {
    private final AtlasContext context;
    private final ScanSpec spec;
    private final List<KeyBounds> ranges;

    private KeyRows(AtlasContext context, ScanSpec spec, List<KeyBounds> ranges) {
        this.context = context;
        this.spec = spec;
        this.ranges = ranges;
    }

    /**
     * Called by generated code.
     *
     * @param values the bounds of all ranges, each range's equal values, lower, upper
     */
    public static Enumerable<@Nullable Object> scan(DataContext context, ScanSpec spec, @Nullable Object[] values) {
        return new KeyRows((AtlasContext) context, spec, bounds(spec, values));
    }

    private static List<KeyBounds> bounds(ScanSpec spec, @Nullable Object[] values) {
        Object last = spec.limited() ? values[values.length - 1] : null;
        long limit = last instanceof Number number ? number.longValue() : Long.MAX_VALUE;
        List<KeyBounds> ranges = new ArrayList<>(spec.ranges().size());
        int from = 0;
        for (Shape shape : spec.ranges()) {
            @Nullable Object[] slice = Arrays.copyOfRange(values, from, from + shape.values());
            from += slice.length;
            for (int i = 0; i < slice.length; i++) {
                slice[i] = Values.toExternal(slice[i]);
            }
            if (!Arrays.asList(slice).contains(null)) {
                KeyBounds range = range(spec, shape, slice, limit);
                if (ranges.stream().noneMatch(other -> same(other, range))) {
                    ranges.add(range);
                }
            }
        }
        return ranges;
    }

    private static KeyBounds range(ScanSpec spec, Shape shape, @Nullable Object[] values, long limit) {
        int next = shape.equal();
        return new KeyBounds(
                spec.index(),
                Arrays.copyOf(values, shape.equal()),
                shape.lower() ? values[next] : null,
                shape.lowerInclusive(),
                shape.upper() ? values[values.length - 1] : null,
                shape.upperInclusive(),
                spec.reverse(),
                limit);
    }

    private static boolean same(KeyBounds left, KeyBounds right) {
        if (left.equal().length != right.equal().length) {
            return false;
        }
        for (int i = 0; i < left.equal().length; i++) {
            if (!Values.same(left.equal()[i], right.equal()[i])) {
                return false;
            }
        }
        return Values.same(left.lower(), right.lower()) && Values.same(left.upper(), right.upper());
    }

    @Override
    public Enumerator<@Nullable Object> enumerator() {
        return new RangeEnumerator();
    }

    private final class RangeEnumerator implements Enumerator<@Nullable Object> {
        private final int[] columns = spec.columns();
        private final boolean[] binary = new boolean[columns.length];
        private Iterator<@Nullable Object[]> rows = Collections.emptyIterator();
        private int range;
        private int unchecked;
        private @Nullable Object row;

        RangeEnumerator() {
            for (int i = 0; i < binary.length; i++) {
                Kind kind = spec.kind(i);
                binary[i] = kind == Kind.BINARY || kind == Kind.VARBINARY;
            }
        }

        @Override
        public @Nullable Object current() {
            return row;
        }

        @Override
        public boolean moveNext() {
            if (unchecked++ % AtlasContext.CHECK_ROWS == 0) {
                context.source().check();
            }
            while (!rows.hasNext()) {
                if (range == ranges.size()) {
                    return false;
                }
                rows = context.source().scan(spec.table(), ranges.get(range++), columns);
            }
            row = project(rows.next());
            return true;
        }

        /** A row of one column is the bare value, as generated code expects it. */
        private @Nullable Object project(@Nullable Object[] whole) {
            if (columns.length == 1) {
                return field(whole, 0);
            }
            @Nullable Object[] projected = new @Nullable Object[columns.length];
            for (int i = 0; i < columns.length; i++) {
                projected[i] = field(whole, i);
            }
            return projected;
        }

        private @Nullable Object field(@Nullable Object[] whole, int field) {
            Object value = whole[columns[field]];
            return binary[field] ? Values.toInternal(value) : value;
        }

        @Override
        public void reset() {
            close();
            range = 0;
        }

        @Override
        public void close() {
            range = ranges.size();
            Iterator<@Nullable Object[]> open = rows;
            rows = Collections.emptyIterator();
            if (open instanceof AutoCloseable scan) {
                try {
                    scan.close();
                } catch (Exception e) {
                    throw RuntimeErrors.translate(e);
                }
            }
        }
    }
}
