package io.atlasdb.node.client;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.session.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A database that understands a handful of made-up statements; {@link FakeSession} lists them. */
final class FakeDatabase {
    final List<Object> committed = new CopyOnWriteArrayList<>();
    /** Rows that sessions were asked for, and results and sessions that are open. */
    final AtomicLong produced = new AtomicLong();

    final AtomicInteger openRows = new AtomicInteger();
    final AtomicInteger openSessions = new AtomicInteger();
    final AtomicInteger sleeping = new AtomicInteger();
    volatile long schemaVersion = 1;

    Session open(Map<String, String> properties) {
        if ("wrong".equals(properties.get("password"))) {
            throw ErrorCode.LOGIN.error("wrong password for user " + properties.get("user"));
        }
        openSessions.incrementAndGet();
        return new FakeSession(this, properties.getOrDefault("schema", "PUBLIC"));
    }

    static Catalog catalog() {
        Column id = column(1, "ID", SqlType.of(SqlType.Kind.BIGINT), false, Column.Identity.BY_DEFAULT);
        Column name = column(2, "NAME", SqlType.of(SqlType.Kind.VARCHAR, 40), true, Column.Identity.NONE);
        Column price = column(3, "PRICE", new SqlType(SqlType.Kind.DECIMAL, 10, 2), true, Column.Identity.NONE);
        Index byName = new Index(
                1,
                "T_A_NAME",
                false,
                List.of(new Index.Part(2, true), new Index.Part(3, false)),
                Index.State.PUBLIC,
                false);
        Index unique = new Index(2, "T_A_U", true, List.of(new Index.Part(3, false)), Index.State.PUBLIC, true);
        List<Index.Part> key = List.of(new Index.Part(1, false));
        List<Column> columns = List.of(id, name, price);
        Table withUnderscore = new Table(
                1, 1, "PUBLIC", "T_A", 1, columns, key, "PK_T_A", List.of(byName, unique), List.of(), 4, Map.of());
        Table other = new Table(2, 2, "PUBLIC", "TXA", 1, columns, key, "PK_TXA", List.of(), List.of(), 4, Map.of());
        return new Catalog(1, Map.of("PUBLIC", Map.of("T_A", withUnderscore, "TXA", other), "S2", Map.of()));
    }

    private static Column column(int id, String name, SqlType type, boolean nullable, Column.Identity identity) {
        return new Column(id, name, type, nullable, null, identity, null, false);
    }
}
