package io.atlasdb.sql.exec;

import io.atlasdb.sql.plan.RowCursor;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Rows that are in memory already. */
final class FixedCursor implements RowCursor {
    static final RowCursor EMPTY = new FixedCursor(List.of());

    private final Iterator<@Nullable Object[]> rows;
    private @Nullable Object @Nullable [] row;

    FixedCursor(List<@Nullable Object[]> rows) {
        this.rows = rows.iterator();
    }

    @Override
    public boolean next() {
        row = rows.hasNext() ? rows.next() : null;
        return row != null;
    }

    @Override
    public @Nullable Object[] row() {
        if (row == null) {
            throw new NoSuchElementException("no present row");
        }
        return row;
    }

    @Override
    public void close() {
        row = null;
    }
}
