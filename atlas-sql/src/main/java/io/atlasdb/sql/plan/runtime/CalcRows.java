package io.atlasdb.sql.plan.runtime;

import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.RowSource;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** Rows that a condition leaves, as expressions of their values. */
public final class CalcRows extends AbstractEnumerable<@Nullable Object> {
    private final Enumerable<@Nullable Object> input;
    private final RowSource source;
    private final Shape shape;

    /**
     * What is computed of a row.
     *
     * @param inputWidth columns of a row that comes in
     * @param condition keeps rows for which it is TRUE; null keeps all
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Shape(int inputWidth, @Nullable RowExpression condition, RowExpression[] outputs) {}

    public CalcRows(Enumerable<@Nullable Object> input, RowSource source, Shape shape) {
        this.input = input;
        this.source = source;
        this.shape = shape;
    }

    @Override
    public Enumerator<@Nullable Object> enumerator() {
        return new CalcEnumerator(input.enumerator());
    }

    private final class CalcEnumerator implements Enumerator<@Nullable Object> {
        private final Enumerator<@Nullable Object> rows;
        private @Nullable Object row;

        CalcEnumerator(Enumerator<@Nullable Object> rows) {
            this.rows = rows;
        }

        @Override
        public @Nullable Object current() {
            return row;
        }

        @Override
        public boolean moveNext() {
            RowExpression condition = shape.condition();
            while (rows.moveNext()) {
                @Nullable Object[] values = Tuples.values(rows.current(), shape.inputWidth());
                if (condition == null || Boolean.TRUE.equals(condition.eval(values, source))) {
                    row = project(values);
                    return true;
                }
            }
            return false;
        }

        private @Nullable Object project(@Nullable Object[] values) {
            RowExpression[] outputs = shape.outputs();
            @Nullable Object[] result = new @Nullable Object[outputs.length];
            for (int i = 0; i < result.length; i++) {
                result[i] = outputs[i].eval(values, source);
            }
            return Tuples.row(result);
        }

        @Override
        public void reset() {
            rows.reset();
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
