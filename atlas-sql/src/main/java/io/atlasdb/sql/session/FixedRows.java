package io.atlasdb.sql.session;

import io.atlasdb.sql.plan.RowCursor;
import org.jspecify.annotations.Nullable;

/** Rows that are in memory and hang on no transaction; reading them needs no lock. */
final class FixedRows implements Rows {
    private final RowCursor cursor;
    private long left;

    /**
     * @param rowsMax at most so many rows; 0 = all
     */
    FixedRows(RowCursor cursor, long rowsMax) {
        this.cursor = cursor;
        left = rowsMax == 0 ? Long.MAX_VALUE : rowsMax;
    }

    @Override
    public boolean next() {
        return left-- > 0 && cursor.next();
    }

    @Override
    public @Nullable Object[] row() {
        return cursor.row();
    }

    @Override
    public void close() {
        cursor.close();
    }
}
