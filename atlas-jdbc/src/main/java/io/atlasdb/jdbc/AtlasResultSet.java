package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.JdbcType;
import io.atlasdb.proto.client.Column;
import io.atlasdb.proto.client.Row;
import io.atlasdb.proto.client.Value;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows, forward only. At most one frame of them is held. */
final class AtlasResultSet extends ByLabel {
    private final AtlasStatement statement;
    private final List<Column> columns;
    private final Rows source;
    private List<Row> frame;
    private int position = -1;
    private long rowNumber;
    private int fetchSize;
    private boolean closed;
    private boolean after;
    private boolean wasNull;
    private @Nullable Map<String, Integer> labels;

    AtlasResultSet(AtlasStatement statement, List<Column> columns, List<Row> first, Rows source, int fetchSize) {
        this.statement = statement;
        this.columns = columns;
        this.frame = first;
        this.source = source;
        this.fetchSize = fetchSize;
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw Errors.of(ErrorCode.DATA, "the result set is closed");
        }
    }

    @Override
    public boolean next() throws SQLException {
        checkOpen();
        if (after) {
            return false;
        }
        position++;
        if (!available(position)) {
            after = true;
            return false;
        }
        rowNumber++;
        return true;
    }

    /** Whether a row is at {@code index} of the frame, which is fetched if need be. */
    private boolean available(int index) throws SQLException {
        while (index >= frame.size()) {
            if (source.last()) {
                return false;
            }
            // The frame is used up: index is its size, and becomes the first of the next one.
            frame = source.next(fetchSize);
            position = 0;
            index = 0;
        }
        return true;
    }

    private Value value(int column) throws SQLException {
        checkOpen();
        if (position < 0 || after) {
            throw Errors.of(ErrorCode.DATA, "there is no present row; call next first");
        }
        if (column < 1 || column > columns.size()) {
            throw Errors.of(
                    ErrorCode.INVALID_PARAMETER,
                    "the column index",
                    column,
                    "the result has " + columns.size() + " columns");
        }
        Value value = frame.get(position).getValues(column - 1);
        wasNull = Cells.isNull(value);
        return value;
    }

    private JdbcType type(int column) {
        return AtlasResultSetMetaData.jdbcType(columns.get(column - 1).getType());
    }

    @Override
    public int findColumn(String label) throws SQLException {
        checkOpen();
        Map<String, Integer> known = labels;
        if (known == null) {
            known = new HashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                known.putIfAbsent(columns.get(i).getLabel().toUpperCase(Locale.ROOT), i + 1);
            }
            labels = known;
        }
        Integer found = known.get(label.toUpperCase(Locale.ROOT));
        if (found == null) {
            throw Errors.of(ErrorCode.NO_SUCH_COLUMN, label, " in the result");
        }
        return found;
    }

    @Override
    public boolean wasNull() throws SQLException {
        checkOpen();
        return wasNull;
    }

    @Override
    public @Nullable String getString(int column) throws SQLException {
        Value value = value(column);
        return wasNull ? null : Cells.text(value);
    }

    @Override
    public @Nullable String getNString(int column) throws SQLException {
        return getString(column);
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        Value value = value(column);
        return !wasNull && Cells.bool(value);
    }

    private long integer(int column, long min, long max, String type) throws SQLException {
        Value value = value(column);
        return wasNull ? 0 : Cells.integer(value, min, max, type);
    }

    @Override
    public byte getByte(int column) throws SQLException {
        return (byte) integer(column, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
    }

    @Override
    public short getShort(int column) throws SQLException {
        return (short) integer(column, Short.MIN_VALUE, Short.MAX_VALUE, "short");
    }

    @Override
    public int getInt(int column) throws SQLException {
        return (int) integer(column, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
    }

    @Override
    public long getLong(int column) throws SQLException {
        return integer(column, Long.MIN_VALUE, Long.MAX_VALUE, "long");
    }

    @Override
    public float getFloat(int column) throws SQLException {
        return (float) getDouble(column);
    }

    @Override
    public double getDouble(int column) throws SQLException {
        Value value = value(column);
        return wasNull ? 0 : Cells.real(value);
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
        Value value = value(column);
        return wasNull ? null : Cells.decimal(value, "BigDecimal");
    }

    @Override
    @Deprecated
    public @Nullable BigDecimal getBigDecimal(int column, int scale) throws SQLException {
        BigDecimal decimal = getBigDecimal(column);
        return decimal == null ? null : decimal.setScale(scale, RoundingMode.HALF_UP);
    }

    @Override
    public byte @Nullable [] getBytes(int column) throws SQLException {
        Value value = value(column);
        return wasNull ? null : Cells.bytes(value);
    }

    @Override
    public @Nullable Date getDate(int column) throws SQLException {
        return getDate(column, (Calendar) null);
    }

    @Override
    public @Nullable Date getDate(int column, @Nullable Calendar calendar) throws SQLException {
        Value value = value(column);
        if (wasNull) {
            return null;
        }
        return Calendars.date(
                isInstant(value)
                        ? getTimestampOf(value, calendar).toLocalDateTime().toLocalDate()
                        : Cells.date(value),
                calendar);
    }

    @Override
    public @Nullable Time getTime(int column) throws SQLException {
        return getTime(column, (Calendar) null);
    }

    @Override
    public @Nullable Time getTime(int column, @Nullable Calendar calendar) throws SQLException {
        Value value = value(column);
        if (wasNull) {
            return null;
        }
        return isInstant(value)
                ? new Time(getTimestampOf(value, calendar).getTime())
                : Calendars.time(Cells.time(value), calendar);
    }

    @Override
    public @Nullable Timestamp getTimestamp(int column) throws SQLException {
        return getTimestamp(column, (Calendar) null);
    }

    @Override
    public @Nullable Timestamp getTimestamp(int column, @Nullable Calendar calendar) throws SQLException {
        Value value = value(column);
        return wasNull ? null : getTimestampOf(value, calendar);
    }

    private static boolean isInstant(Value value) {
        return value.getValueCase() == Value.ValueCase.TIMESTAMP_TZ;
    }

    /** A timestamp with a time zone is the instant itself, whatever the calendar. */
    private static Timestamp getTimestampOf(Value value, @Nullable Calendar calendar) throws SQLException {
        return isInstant(value)
                ? Timestamp.from(Cells.instant(value))
                : Calendars.timestamp(Cells.dateTime(value), calendar);
    }

    @Override
    public @Nullable Object getObject(int column) throws SQLException {
        Value value = value(column);
        return Cells.object(value, type(column));
    }

    @Override
    public @Nullable Object getObject(int column, @Nullable Map<String, Class<?>> map) throws SQLException {
        return getObject(column);
    }

    @Override
    public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
        Value value = value(column);
        return wasNull ? null : Classes.as(value, type, type(column));
    }

    @Override
    public @Nullable InputStream getAsciiStream(int column) throws SQLException {
        String text = getString(column);
        return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable InputStream getBinaryStream(int column) throws SQLException {
        byte[] bytes = getBytes(column);
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    @Override
    public @Nullable Reader getCharacterStream(int column) throws SQLException {
        String text = getString(column);
        return text == null ? null : new StringReader(text);
    }

    @Override
    public @Nullable Reader getNCharacterStream(int column) throws SQLException {
        return getCharacterStream(column);
    }

    @Override
    public @Nullable Blob getBlob(int column) throws SQLException {
        byte[] bytes = getBytes(column);
        return bytes == null ? null : new AtlasBlob(bytes);
    }

    @Override
    public @Nullable Clob getClob(int column) throws SQLException {
        return getNClob(column);
    }

    @Override
    public @Nullable NClob getNClob(int column) throws SQLException {
        String text = getString(column);
        return text == null ? null : new AtlasClob(text);
    }

    @Override
    public @Nullable URL getURL(int column) throws SQLException {
        String text = getString(column);
        try {
            return text == null ? null : new URL(text);
        } catch (MalformedURLException e) {
            throw Errors.of(e, ErrorCode.INVALID_TEXT, text, "URL");
        }
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        return new AtlasResultSetMetaData(columns);
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        checkOpen();
        return rowNumber == 0 && !after && (!frame.isEmpty() || !source.last());
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        checkOpen();
        return after && rowNumber > 0;
    }

    @Override
    public boolean isFirst() throws SQLException {
        checkOpen();
        return rowNumber == 1 && !after;
    }

    @Override
    public boolean isLast() throws SQLException {
        checkOpen();
        if (after || rowNumber == 0 || position + 1 < frame.size()) {
            return false;
        }
        if (source.last()) {
            return true;
        }
        Row present = frame.get(position);
        List<Row> next = source.next(fetchSize);
        frame = new java.util.ArrayList<>(next.size() + 1);
        frame.add(present);
        frame.addAll(next);
        position = 0;
        return isLast();
    }

    @Override
    public int getRow() throws SQLException {
        checkOpen();
        return after ? 0 : (int) Math.min(Integer.MAX_VALUE, rowNumber);
    }

    @Override
    public boolean rowUpdated() {
        return false;
    }

    @Override
    public boolean rowInserted() {
        return false;
    }

    @Override
    public boolean rowDeleted() {
        return false;
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        if (direction != FETCH_FORWARD) {
            throw Errors.unsupported("fetching backwards");
        }
    }

    @Override
    public int getFetchDirection() {
        return FETCH_FORWARD;
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        if (rows < 0) {
            throw Errors.of(ErrorCode.INVALID_PARAMETER, "fetchSize", rows, "it must not be negative");
        }
        fetchSize = rows;
    }

    @Override
    public int getFetchSize() {
        return fetchSize;
    }

    @Override
    public int getType() {
        return ResultSet.TYPE_FORWARD_ONLY;
    }

    @Override
    public int getConcurrency() {
        return ResultSet.CONCUR_READ_ONLY;
    }

    @Override
    public int getHoldability() {
        return ResultSet.CLOSE_CURSORS_AT_COMMIT;
    }

    @Override
    public @Nullable SQLWarning getWarnings() {
        return null;
    }

    @Override
    public void clearWarnings() {
        // The server has none.
    }

    @Override
    public Statement getStatement() {
        return statement;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Closes without telling the statement, which does it itself. */
    void closeRows() {
        if (!closed) {
            closed = true;
            frame = List.of();
            source.close();
        }
    }

    @Override
    public void close() throws SQLException {
        if (!closed) {
            closeRows();
            statement.resultClosed(this);
        }
    }
}
