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

    private final SessionFactory sessions;
    private final ConnectionSlots slots;
    private final String serverVersion;
    private final LongSupplier nanos;
    private final Map<String, AvaticaConnection> connections = new ConcurrentHashMap<>();

    /**
     * A service over {@code sessions}.
     *
     * @param nanos the clock that silence is measured by
     */
    public AvaticaService(SessionFactory sessions, ConnectionSlots slots, String serverVersion, LongSupplier nanos) {
        this.sessions = sessions;
        this.slots = slots;
        this.serverVersion = serverVersion;
        this.nanos = nanos;
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
        AvaticaConnection connection = id == null ? null : connections.get(id);
        if (connection == null) {
            throw ErrorCode.CONNECTION_CLOSED.error();
        }
        connection.usedNanos = nanos.getAsLong();
        return connection;
    }

    private Metadata metadata(String connectionId) {
        return new Metadata(connection(connectionId).session.catalog());
    }

    @Override
    public OpenConnectionResponse apply(OpenConnectionRequest request) {
        required(request.connectionId, "connectionId");
        if (connections.containsKey(request.connectionId)) {
            throw ErrorCode.PROTOCOL.error("the connection is open already");
        }
        slots.take();
        boolean kept = false;
        try {
            Map<String, String> info = request.info == null ? Map.of() : request.info;
            AvaticaConnection connection = new AvaticaConnection(request.connectionId, sessions.open(info));
            connection.usedNanos = nanos.getAsLong();
            kept = connections.putIfAbsent(request.connectionId, connection) == null;
            if (!kept) {
                connection.close();
                throw ErrorCode.PROTOCOL.error("the connection is open already");
            }
            return new OpenConnectionResponse(NO_METADATA);
        } finally {
            if (!kept) {
                slots.give();
            }
        }
    }

    @Override
    public CloseConnectionResponse apply(CloseConnectionRequest request) {
        close(required(request.connectionId, "connectionId"));
        return new CloseConnectionResponse(NO_METADATA);
    }

    private void close(String id) {
        AvaticaConnection connection = connections.remove(id);
        if (connection != null) {
            try {
                connection.session.cancel();
                connection.close();
            } finally {
                slots.give();
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
        map.put(DatabaseProperty.GET_DATABASE_PRODUCT_VERSION, serverVersion);
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
        long oldest = nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(idleMs);
        for (Map.Entry<String, AvaticaConnection> entry : connections.entrySet()) {
            if (entry.getValue().usedNanos - oldest < 0) {
                close(entry.getKey());
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        connections.keySet().forEach(this::close);
    }
}
