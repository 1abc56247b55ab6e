package io.atlasdb.sql.remote;

import com.google.protobuf.ByteString;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.sql.Connection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.Meta.DatabaseProperty;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Responses;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.jspecify.annotations.Nullable;

/**
 * Avatica's {@code Service} over sessions, for stock Avatica clients of any language. A connection that is not known is an
 * error and never opened anew in silence, since its transaction would be lost without a word. Safe for any thread.
 */
public final class AvaticaService implements Service, AutoCloseable {
    /** Avatica cannot read an empty address. */
    static final RpcMetadataResponse NO_METADATA = new RpcMetadataResponse("atlas");

    private static final CommitResponse COMMITTED = (CommitResponse) empty(Responses.CommitResponse.class);
    private static final RollbackResponse ROLLED_BACK = (RollbackResponse) empty(Responses.RollbackResponse.class);

    private final Shared shared;
    private final Caller caller;

    /**
     * Who sends a request.
     *
     * @param login whom its HTTP header proved; null without one
     */
    public record Caller(Peer peer, @Nullable Login login) {}

    /** What the services of all callers share. */
    private record Shared(
            SessionFactory sessions,
            Logins logins,
            ConnectionSlots slots,
            String serverVersion,
            LongSupplier nanos,
            Map<String, AvaticaConnection> connections) {}

    /**
     * A service over {@code sessions}, for those whom {@code logins} lets in.
     *
     * @param nanos the clock that silence is measured by
     */
    public AvaticaService(
            SessionFactory sessions, Logins logins, ConnectionSlots slots, String serverVersion, LongSupplier nanos) {
        this(
                new Shared(sessions, logins, slots, serverVersion, nanos, new ConcurrentHashMap<>()),
                new Caller(new Peer("", false), null));
    }

    private AvaticaService(Shared shared, Caller caller) {
        this.shared = shared;
        this.caller = caller;
    }

    /** The same service, for requests of this caller. */
    AvaticaService as(Caller other) {
        return new AvaticaService(shared, other);
    }

    /** A response without content, made from its message because Avatica hides its constructor. */
    private static Response empty(Class<?> message) {
        Common.WireMessage wire = Common.WireMessage.newBuilder()
                .setName(message.getName())
                .setWrappedMessage(ByteString.EMPTY)
                .build();
        try {
            return new ProtobufTranslationImpl().parseResponse(wire.toByteArray());
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A part of a request that every client sends; JSON lets one leave it out. */
    private static <T> T required(@Nullable T part, String name) {
        if (part == null) {
            throw ErrorCode.PROTOCOL.error("the request has no " + name);
        }
        return part;
    }

    private AvaticaConnection connection(@Nullable String id) {
        AvaticaConnection connection = id == null ? null : shared.connections.get(id);
        if (connection == null) {
            throw ErrorCode.CONNECTION_CLOSED.error();
        }
        requireSame(connection);
        connection.usedNanos = shared.nanos.getAsLong();
        return connection;
    }

    /** The id of a connection is chosen by its client, perhaps badly: it is of no use to another user, nor from elsewhere. */
    private void requireSame(AvaticaConnection connection) {
        Login now = caller.login();
        Login opener = connection.login;
        boolean same = now == null
                ? !connection.byHeader
                        && opener.peer().address().equals(caller.peer().address())
                : now.user().equals(opener.user());
        if (!same) {
            throw ErrorCode.LOGIN.error("the connection was opened by somebody else");
        }
    }

    private Metadata metadata(String connectionId) {
        return new Metadata(connection(connectionId).session.catalog());
    }

    @Override
    public OpenConnectionResponse apply(OpenConnectionRequest request) {
        required(request.connectionId, "connectionId");
        if (shared.connections.containsKey(request.connectionId)) {
            throw ErrorCode.PROTOCOL.error("the connection is open already");
        }
        Map<String, String> info = request.info == null ? Map.of() : request.info;
        Login login = login(info);
        shared.slots.take();
        boolean kept = false;
        try {
            AvaticaConnection connection = new AvaticaConnection(
                    request.connectionId, login, caller.login() != null, shared.sessions.open(login, info));
            connection.usedNanos = shared.nanos.getAsLong();
            kept = shared.connections.putIfAbsent(request.connectionId, connection) == null;
            if (!kept) {
                connection.close();
                throw ErrorCode.PROTOCOL.error("the connection is open already");
            }
            return new OpenConnectionResponse(NO_METADATA);
        } finally {
            if (!kept) {
                shared.slots.give();
                shared.logins.left(login);
            }
        }
    }

    /** By the header of the request, else by what the connection's properties say, else nobody. */
    private Login login(Map<String, String> info) {
        Login proven = caller.login();
        if (proven != null) {
            return proven;
        }
        String password = info.getOrDefault("password", "");
        return password.isEmpty()
                ? shared.logins.nobody(caller.peer())
                : shared.logins.password(info.getOrDefault("user", ""), password, caller.peer());
    }

    /** Whether a request offers a password of its own, so that one in its header would be a second. */
    static boolean offersPassword(Request request) {
        return request instanceof OpenConnectionRequest open
                && open.info != null
                && !open.info.getOrDefault("password", "").isEmpty();
    }

    @Override
    public CloseConnectionResponse apply(CloseConnectionRequest request) {
        required(request.connectionId, "connectionId");
        if (shared.connections.containsKey(request.connectionId)) {
            connection(request.connectionId);
            close(request.connectionId);
        }
        return new CloseConnectionResponse(NO_METADATA);
    }

    private void close(String id) {
        AvaticaConnection connection = shared.connections.remove(id);
        if (connection != null) {
            try {
                connection.session.cancel();
                connection.close();
            } finally {
                shared.slots.give();
                shared.logins.left(connection.login);
            }
        }
    }

    @Override
    public ConnectionSyncResponse apply(ConnectionSyncRequest request) {
        return new ConnectionSyncResponse(
                connection(request.connectionId).sync(required(request.connProps, "connProps")), NO_METADATA);
    }

    @Override
    public CreateStatementResponse apply(CreateStatementRequest request) {
        int id = connection(request.connectionId).createStatement();
        return new CreateStatementResponse(request.connectionId, id, NO_METADATA);
    }

    @Override
    public CloseStatementResponse apply(CloseStatementRequest request) {
        connection(request.connectionId).closeStatement(request.statementId);
        return new CloseStatementResponse(NO_METADATA);
    }

    @Override
    public PrepareResponse apply(PrepareRequest request) {
        return new PrepareResponse(connection(request.connectionId).prepare(required(request.sql, "sql")), NO_METADATA);
    }

    @Override
    public ExecuteResponse apply(ExecuteRequest request) {
        Meta.StatementHandle handle = required(request.statementHandle, "statementHandle");
        ResultSetResponse result = connection(handle.connectionId)
                .execute(handle.id, AvaticaParameters.values(request.parameterValues), request.maxRowCount);
        return new ExecuteResponse(List.of(result), false, NO_METADATA);
    }

    @Override
    public ExecuteResponse apply(PrepareAndExecuteRequest request) {
        ResultSetResponse result = connection(request.connectionId)
                .execute(
                        request.statementId,
                        required(request.sql, "sql"),
                        request.maxRowCount,
                        request.maxRowsInFirstFrame);
        return new ExecuteResponse(List.of(result), false, NO_METADATA);
    }

    @Override
    public SyncResultsResponse apply(SyncResultsRequest request) {
        // A client asks for it after it lost its place; our results do not go back, and saying so beats wrong rows.
        throw ErrorCode.NO_SUCH_CURSOR.error(request.statementId);
    }

    @Override
    public FetchResponse apply(FetchRequest request) {
        Meta.Frame frame =
                connection(request.connectionId).fetch(request.statementId, request.offset, request.fetchMaxRowCount);
        return new FetchResponse(frame, false, false, NO_METADATA);
    }

    @Override
    public ExecuteBatchResponse apply(PrepareAndExecuteBatchRequest request) {
        long[] counts = connection(request.connectionId).batchOfTexts(required(request.sqlCommands, "sqlCommands"));
        return new ExecuteBatchResponse(request.connectionId, request.statementId, counts, false, NO_METADATA);
    }

    @Override
    public ExecuteBatchResponse apply(ExecuteBatchRequest request) {
        long[] counts = connection(request.connectionId).batch(request.statementId, AvaticaParameters.rows(request));
        return new ExecuteBatchResponse(request.connectionId, request.statementId, counts, false, NO_METADATA);
    }

    @Override
    public CommitResponse apply(CommitRequest request) {
        connection(request.connectionId).end(true);
        return COMMITTED;
    }

    @Override
    public RollbackResponse apply(RollbackRequest request) {
        connection(request.connectionId).end(false);
        return ROLLED_BACK;
    }

    @Override
    public ResultSetResponse apply(CatalogsRequest request) {
        connection(request.connectionId);
        return response(request.connectionId, Metadata.catalogs());
    }

    @Override
    public ResultSetResponse apply(SchemasRequest request) {
        return response(request.connectionId, metadata(request.connectionId).schemas(request.schemaPattern));
    }

    @Override
    public ResultSetResponse apply(TablesRequest request) {
        return response(
                request.connectionId,
                metadata(request.connectionId)
                        .tables(request.schemaPattern, request.tableNamePattern, request.typeList));
    }

    @Override
    public ResultSetResponse apply(TableTypesRequest request) {
        return response(request.connectionId, metadata(request.connectionId).tableTypes());
    }

    @Override
    public ResultSetResponse apply(TypeInfoRequest request) {
        connection(request.connectionId);
        return response(request.connectionId, Metadata.typeInfo());
    }

    @Override
    public ResultSetResponse apply(ColumnsRequest request) {
        return response(
                request.connectionId,
                metadata(request.connectionId)
                        .columns(request.schemaPattern, request.tableNamePattern, request.columnNamePattern));
    }

    private ResultSetResponse response(String connectionId, Metadata.Answer answer) {
        int statement = connection(connectionId).createStatement();
        List<Object> rows = new java.util.ArrayList<>();
        for (@Nullable Object[] row : answer.rows()) {
            rows.add(AvaticaColumns.row(answer.columns(), row));
        }
        Meta.Signature signature = AvaticaColumns.signature(answer.columns(), "", List.of(), Meta.StatementType.SELECT);
        return new ResultSetResponse(
                connectionId, statement, true, signature, new Meta.Frame(0, true, rows), -1, NO_METADATA);
    }

    @Override
    public DatabasePropertyResponse apply(DatabasePropertyRequest request) {
        connection(request.connectionId);
        Map<DatabaseProperty, Object> map = new EnumMap<>(DatabaseProperty.class);
        map.put(DatabaseProperty.GET_DATABASE_PRODUCT_NAME, "Atlas");
        map.put(DatabaseProperty.GET_DATABASE_PRODUCT_VERSION, shared.serverVersion);
        map.put(DatabaseProperty.GET_DATABASE_MAJOR_VERSION, 0);
        map.put(DatabaseProperty.GET_DATABASE_MINOR_VERSION, 1);
        map.put(DatabaseProperty.GET_DEFAULT_TRANSACTION_ISOLATION, Connection.TRANSACTION_SERIALIZABLE);
        map.put(DatabaseProperty.GET_NUMERIC_FUNCTIONS, "");
        map.put(DatabaseProperty.GET_STRING_FUNCTIONS, "");
        map.put(DatabaseProperty.GET_SYSTEM_FUNCTIONS, "");
        map.put(DatabaseProperty.GET_TIME_DATE_FUNCTIONS, "");
        map.put(DatabaseProperty.GET_S_Q_L_KEYWORDS, "");
        return new DatabasePropertyResponse(map, NO_METADATA);
    }

    @Override
    public void setRpcMetadata(RpcMetadataResponse metadata) {
        // The address of the server is the one that the client dialled.
    }

    /** Closes connections that were silent for longer than {@code idleMs}. Returns how many. */
    public int reap(long idleMs) {
        int count = 0;
        long oldest = shared.nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(idleMs);
        for (Map.Entry<String, AvaticaConnection> entry : shared.connections.entrySet()) {
            if (entry.getValue().usedNanos - oldest < 0) {
                close(entry.getKey());
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        shared.connections.keySet().forEach(this::close);
    }
}
