package io.atlasdb.sql.remote;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Batch;
import io.atlasdb.proto.client.Counts;
import io.atlasdb.proto.client.Done;
import io.atlasdb.proto.client.Error;
import io.atlasdb.proto.client.Execute;
import io.atlasdb.proto.client.Executed;
import io.atlasdb.proto.client.Fetch;
import io.atlasdb.proto.client.Frame;
import io.atlasdb.proto.client.Prepare;
import io.atlasdb.proto.client.Prepared;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import io.atlasdb.proto.client.Row;
import io.atlasdb.proto.client.Settings;
import io.atlasdb.proto.client.Value;
import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.session.BatchCounts;
import io.atlasdb.sql.session.ExecuteOptions;
import io.atlasdb.sql.session.Execution;
import io.atlasdb.sql.session.Rows;
import io.atlasdb.sql.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client of the client protocol: its session, its prepared statements and its open cursors. Requests are handled one at a
 * time and in their order; {@link #cancel} comes from any thread and stops the request that it names.
 */
public final class Conversation implements AutoCloseable {
    /** Prepared statements of one conversation; a client that never closes any is told so. */
    private static final int STATEMENTS_MAX = 10_000;
    /** Open results of one conversation; each holds a snapshot. */
    private static final int CURSORS_MAX = 1_000;
    /** Rows of a frame when the client does not say. */
    private static final int FETCH_SIZE_DEFAULT = 1_000;

    private static final int FETCH_SIZE_MAX = 100_000;
    /** A frame ends after the row that passes this many bytes. */
    private static final int FRAME_BYTES = 1 << 20;
    /** How long a cancel goes on asking a statement that is just about to start. */
    private static final long CANCEL_MS_MAX = 1_000;

    private final Session session;
    private final FaultLog log;
    private final Map<Integer, Statement> statements = new HashMap<>();
    private final Map<Integer, Cursor> cursors = new HashMap<>();
    private final Turn turn = new Turn();
    private boolean closed;

    private static final class Statement {
        final io.atlasdb.sql.session.Prepared prepared;
        /** The columns that the client knows; they change when the schema does. */
        List<ResultColumn> sent;

        Statement(io.atlasdb.sql.session.Prepared prepared) {
            this.prepared = prepared;
            this.sent = prepared.columns();
        }
    }

    private record Cursor(Rows rows, List<ResultColumn> columns) {}

    Conversation(Session session, FaultLog log) {
        this.session = session;
        this.log = log;
    }

    /** Handles a request; an error becomes an answer, nothing is thrown. */
    public synchronized Response handle(Request request) {
        Response.Builder response = Response.newBuilder().setNumber(request.getNumber());
        try {
            if (closed) {
                throw ErrorCode.CONNECTION_CLOSED.error();
            }
            turn.begin(request.getNumber());
            request.getCloseCursorList().forEach(this::closeCursor);
            request.getCloseStatementList().forEach(statements::remove);
            answer(request, response);
            response.setInTransaction(session.inTransaction());
        } catch (Throwable thrown) {
            response.clearBody().setError(error(Faults.visible(thrown, log)));
            response.setInTransaction(!closed && session.inTransaction());
        } finally {
            turn.end(request.getNumber());
        }
        return response.build();
    }

    /**
     * Handles a request without ever making the caller wait, when it is the execution of a short prepared statement.
     *
     * @return null when it is not, and nothing was done; else what completes with the answer, or with null when {@link #handle}
     *     must do it after all
     */
    public synchronized @Nullable CompletableFuture<@Nullable Response> handleAtOnce(Request request) {
        Execute execute = request.getExecute();
        Statement statement = request.hasExecute() ? statements.get(execute.getStatement()) : null;
        if (closed || statement == null) {
            return null;
        }
        CompletableFuture<@Nullable Execution> begun;
        try {
            turn.begin(request.getNumber());
            begun = session.executeAtOnce(
                    statement.prepared,
                    Parameters.convert(execute.getParametersList(), statement.prepared.parameters()),
                    new ExecuteOptions(execute.getTimeoutMs(), execute.getRowsMax(), execute.getGeneratedKeys()));
        } catch (AtlasException e) {
            return null; // it fails again where errors are answered
        }
        if (begun == null) {
            return null;
        }
        request.getCloseCursorList().forEach(this::closeCursor);
        request.getCloseStatementList().forEach(statements::remove);
        return begun.handle((execution, thrown) -> {
            if (execution == null && thrown == null) {
                return null;
            }
            Response.Builder response = Response.newBuilder().setNumber(request.getNumber());
            try {
                if (thrown != null) {
                    throw thrown;
                }
                response.setExecuted(executed(execute, statement, statement.prepared, execution));
            } catch (Throwable failure) {
                response.clearBody().setError(error(Faults.visible(failure, log)));
            } finally {
                turn.end(request.getNumber());
            }
            return response.build();
        });
    }

    /** An error as a message. */
    static Error error(AtlasException error) {
        return Error.newBuilder()
                .setCode(error.code().number())
                .setSqlState(error.code().sqlState())
                .setMessage(String.valueOf(error.getMessage()))
                .build();
    }

    private void answer(Request request, Response.Builder response) {
        switch (request.getBodyCase()) {
            case PREPARE -> response.setPrepared(prepare(request.getPrepare()));
            case EXECUTE -> response.setExecuted(execute(request.getExecute()));
            case BATCH -> batch(request.getBatch(), response);
            case FETCH -> response.setFrame(fetch(request.getFetch()));
            case END -> {
                end(request.getEnd().getCommit());
                response.setDone(Done.getDefaultInstance());
            }
            case SETTINGS -> response.setSettings(set(request.getSettings()));
            case METADATA -> response.setExecuted(MetadataRequests.answer(request.getMetadata(), session.catalog()));
            case PING, BODY_NOT_SET -> response.setDone(Done.getDefaultInstance());
            case CLOSE_SESSION -> {
                close();
                response.setDone(Done.getDefaultInstance());
            }
            case OPEN, LOGIN -> throw ErrorCode.PROTOCOL.error("the conversation is open already");
            case CANCEL -> throw ErrorCode.PROTOCOL.error("a cancel needs a connection of its own");
        }
    }

    private Prepared prepare(Prepare request) {
        if (request.getStatement() == 0) {
            throw ErrorCode.PROTOCOL.error("statement ids start at 1");
        }
        if (statements.size() >= STATEMENTS_MAX) {
            throw ErrorCode.LIMIT.error("the number of prepared statements", statements.size() + 1, STATEMENTS_MAX);
        }
        io.atlasdb.sql.session.Prepared prepared = session.prepare(request.getSql());
        statements.put(request.getStatement(), new Statement(prepared));
        Prepared.Builder answer =
                Prepared.newBuilder().setKind(kind(prepared)).addAllColumns(WireValues.columns(prepared.columns()));
        prepared.parameters().forEach(p -> answer.addParameters(WireValues.parameter(p)));
        return answer.build();
    }

    private static Prepared.Kind kind(io.atlasdb.sql.session.Prepared prepared) {
        return switch (prepared.kind()) {
            case QUERY -> Prepared.Kind.QUERY;
            case DML -> Prepared.Kind.DML;
            case DDL -> Prepared.Kind.DDL;
            case CONTROL -> Prepared.Kind.CONTROL;
        };
    }

    private Executed execute(Execute request) {
        Statement statement = request.getStatement() == 0 ? null : statement(request.getStatement());
        io.atlasdb.sql.session.Prepared prepared =
                statement == null ? session.prepare(request.getSql()) : statement.prepared;
        List<@Nullable Object> parameters = Parameters.convert(request.getParametersList(), prepared.parameters());
        Execution execution = session.execute(
                prepared,
                parameters,
                new ExecuteOptions(request.getTimeoutMs(), request.getRowsMax(), request.getGeneratedKeys()));
        return executed(request, statement, prepared, execution);
    }

    private Executed executed(
            Execute request,
            @Nullable Statement statement,
            io.atlasdb.sql.session.Prepared prepared,
            Execution execution) {
        Executed.Builder answer =
                Executed.newBuilder().setUpdateCount(execution.updateCount()).setKind(kind(prepared));
        Rows rows = execution.rows();
        if (rows != null) {
            if (statement == null || !statement.sent.equals(execution.columns())) {
                answer.setColumnsSent(true).addAllColumns(WireValues.columns(execution.columns()));
                if (statement != null) {
                    statement.sent = execution.columns();
                }
            }
            answer.setFrame(open(request, new Cursor(rows, execution.columns())));
        }
        Execution.GeneratedKeys keys = execution.keys();
        if (keys != null) {
            answer.addAllKeyColumns(WireValues.columns(keys.columns()));
            keys.rows().forEach(row -> answer.addKeys(WireValues.row(keys.columns(), row)));
        }
        return answer.build();
    }

    private Statement statement(int id) {
        Statement statement = statements.get(id);
        if (statement == null) {
            throw ErrorCode.NO_SUCH_CURSOR.error(id);
        }
        return statement;
    }

    private Frame open(Execute request, Cursor cursor) {
        boolean kept = false;
        try {
            Frame frame = frame(cursor, request.getFetchSize());
            if (!frame.getLast()) {
                if (cursors.size() >= CURSORS_MAX) {
                    throw ErrorCode.LIMIT.error("the number of open results", cursors.size() + 1, CURSORS_MAX);
                }
                closeCursor(request.getCursor());
                cursors.put(request.getCursor(), cursor);
                kept = true;
            }
            return frame;
        } finally {
            if (!kept) {
                cursor.rows().close();
            }
        }
    }

    private Frame fetch(Fetch request) {
        Cursor cursor = cursors.get(request.getCursor());
        if (cursor == null) {
            throw ErrorCode.NO_SUCH_CURSOR.error(request.getCursor());
        }
        boolean kept = false;
        try {
            Frame frame = frame(cursor, request.getFetchSize());
            kept = !frame.getLast();
            return frame;
        } finally {
            if (!kept) {
                closeCursor(request.getCursor());
            }
        }
    }

    private static Frame frame(Cursor cursor, int fetchSize) {
        int rowsMax = fetchSize <= 0 ? FETCH_SIZE_DEFAULT : Math.min(fetchSize, FETCH_SIZE_MAX);
        Frame.Builder frame = Frame.newBuilder();
        long bytes = 0;
        for (int count = 0; count < rowsMax && bytes < FRAME_BYTES; count++) {
            if (!cursor.rows().next()) {
                return frame.setLast(true).build();
            }
            Row row = WireValues.row(cursor.columns(), cursor.rows().row());
            bytes += row.getSerializedSize();
            frame.addRows(row);
        }
        return frame.build();
    }

    private void closeCursor(int id) {
        Cursor cursor = cursors.remove(id);
        if (cursor != null) {
            cursor.rows().close();
        }
    }

    private void closeCursors() {
        for (Integer id : new ArrayList<>(cursors.keySet())) {
            closeCursor(id);
        }
    }

    private void batch(Batch request, Response.Builder response) {
        ExecuteOptions options = new ExecuteOptions(request.getTimeoutMs(), 0, request.getGeneratedKeys());
        Counts.Builder counts = Counts.newBuilder();
        if (request.getStatement() != 0) {
            io.atlasdb.sql.session.Prepared prepared = statement(request.getStatement()).prepared;
            List<List<@Nullable Object>> rows = new ArrayList<>(request.getParametersCount());
            for (Row row : request.getParametersList()) {
                List<Value> values = row.getValuesList();
                rows.add(Parameters.convert(values, prepared.parameters()));
            }
            BatchCounts batch = session.executeBatch(prepared, rows, options);
            for (long count : batch.counts()) {
                counts.addCounts(count);
            }
            Execution.GeneratedKeys keys = batch.keys();
            if (keys != null) {
                counts.addAllKeyColumns(WireValues.columns(keys.columns()));
                keys.rows().forEach(row -> counts.addKeys(WireValues.row(keys.columns(), row)));
            }
            response.setCounts(counts);
            return;
        }
        for (String sql : request.getSqlList()) {
            try {
                counts.addCounts(update(sql, options));
            } catch (RuntimeException e) {
                // Each text is a statement of its own: those before it stand, and the client learns their counts.
                response.setError(error(Faults.visible(e, log)).toBuilder().addAllCounts(counts.getCountsList()));
                return;
            }
        }
        response.setCounts(counts);
    }

    private long update(String sql, ExecuteOptions options) {
        io.atlasdb.sql.session.Prepared prepared = session.prepare(sql);
        if (prepared.kind() == io.atlasdb.sql.session.Prepared.Kind.QUERY) {
            throw ErrorCode.UNSUPPORTED.error("a query in a batch");
        }
        return session.execute(prepared, List.of(), options).updateCount();
    }

    private void end(boolean commit) {
        // Results do not outlive their transaction; their snapshot goes with it.
        if (session.inTransaction()) {
            closeCursors();
        }
        if (commit) {
            session.commit();
        } else {
            session.rollback();
        }
    }

    private Settings set(Settings request) {
        if (request.hasReadOnly()) {
            session.setReadOnly(request.getReadOnly());
        }
        if (request.hasIsolation()) {
            session.setIsolation(request.getIsolation());
        }
        if (request.hasSchema()) {
            session.setSchema(request.getSchema());
        }
        if (request.hasAutoCommit()) {
            if (request.getAutoCommit() && session.inTransaction()) {
                closeCursors();
            }
            session.setAutoCommit(request.getAutoCommit());
        }
        return settings();
    }

    Settings settings() {
        return Settings.newBuilder()
                .setAutoCommit(session.autoCommit())
                .setReadOnly(session.readOnly())
                .setIsolation(session.isolation())
                .setSchema(session.schema())
                .build();
    }

    /** Stops request {@code number} if it runs, and lets it fail when it comes later; does nothing when it is over. */
    void cancel(long number) {
        turn.cancel(number, session::cancel, CANCEL_MS_MAX);
    }

    /** Stops whatever runs, for a client that is gone; does not wait. {@link #close} comes next. */
    public void abort() {
        session.cancel();
    }

    /** Ends the session: what was not committed is rolled back. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try {
                closeCursors();
            } finally {
                statements.clear();
                session.close();
            }
        }
    }
}
