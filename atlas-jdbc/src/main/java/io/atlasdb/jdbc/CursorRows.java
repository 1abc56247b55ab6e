package io.atlasdb.jdbc;

import io.atlasdb.proto.client.Fetch;
import io.atlasdb.proto.client.Frame;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Row;
import java.sql.SQLException;
import java.util.List;

/** Rows that the server still holds. */
final class CursorRows implements Rows {
    private final AtlasStatement statement;
    private final int cursor;
    private boolean last;

    CursorRows(AtlasStatement statement, int cursor) {
        this.statement = statement;
        this.cursor = cursor;
    }

    @Override
    public List<Row> next(int fetchSize) throws SQLException {
        Fetch fetch =
                Fetch.newBuilder().setCursor(cursor).setFetchSize(fetchSize).build();
        boolean answered = false;
        try {
            Frame frame = statement
                    .run(Request.newBuilder().setFetch(fetch), Channel.Loss.HARMLESS)
                    .getFrame();
            last = frame.getLast();
            answered = true;
            return frame.getRowsList();
        } finally {
            // After an error the server has closed it.
            last |= !answered;
        }
    }

    @Override
    public boolean last() {
        return last;
    }

    @Override
    public void close() {
        if (!last) {
            last = true;
            statement.channel().closeCursor(cursor);
        }
    }
}
