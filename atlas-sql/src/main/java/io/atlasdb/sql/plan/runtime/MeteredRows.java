package io.atlasdb.sql.plan.runtime;

import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.function.EqualityComparer;
import org.apache.calcite.linq4j.function.Function0;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.linq4j.function.Function2;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into a step that loops or keeps them: looks now and then whether the statement must stop, and counts the memory
 * of what the step keeps. A step that is run again, as the inner side of a look-up is, has let go of what it kept before.
 */
public final class MeteredRows extends AbstractEnumerable<@Nullable Object> {
    /** Rows between two looks at whether the statement must stop; a row may cost a whole inner loop. */
    private static final int CHECK_ROWS = 16;
    /** Memory is reserved in portions, bytes. */
    private static final long PORTION_BYTES = 16 << 10;
    /** What a group weighs besides its key: an entry of a hash table and some accumulators, bytes. */
    private static final long GROUP_BYTES = 160;

    private final Enumerable<@Nullable Object> rows;
    private final AtlasContext context;
    private final int meter;
    private final String step;
    private final long rowsKept;

    private MeteredRows(
            Enumerable<@Nullable Object> rows, AtlasContext context, int meter, String step, long rowsKept) {
        this.rows = rows;
        this.context = context;
        this.meter = meter;
        this.step = step;
        this.rowsKept = rowsKept;
    }

    /**
     * Called by generated code.
     *
     * @param meter number of the meter in its plan
     * @param step what an error names
     * @param rowsKept how many rows the step keeps at most; 0 for a step that keeps groups of rows or nothing
     */
    public static Enumerable<@Nullable Object> of(
            DataContext context, Enumerable<@Nullable Object> rows, int meter, String step, long rowsKept) {
        return new MeteredRows(rows, (AtlasContext) context, meter, step, rowsKept);
    }

    @Override
    public Enumerator<@Nullable Object> enumerator() {
        context.release(meter);
        return new MeteredEnumerator(rows.enumerator());
    }

    @Override
    public <K, A, R> Enumerable<R> groupBy(
            Function1<@Nullable Object, K> key,
            Function0<A> start,
            Function2<A, @Nullable Object, A> add,
            Function2<K, A, R> result) {
        Groups<K, A> groups = new Groups<>(key, start);
        return super.groupBy(groups::key, groups::start, add, result);
    }

    @Override
    public <K, A, R> Enumerable<R> groupBy(
            Function1<@Nullable Object, K> key,
            Function0<A> start,
            Function2<A, @Nullable Object, A> add,
            Function2<K, A, R> result,
            EqualityComparer<K> comparer) {
        Groups<K, A> groups = new Groups<>(key, start);
        return super.groupBy(groups::key, groups::start, add, result, comparer);
    }

    /** Counts groups: an accumulator is started for the key that was computed last. */
    private final class Groups<K, A> {
        private final Function1<@Nullable Object, K> key;
        private final Function0<A> start;
        private long lastBytes;

        Groups(Function1<@Nullable Object, K> key, Function0<A> start) {
            this.key = key;
            this.start = start;
        }

        K key(@Nullable Object row) {
            K value = key.apply(row);
            lastBytes = Values.size(value);
            return value;
        }

        A start() {
            context.reserve(meter, GROUP_BYTES + lastBytes, step);
            return start.apply();
        }
    }

    private final class MeteredEnumerator implements Enumerator<@Nullable Object> {
        private final Enumerator<@Nullable Object> input;
        private long count;
        private long unreserved;

        MeteredEnumerator(Enumerator<@Nullable Object> input) {
            this.input = input;
        }

        @Override
        public @Nullable Object current() {
            return input.current();
        }

        @Override
        public boolean moveNext() {
            if (count++ % CHECK_ROWS == 0) {
                context.source().check();
            }
            if (!input.moveNext()) {
                return false;
            }
            if (count <= rowsKept) {
                unreserved += Values.size(input.current());
                if (unreserved >= PORTION_BYTES) {
                    context.reserve(meter, unreserved, step);
                    unreserved = 0;
                }
            }
            return true;
        }

        @Override
        public void reset() {
            input.reset();
        }

        @Override
        public void close() {
            input.close();
        }
    }
}
