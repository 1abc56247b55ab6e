package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Batch;
import io.atlasdb.proto.client.Column;
import io.atlasdb.proto.client.Counts;
import io.atlasdb.proto.client.Error;
import io.atlasdb.proto.client.Execute;
import io.atlasdb.proto.client.Executed;
import io.atlasdb.proto.client.Prepared;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A statement by text. One thread at a time, except for {@link #cancel}. */
class AtlasStatement extends Wrapped implements Statement {
    private final AtlasConnection connection;
    private final List<String> texts = new ArrayList<>();
    private @Nullable AtlasResultSet result;
    private @Nullable AtlasResultSet keys;
    private long updateCount = -1;
    private int fetchSize;
    private long maxRows;
    private int timeoutSeconds;
    private boolean escapes = true;
    private boolean closed;
    private boolean closeOnCompletion;
    private boolean poolable;
    /** The request that runs, 0 when none does; what {@link #cancel} stops. */
    private volatile long running;

    AtlasStatement(AtlasConnection connection, int fetchSize) {
        this.connection = connection;
        this.fetchSize = fetchSize;
    }

    final Channel channel() {
        return connection.channel();
    }

    final void checkOpen() throws SQLException {
        if (closed) {
            throw Errors.of(ErrorCode.NO_SUCH_CURSOR, "object");
        }
    }

    /** Sends a request of this statement, so that it can be cancelled. */
    final Response run(Request.Builder request, Channel.Loss loss) throws SQLException {
        try {
            return channel().call(request, loss, timeoutMs(), n -> running = n);
        } finally {
            running = 0;
        }
    }

    final long timeoutMs() {
        return TimeUnit.SECONDS.toMillis(timeoutSeconds);
    }

    /** What losing the connection would mean for a statement that may write: in a transaction nothing, it is rolled back. */
    final Channel.Loss loss() {
        return connection.autoCommit() ? Channel.Loss.MAY_HAVE_COMMITTED : Channel.Loss.HARMLESS;
    }

    /** An execution with the options of this statement. */
    final Execute.Builder execution() {
        return Execute.newBuilder()
                .setCursor(connection.nextCursor())
                .setFetchSize(fetchSize)
                .setRowsMax(maxRows)
                .setTimeoutMs(timeoutMs());
    }

    /**
     * Executes, and keeps what came out.
     *
     * @param known the columns when the server need not send them
     */
    final void execute(Execute.Builder execute, List<Column> known, Channel.Loss loss, List<String> keyNames)
            throws SQLException {
        checkOpen();
        closeResults();
        Executed executed = run(Request.newBuilder().setExecute(execute), loss).getExecuted();
        if (executed.getKind() == Prepared.Kind.CONTROL) {
            connection.controlled();
        }
        if (executed.hasFrame()) {
            List<Column> columns = executed.getColumnsSent() ? executed.getColumnsList() : known;
            Rows rows = executed.getFrame().getLast() ? Rows.NONE : new CursorRows(this, execute.getCursor());
            result = new AtlasResultSet(this, columns, executed.getFrame().getRowsList(), rows, fetchSize);
            if (executed.getColumnsSent()) {
                columnsChanged(columns);
            }
        } else {
            updateCount = executed.getUpdateCount();
        }
        if (execute.getGeneratedKeys()) {
            keys = GeneratedKeys.result(this, executed.getKeyColumnsList(), executed.getKeysList(), keyNames);
        }
    }

    /** The server sent other columns than those that were known. */
    void columnsChanged(List<Column> columns) {
        // A text has no columns before it runs.
    }

    private boolean executeText(String sql, boolean wantKeys, List<String> keyNames) throws SQLException {
        Execute.Builder execute =
                execution().setSql(escapes ? Escapes.translate(sql) : sql).setGeneratedKeys(wantKeys);
        execute(execute, List.of(), loss(), keyNames);
        return result != null;
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        executeText(sql, false, List.of());
        return queryResult();
    }

    final ResultSet queryResult() throws SQLException {
        AtlasResultSet present = result;
        if (present == null) {
            throw Errors.of(ErrorCode.DATA, "the statement is not a query and has no rows; use executeUpdate");
        }
        return present;
    }

    final long count() throws SQLException {
        if (result != null) {
            closeResults();
            throw Errors.of(ErrorCode.DATA, "the statement is a query and has no update count; use executeQuery");
        }
        return updateCount;
    }

    /** An update count for the methods that know only an int. */
    static int narrow(long count) throws SQLException {
        if (count > Integer.MAX_VALUE) {
            throw Errors.of(ErrorCode.NUMERIC_OVERFLOW, count, "int; use the method for large counts");
        }
        return (int) count;
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        executeText(sql, false, List.of());
        return count();
    }

    @Override
    public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        executeText(sql, autoGeneratedKeys == RETURN_GENERATED_KEYS, List.of());
        return count();
    }

    @Override
    public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
        throw Errors.unsupported("choosing generated keys by position; name the columns");
    }

    @Override
    public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
        executeText(sql, columnNames.length > 0, List.of(columnNames));
        return count();
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        return narrow(executeLargeUpdate(sql));
    }

    @Override
    public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        return narrow(executeLargeUpdate(sql, autoGeneratedKeys));
    }

    @Override
    public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
        return narrow(executeLargeUpdate(sql, columnIndexes));
    }

    @Override
    public int executeUpdate(String sql, String[] columnNames) throws SQLException {
        return narrow(executeLargeUpdate(sql, columnNames));
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        return executeText(sql, false, List.of());
    }

    @Override
    public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
        return executeText(sql, autoGeneratedKeys == RETURN_GENERATED_KEYS, List.of());
    }

    @Override
    public boolean execute(String sql, int[] columnIndexes) throws SQLException {
        throw Errors.unsupported("choosing generated keys by position; name the columns");
    }

    @Override
    public boolean execute(String sql, String[] columnNames) throws SQLException {
        return executeText(sql, columnNames.length > 0, List.of(columnNames));
    }

    @Override
    public void addBatch(String sql) throws SQLException {
        checkOpen();
        texts.add(escapes ? Escapes.translate(sql) : sql);
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        texts.clear();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        checkOpen();
        closeResults();
        List<String> batch = List.copyOf(texts);
        texts.clear();
        return batch.isEmpty() ? new long[0] : runBatch(Batch.newBuilder().addAllSql(batch), List.of());
    }

    @Override
    public final int[] executeBatch() throws SQLException {
        long[] counts = executeLargeBatch();
        int[] narrow = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            narrow[i] = narrow(counts[i]);
        }
        return narrow;
    }

    final long[] runBatch(Batch.Builder batch, List<String> keyNames) throws SQLException {
        batch.setTimeoutMs(timeoutMs());
        Response response;
        try {
            response = channel()
                    .callForCounts(Request.newBuilder().setBatch(batch), loss(), timeoutMs(), n -> running = n);
        } finally {
            running = 0;
        }
        if (response.hasError()) {
            Error error = response.getError();
            SQLException cause = Errors.of(error);
            BatchUpdateException thrown = new BatchUpdateException(
                    error.getMessage(),
                    error.getSqlState(),
                    error.getCode(),
                    error.getCountsList().stream().mapToLong(Long::longValue).toArray(),
                    cause);
            thrown.setNextException(cause);
            throw thrown;
        }
        Counts counts = response.getCounts();
        if (batch.getGeneratedKeys()) {
            keys = GeneratedKeys.result(this, counts.getKeyColumnsList(), counts.getKeysList(), keyNames);
        }
        return counts.getCountsList().stream().mapToLong(Long::longValue).toArray();
    }

    final void closeResults() {
        AtlasResultSet open = result;
        result = null;
        keys = null;
        updateCount = -1;
        if (open != null) {
            open.closeRows();
        }
    }

    /** A result was closed by its reader. */
    final void resultClosed(AtlasResultSet closedResult) throws SQLException {
        if (closeOnCompletion && closedResult == result) {
            close();
        }
    }

    @Override
    public void close() throws SQLException {
        if (!closed) {
            closed = true;
            closeResults();
            connection.forget(this);
        }
    }

    @Override
    public final void cancel() throws SQLException {
        long request = running;
        if (request != 0) {
            channel().cancel(request);
        }
    }

    @Override
    public final @Nullable ResultSet getResultSet() {
        return result;
    }

    @Override
    public final long getLargeUpdateCount() {
        return result == null ? updateCount : -1;
    }

    @Override
    public final int getUpdateCount() throws SQLException {
        return narrow(getLargeUpdateCount());
    }

    @Override
    public final boolean getMoreResults() {
        closeResults();
        return false;
    }

    @Override
    public final boolean getMoreResults(int current) {
        // There is one result at most, so that keeping it open leaves nothing else to do.
        if (current != KEEP_CURRENT_RESULT) {
            closeResults();
        }
        result = null;
        updateCount = -1;
        return false;
    }

    @Override
    public final ResultSet getGeneratedKeys() throws SQLException {
        checkOpen();
        AtlasResultSet present = keys;
        return present == null ? new AtlasResultSet(this, List.of(), List.of(), Rows.NONE, 0) : present;
    }

    @Override
    public final Connection getConnection() {
        return connection;
    }

    @Override
    public final int getMaxFieldSize() {
        return 0;
    }

    @Override
    public final void setMaxFieldSize(int max) throws SQLException {
        if (max != 0) {
            throw Errors.unsupported("a limit for the size of fields");
        }
    }

    @Override
    public final int getMaxRows() throws SQLException {
        return narrow(maxRows);
    }

    @Override
    public final void setMaxRows(int max) throws SQLException {
        setLargeMaxRows(max);
    }

    @Override
    public final long getLargeMaxRows() {
        return maxRows;
    }

    @Override
    public final void setLargeMaxRows(long max) throws SQLException {
        maxRows = notNegative("maxRows", max);
    }

    @Override
    public final void setEscapeProcessing(boolean enable) {
        escapes = enable;
    }

    final boolean escapes() {
        return escapes;
    }

    @Override
    public final int getQueryTimeout() {
        return timeoutSeconds;
    }

    @Override
    public final void setQueryTimeout(int seconds) throws SQLException {
        timeoutSeconds = (int) notNegative("queryTimeout", seconds);
    }

    private static long notNegative(String what, long value) throws SQLException {
        if (value < 0) {
            throw Errors.of(ErrorCode.INVALID_PARAMETER, what, value, "it must not be negative");
        }
        return value;
    }

    @Override
    public final @Nullable SQLWarning getWarnings() {
        return null;
    }

    @Override
    public final void clearWarnings() {
        // The server has none.
    }

    @Override
    public final void setCursorName(String name) throws SQLException {
        throw Errors.unsupported("a named cursor");
    }

    @Override
    public final void setFetchDirection(int direction) throws SQLException {
        if (direction != ResultSet.FETCH_FORWARD) {
            throw Errors.unsupported("fetching backwards");
        }
    }

    @Override
    public final int getFetchDirection() {
        return ResultSet.FETCH_FORWARD;
    }

    @Override
    public final void setFetchSize(int rows) throws SQLException {
        fetchSize = (int) notNegative("fetchSize", rows);
    }

    @Override
    public final int getFetchSize() {
        return fetchSize;
    }

    @Override
    public final int getResultSetConcurrency() {
        return ResultSet.CONCUR_READ_ONLY;
    }

    @Override
    public final int getResultSetType() {
        return ResultSet.TYPE_FORWARD_ONLY;
    }

    @Override
    public final int getResultSetHoldability() {
        return ResultSet.CLOSE_CURSORS_AT_COMMIT;
    }

    @Override
    public final boolean isClosed() {
        return closed;
    }

    @Override
    public final void setPoolable(boolean poolable) {
        this.poolable = poolable;
    }

    @Override
    public final boolean isPoolable() {
        return poolable;
    }

    @Override
    public final void closeOnCompletion() {
        closeOnCompletion = true;
    }

    @Override
    public final boolean isCloseOnCompletion() {
        return closeOnCompletion;
    }
}
