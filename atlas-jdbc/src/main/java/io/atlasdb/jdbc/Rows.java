package io.atlasdb.jdbc;

import io.atlasdb.proto.client.Row;
import java.sql.SQLException;
import java.util.List;

/** Where a result set gets its rows from, a frame at a time. */
interface Rows {
    /** The next rows; only called while {@link #last} is false. */
    List<Row> next(int fetchSize) throws SQLException;

    /** Whether no rows follow those that were given. */
    boolean last();

    /** Lets go of rows that were not read. */
    void close();

    /** No rows beyond those that came at once. */
    Rows NONE = new Rows() {
        @Override
        public List<Row> next(int fetchSize) {
            return List.of();
        }

        @Override
        public boolean last() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };
}
