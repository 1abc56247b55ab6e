package io.atlasdb.node.fuzz;

import io.atlasdb.proto.client.Batch;
import io.atlasdb.proto.client.Cancel;
import io.atlasdb.proto.client.CloseSession;
import io.atlasdb.proto.client.End;
import io.atlasdb.proto.client.Execute;
import io.atlasdb.proto.client.Fetch;
import io.atlasdb.proto.client.Metadata;
import io.atlasdb.proto.client.Open;
import io.atlasdb.proto.client.Ping;
import io.atlasdb.proto.client.Prepare;
import io.atlasdb.proto.client.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.JsonService;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of requests over HTTP: Avatica's in JSON and protobuf, the driver's own, and damaged ones. Connections have few names, so
 * that requests often meet a state that they do not expect.
 */
final class HttpBodies {
    private static final int NAMES = 6;
    private static final ProtobufTranslationImpl PROTOBUF = new ProtobufTranslationImpl();
    private static final List<String> STATEMENTS = List.of(
            "SELECT 1",
            "SELECT * FROM product",
            "SELECT id, name FROM product WHERE id = ?",
            "INSERT INTO product VALUES (?, 'x', 1.5)",
            "UPDATE product SET name = 'y' WHERE id = ?",
            "DELETE FROM product WHERE id = ?",
            "SELECT * FROM kv.vault",
            "SELECT COUNT(*) FROM kv.vault WHERE \"VALUE\" IS NOT NULL",
            "SELECT p.name FROM product p JOIN product q ON p.id = q.id ORDER BY 1 LIMIT 3",
            "SELECT * FROM information_schema.tables",
            "SELECT * FROM atlas.sessions",
            "BEGIN",
            "COMMIT",
            "SET statement_timeout = '2s'",
            "SELECT * FROM nowhere");

    private final RandomGenerator random;
    private final @Nullable Conversation[] conversations = new Conversation[4];

    /** A conversation of the driver's protocol that the server opened. */
    private static final class Conversation {
        private final long session;
        private final long secret;
        private long number;

        private Conversation(long session, long secret) {
            this.session = session;
            this.secret = secret;
        }
    }

    HttpBodies(RandomGenerator random) {
        this.random = random;
    }

    /** Where a body goes, and its bytes. */
    record Post(String path, byte[] body) {}

    Post next() {
        int kind = random.nextInt(10);
        if (kind == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return new Post(random.nextBoolean() ? "/" : "/atlas", noise);
        }
        if (kind < 4) {
            return new Post("/atlas", damaged(own().toByteArray()));
        }
        Service.Request request = avatica();
        try {
            byte[] body = random.nextBoolean()
                    ? JsonService.MAPPER.writeValueAsBytes(request)
                    : PROTOBUF.serializeRequest(request);
            return new Post("/", damaged(body));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    /** A body for the framed transport, where nobody is to name a conversation. */
    byte[] framed() {
        return damaged(own().toByteArray());
    }

    /** The server opened a conversation; later requests belong to it. */
    void opened(long session, long secret) {
        conversations[random.nextInt(conversations.length)] = new Conversation(session, secret);
    }

    private byte[] damaged(byte[] body) {
        return random.nextInt(3) == 0 ? body : Mutator.mutate(random, body, 0);
    }

    /** Mostly a text that was planned before: planning is slow, and not what is tried here. */
    private String sql() {
        String sql = STATEMENTS.get(random.nextInt(STATEMENTS.size()));
        return random.nextInt(40) == 0
                ? new String(Mutator.mutate(random, sql.getBytes(StandardCharsets.UTF_8), 0), StandardCharsets.UTF_8)
                : sql;
    }

    private Service.Request avatica() {
        String name = "fuzz-" + random.nextInt(NAMES);
        int statement = random.nextInt(8);
        return switch (random.nextInt(17)) {
            case 0, 1 -> new Service.OpenConnectionRequest(name, Map.of("user", "p" + random.nextInt(3)));
            case 2 -> new Service.CreateStatementRequest(name);
            case 3 -> new Service.PrepareRequest(name, sql(), random.nextInt(100) - 1);
            case 4, 5, 6 -> new Service.PrepareAndExecuteRequest(name, statement, sql(), random.nextInt(50) - 1);
            case 7 -> new Service.FetchRequest(name, statement, random.nextInt(20) - 2, random.nextInt(50) - 1);
            case 8 -> new Service.CloseStatementRequest(name, statement);
            case 9 -> new Service.CommitRequest(name);
            case 10 -> new Service.TablesRequest(name, null, "%", random.nextBoolean() ? "%" : "V_ULT%", List.of());
            case 11 -> new Service.ColumnsRequest(name, null, "KV", "%", null);
            case 12, 13 ->
                new Service.ExecuteRequest(
                        new Meta.StatementHandle(name, statement, null), values(), random.nextInt(50) - 1);
            case 14 -> new Service.ExecuteBatchRequest(name, statement, List.of(values(), values()));
            case 15 ->
                new Service.ConnectionSyncRequest(
                        name, new ConnectionPropertiesImpl(random.nextBoolean(), false, 8, null, "PUBLIC"));
            default -> new Service.CloseConnectionRequest(name);
        };
    }

    private List<TypedValue> values() {
        ColumnMetaData.Rep[] kinds = {
            ColumnMetaData.Rep.INTEGER,
            ColumnMetaData.Rep.STRING,
            ColumnMetaData.Rep.JAVA_SQL_DATE,
            ColumnMetaData.Rep.DOUBLE
        };
        ColumnMetaData.Rep kind = kinds[random.nextInt(kinds.length)];
        Object value = kind == ColumnMetaData.Rep.STRING ? (Object) "text" : random.nextInt(50);
        return List.of(TypedValue.ofLocal(kind, kind == ColumnMetaData.Rep.DOUBLE ? 1.5 : value));
    }

    private Request own() {
        Request.Builder request = Request.newBuilder();
        Conversation known = conversations[random.nextInt(conversations.length)];
        if (known == null || random.nextInt(20) == 0) {
            request.setSession(random.nextInt(4)).setSecret(random.nextInt(4)).setNumber(random.nextInt(20));
        } else {
            known.number++;
            request.setSession(known.session).setSecret(known.secret).setNumber(known.number);
        }
        switch (random.nextInt(9)) {
            case 0 ->
                request.setOpen(Open.newBuilder()
                        .setMagic(random.nextInt(5) == 0 ? random.nextInt() : 0x41544C53)
                        .setVersion(random.nextInt(4))
                        .putProperties("user", "p" + random.nextInt(3)));
            case 1 ->
                request.setPrepare(
                        Prepare.newBuilder().setStatement(random.nextInt(9)).setSql(sql()));
            case 2, 3 -> request.setExecute(Execute.newBuilder().setSql(sql()).setFetchSize(random.nextInt(9)));
            case 4 -> request.setFetch(Fetch.newBuilder().setCursor(random.nextInt(9)));
            case 5 -> request.setEnd(End.newBuilder().setCommit(random.nextBoolean()));
            case 6 -> request.setBatch(Batch.newBuilder().addSql(sql()).addSql(sql()));
            case 7 ->
                request.setMetadata(
                        Metadata.newBuilder().setKindValue(random.nextInt(12)).setTable("%"));
            default -> {
                int rare = random.nextInt(3);
                if (rare == 0) {
                    request.setPing(Ping.getDefaultInstance());
                } else if (rare == 1) {
                    request.setCloseSession(CloseSession.getDefaultInstance());
                } else {
                    request.setCancel(Cancel.newBuilder().setSession(random.nextLong()));
                }
            }
        }
        return request.build();
    }
}
