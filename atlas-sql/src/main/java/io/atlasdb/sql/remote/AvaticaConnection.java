package io.atlasdb.sql.remote;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Value;
import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.session.ExecuteOptions;
import io.atlasdb.sql.session.Execution;
import io.atlasdb.sql.session.Prepared;
import io.atlasdb.sql.session.Rows;
import io.atlasdb.sql.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service;
import org.jspecify.annotations.Nullable;

/** One connection of a stock Avatica client: its session and statements. One request at a time. */
final class AvaticaConnection {
    private static final int STATEMENTS_MAX = 10_000;
    private static final int FRAME_ROWS_DEFAULT = 100;
    private static final int FRAME_ROWS_MAX = 10_000;

    final Session session;
    /** Who opened it; the same must go on. */
    final Login login;
    /** Whether that was proven by a header, which all requests have then. */
    final boolean byHeader;

    private final String id;
    private final Map<Integer, Statement> statements = new HashMap<>();
    private int lastStatement;
    private boolean closed;
    /** When the last request came, by the service's clock. */
    volatile long usedNanos;

    private static final class Statement {
        @Nullable
        Prepared prepared;

        @Nullable
        Rows rows;

        List<ResultColumn> columns = List.of();
        /** Rows that were sent. */
        long sent;

        void closeRows() {
            Rows open = rows;
            rows = null;
            if (open != null) {
                open.close();
            }
        }
    }

    AvaticaConnection(String id, Login login, boolean byHeader, Session session) {
        this.id = id;
        this.login = login;
        this.byHeader = byHeader;
        this.session = session;
    }

    synchronized int createStatement() {
        checkOpen();
        if (statements.size() >= STATEMENTS_MAX) {
            throw ErrorCode.LIMIT.error("the number of open statements", statements.size() + 1, STATEMENTS_MAX);
        }
        statements.put(++lastStatement, new Statement());
        return lastStatement;
    }

    synchronized void closeStatement(int statementId) {
        Statement statement = statements.remove(statementId);
        if (statement != null) {
            statement.closeRows();
        }
    }

    synchronized Meta.StatementHandle prepare(String sql) {
        checkOpen();
        Prepared prepared = session.prepare(sql);
        int statementId = createStatement();
        statement(statementId).prepared = prepared;
        return new Meta.StatementHandle(id, statementId, signature(prepared, prepared.columns()));
    }

    private static Meta.Signature signature(Prepared prepared, List<ResultColumn> columns) {
        List<Parameter> parameters = prepared.parameters();
        Meta.StatementType type = switch (prepared.kind()) {
            case QUERY -> Meta.StatementType.SELECT;
            case DML -> Meta.StatementType.IS_DML;
            case DDL, CONTROL -> Meta.StatementType.OTHER_DDL;
        };
        return AvaticaColumns.signature(columns, prepared.sql(), parameters, type);
    }

    synchronized Service.ResultSetResponse execute(int statementId, List<Value> parameters, int firstRows) {
        return run(statementId, prepared(statementId), parameters, firstRows, 0);
    }

    synchronized Service.ResultSetResponse execute(int statementId, String sql, long rowsMax, int firstRows) {
        checkOpen();
        Statement statement = statement(statementId);
        statement.closeRows();
        statement.prepared = session.prepare(sql);
        return run(statementId, statement.prepared, List.of(), firstRows, Math.max(0, rowsMax));
    }

    private Service.ResultSetResponse run(
            int statementId, Prepared prepared, List<Value> values, int firstRows, long rowsMax) {
        Statement statement = statement(statementId);
        statement.closeRows();
        List<@Nullable Object> parameters = Parameters.convert(values, prepared.parameters());
        Execution execution = session.execute(prepared, parameters, new ExecuteOptions(0, rowsMax, false));
        Rows rows = execution.rows();
        if (rows == null) {
            return new Service.ResultSetResponse(
                    id, statementId, false, null, null, execution.updateCount(), AvaticaService.NO_METADATA);
        }
        statement.rows = rows;
        statement.columns = execution.columns();
        statement.sent = 0;
        Meta.Frame frame = frame(statement, firstRows);
        Meta.Signature signature = signature(prepared, execution.columns());
        return new Service.ResultSetResponse(id, statementId, false, signature, frame, -1, AvaticaService.NO_METADATA);
    }

    synchronized Meta.Frame fetch(int statementId, long offset, int rowsMax) {
        checkOpen();
        Statement statement = statement(statementId);
        if (statement.rows == null) {
            throw ErrorCode.NO_SUCH_CURSOR.error(statementId);
        }
        if (offset != statement.sent) {
            throw ErrorCode.PROTOCOL.error("rows from " + offset + " were asked for, " + statement.sent + " is next");
        }
        return frame(statement, rowsMax);
    }

    private static Meta.Frame frame(Statement statement, int rowsMax) {
        int count = rowsMax <= 0 ? FRAME_ROWS_DEFAULT : Math.min(rowsMax, FRAME_ROWS_MAX);
        long offset = statement.sent;
        List<Object> list = new ArrayList<>();
        boolean done = false;
        try {
            Rows rows = java.util.Objects.requireNonNull(statement.rows);
            while (list.size() < count && !done) {
                if (rows.next()) {
                    list.add(AvaticaColumns.row(statement.columns, rows.row()));
                } else {
                    done = true;
                }
            }
        } catch (RuntimeException e) {
            statement.closeRows();
            throw e;
        }
        statement.sent += list.size();
        if (done) {
            statement.closeRows();
        }
        return new Meta.Frame(offset, done, list);
    }

    synchronized long[] batch(int statementId, List<List<Value>> rows) {
        Prepared prepared = prepared(statementId);
        List<List<@Nullable Object>> parameters = new ArrayList<>(rows.size());
        for (List<Value> row : rows) {
            parameters.add(Parameters.convert(row, prepared.parameters()));
        }
        return session.executeBatch(prepared, parameters, ExecuteOptions.NONE).counts();
    }

    synchronized long[] batchOfTexts(List<String> texts) {
        checkOpen();
        if (texts.contains(null)) {
            throw ErrorCode.PROTOCOL.error("the batch holds a command without a text");
        }
        long[] counts = new long[texts.size()];
        for (int i = 0; i < counts.length; i++) {
            Execution execution = session.execute(session.prepare(texts.get(i)), List.of(), ExecuteOptions.NONE);
            Rows rows = execution.rows();
            if (rows != null) {
                rows.close();
                throw ErrorCode.UNSUPPORTED.error("a query in a batch");
            }
            counts[i] = execution.updateCount();
        }
        return counts;
    }

    synchronized void end(boolean commit) {
        checkOpen();
        if (session.inTransaction()) {
            statements.values().forEach(Statement::closeRows);
        }
        if (commit) {
            session.commit();
        } else {
            session.rollback();
        }
    }

    /** Takes over what is not null, at once, and tells the whole state. */
    synchronized Meta.ConnectionProperties sync(Meta.ConnectionProperties wanted) {
        checkOpen();
        Boolean readOnly = wanted.isReadOnly();
        Integer isolation = wanted.getTransactionIsolation();
        String schema = wanted.getSchema();
        Boolean autoCommit = wanted.isAutoCommit();
        if (readOnly != null && readOnly != session.readOnly()) {
            session.setReadOnly(readOnly);
        }
        if (isolation != null && isolation != session.isolation()) {
            session.setIsolation(isolation);
        }
        if (schema != null && !schema.isEmpty()) {
            session.setSchema(schema);
        }
        if (autoCommit != null && autoCommit != session.autoCommit()) {
            session.setAutoCommit(autoCommit);
        }
        return new ConnectionPropertiesImpl(
                session.autoCommit(), session.readOnly(), session.isolation(), null, session.schema());
    }

    private Prepared prepared(int statementId) {
        checkOpen();
        Prepared prepared = statement(statementId).prepared;
        if (prepared == null) {
            throw ErrorCode.NO_SUCH_CURSOR.error(statementId);
        }
        return prepared;
    }

    private Statement statement(int statementId) {
        Statement statement = statements.get(statementId);
        if (statement == null) {
            throw ErrorCode.NO_SUCH_CURSOR.error(statementId);
        }
        return statement;
    }

    private void checkOpen() {
        if (closed) {
            throw ErrorCode.CONNECTION_CLOSED.error();
        }
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            statements.values().forEach(Statement::closeRows);
            statements.clear();
            session.close();
        }
    }
}
