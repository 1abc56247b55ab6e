package io.atlasdb.sql.plan.runtime;

import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.RowSource;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows one row as the only one of its table; all else is the statement's. */
public final class OneRow implements RowSource {
    private final RowSource source;
    private final @Nullable Object[] row;

    public OneRow(RowSource source, @Nullable Object[] row) {
        this.source = source;
        this.row = row;
    }

    @Override
    public Iterator<@Nullable Object[]> scan(Table table, KeyBounds bounds, int[] columns) {
        return List.<@Nullable Object[]>of(row).iterator();
    }

    @Override
    public @Nullable Object parameter(int index) {
        return source.parameter(index);
    }

    @Override
    public void reserve(long bytes, String step) {
        source.reserve(bytes, step);
    }

    @Override
    public void check() {
        source.check();
    }

    @Override
    public long transactionMicros() {
        return source.transactionMicros();
    }

    @Override
    public String user() {
        return source.user();
    }

    @Override
    public String schema() {
        return source.schema();
    }
}
