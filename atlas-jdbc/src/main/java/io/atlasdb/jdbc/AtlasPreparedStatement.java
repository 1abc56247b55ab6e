package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.JdbcType;
import io.atlasdb.proto.client.Batch;
import io.atlasdb.proto.client.Column;
import io.atlasdb.proto.client.Execute;
import io.atlasdb.proto.client.Parameter;
import io.atlasdb.proto.client.Prepare;
import io.atlasdb.proto.client.Prepared;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Row;
import io.atlasdb.proto.client.Value;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that the server has planned. Its parameters keep their values from one execution to the next. */
final class AtlasPreparedStatement extends ParameterSetters {
    private final int id;
    private final Prepared prepared;
    private final boolean wantKeys;
    private final List<String> keyNames;
    private final @Nullable Value[] values;
    private final List<Row> batch = new ArrayList<>();
    private List<Column> columns;

    AtlasPreparedStatement(
            AtlasConnection connection, int fetchSize, String sql, boolean wantKeys, List<String> keyNames)
            throws SQLException {
        super(connection, fetchSize);
        this.id = connection.nextStatement();
        this.wantKeys = wantKeys;
        this.keyNames = keyNames;
        Prepare prepare = Prepare.newBuilder()
                .setStatement(id)
                .setSql(Escapes.translate(sql))
                .build();
        prepared = run(Request.newBuilder().setPrepare(prepare), Channel.Loss.HARMLESS)
                .getPrepared();
        columns = prepared.getColumnsList();
        values = new Value[prepared.getParametersCount()];
    }

    private static String missing(int index) {
        return "parameter " + index + " has no value";
    }

    @Override
    void set(int index, @Nullable Object object, @Nullable Calendar calendar) throws SQLException {
        checkOpen();
        if (index < 1 || index > values.length) {
            throw Errors.of(
                    ErrorCode.INVALID_PARAMETER,
                    "the parameter index",
                    index,
                    "the statement has " + values.length + " parameters");
        }
        Parameter parameter = prepared.getParameters(index - 1);
        JdbcType target = AtlasResultSetMetaData.jdbcType(parameter.getType());
        values[index - 1] = Encoder.value(object, target, calendar);
    }

    private List<Value> values() throws SQLException {
        List<Value> all = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            Value value = values[i];
            if (value == null) {
                throw Errors.of(ErrorCode.DATA, missing(i + 1));
            }
            all.add(value);
        }
        return all;
    }

    private void runPrepared() throws SQLException {
        Execute.Builder execute =
                execution().setStatement(id).addAllParameters(values()).setGeneratedKeys(wantKeys);
        Channel.Loss loss = prepared.getKind() == Prepared.Kind.QUERY ? Channel.Loss.HARMLESS : loss();
        execute(execute, columns, loss, keyNames);
    }

    @Override
    void columnsChanged(List<Column> newColumns) {
        columns = newColumns;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        runPrepared();
        return queryResult();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        runPrepared();
        return count();
    }

    @Override
    public int executeUpdate() throws SQLException {
        return narrow(executeLargeUpdate());
    }

    @Override
    public boolean execute() throws SQLException {
        runPrepared();
        return getResultSet() != null;
    }

    @Override
    public void addBatch() throws SQLException {
        checkOpen();
        batch.add(Row.newBuilder().addAllValues(values()).build());
    }

    @Override
    public void clearBatch() throws SQLException {
        super.clearBatch();
        batch.clear();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        checkOpen();
        closeResults();
        Batch.Builder message =
                Batch.newBuilder().setStatement(id).addAllParameters(batch).setGeneratedKeys(wantKeys);
        batch.clear();
        return message.getParametersCount() == 0 ? new long[0] : runBatch(message, keyNames);
    }

    @Override
    public void clearParameters() throws SQLException {
        checkOpen();
        java.util.Arrays.fill(values, null);
    }

    @Override
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        return prepared.getKind() == Prepared.Kind.QUERY ? new AtlasResultSetMetaData(columns) : null;
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        checkOpen();
        return new AtlasParameterMetaData(prepared.getParametersList());
    }

    @Override
    public void close() throws SQLException {
        if (!isClosed()) {
            super.close();
            channel().closeStatementLater(id);
        }
    }
}
