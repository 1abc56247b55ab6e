package io.atlasdb.node.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.KeyTables;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreKeySpaceTest {
    private final MemoryStore store = new MemoryStore();
    private final CatalogStore catalogs = new CatalogStore();
    private final StoreKeySpace keys = new StoreKeySpace(store, catalogs);

    @AfterEach
    void noSnapshotIsLeftOpen() {
        keys.close();
        assertThat(store.openSnapshots()).isZero();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void put(String table, String row, String value) throws Exception {
        keys.put(table, row, bytes(value), Identity.NOBODY).get(10, TimeUnit.SECONDS);
    }

    private @Nullable String get(String table, String row) {
        byte[] value = keys.get(table, row, Identity.NOBODY);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private List<String> scan(String prefix) {
        List<String> found = new ArrayList<>();
        keys.scan(prefix, Identity.NOBODY, (table, row) -> found.add(new KeyName(table, row).dotted()));
        return found;
    }

    private Table table(String name) {
        try (Snapshot snapshot = store.snapshot()) {
            return Objects.requireNonNull(catalogs.at(snapshot).table(KeyTables.SCHEMA, name));
        }
    }

    /** What SQL would do: changes the catalog in a transaction. */
    private void alter(Table next) throws Exception {
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            catalogs.putTable(transaction, next);
            transaction.commit().get(10, TimeUnit.SECONDS);
        }
    }

    private static Table next(Table t, List<Column> columns, List<Index> indexes, List<Check> checks) {
        return new Table(
                t.id(),
                t.group(),
                t.schema(),
                t.name(),
                t.version() + 1,
                columns,
                t.primaryKey(),
                t.primaryKeyName(),
                indexes,
                checks,
                t.nextId() + 1,
                t.options());
    }

    private @Nullable Object[] row(String table, String key) {
        TableCodec codec = new TableCodec(table(table));
        byte[] rowKey = codec.rowKeyOf(key);
        try (Snapshot snapshot = store.snapshot()) {
            return codec.decode(
                    rowKey, Objects.requireNonNull(snapshot.get(table(table).group(), rowKey)));
        }
    }

    @Test
    void aValueIsARowThatSqlSees() throws Exception {
        long beforeMicros = System.currentTimeMillis() * 1_000;
        keys.put("USERS", "ALICE", bytes("hi"), Identity.of("root")).get(10, TimeUnit.SECONDS);
        @Nullable Object[] row = row("USERS", "ALICE");
        assertThat(row[KeyTables.KEY]).isEqualTo("ALICE");
        assertThat((byte[]) row[KeyTables.VALUE]).asString().isEqualTo("hi");
        assertThat((Long) row[KeyTables.UPDATED_AT]).isBetween(beforeMicros, beforeMicros + 60_000_000);
        assertThat(row[KeyTables.RETAINED_UNTIL]).isNull();
        assertThat(row[KeyTables.OWNER]).isEqualTo("root");
    }

    @Test
    void whatSqlWritesIsSeen() throws Exception {
        put("T", "A", "1");
        TableCodec codec = new TableCodec(table("T"));
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            @Nullable Object[] row = {"low case", bytes("2"), null, null, null};
            transaction.put(table("T").group(), codec.rowKey(row), codec.encode(row));
            transaction.guard(CatalogStore.guard(table("T")));
            transaction.commit().get(10, TimeUnit.SECONDS);
        }
        assertThat(get("T", "low case")).isEqualTo("2");
        assertThat(scan("T")).containsExactly("T.A", "T.low case");
    }

    @Test
    void manyFirstPutsMakeOneTable() throws Exception {
        List<CompletableFuture<?>> puts = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            puts.add(keys.put("MANY", "K" + i, bytes("v"), Identity.NOBODY));
        }
        for (CompletableFuture<?> put : puts) {
            put.get(30, TimeUnit.SECONDS);
        }
        assertThat(scan("MANY")).hasSize(2_000);
        assertThat(table("MANY").version()).isEqualTo(1);
    }

    @Test
    void twoNodesMakeOneTable() throws Exception {
        try (StoreKeySpace other = new StoreKeySpace(store, new CatalogStore())) {
            CompletableFuture<?> one = keys.put("BOTH", "A", bytes("1"), Identity.NOBODY);
            CompletableFuture<?> two = other.put("BOTH", "B", bytes("2"), Identity.NOBODY);
            one.get(10, TimeUnit.SECONDS);
            two.get(10, TimeUnit.SECONDS);
        }
        assertThat(scan("BOTH")).containsExactly("BOTH.A", "BOTH.B");
    }

    @Test
    void aTableThatWasDroppedIsMadeAnew() throws Exception {
        put("T", "A", "1");
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            catalogs.dropTable(transaction, table("T"));
            transaction.commit().get(10, TimeUnit.SECONDS);
        }
        assertThat(get("T", "A")).isNull();
        put("T", "B", "2");
        assertThat(scan("T")).containsExactly("T.B");
    }

    @Test
    void columnsAndIndexesThatSqlAddedAreKeptUp() throws Exception {
        put("T", "A", "1");
        Table t = table("T");
        Column note =
                new Column(t.nextId(), "NOTE", SqlType.of(Kind.VARCHAR), true, null, Column.Identity.NONE, null, false);
        List<Column> columns = new ArrayList<>(t.columns());
        columns.add(note);
        Index byOwner = new Index(
                t.nextId() + 1, "BY_OWNER", false, List.of(new Index.Part(5, false)), Index.State.PUBLIC, false);
        alter(next(t, columns, List.of(byOwner), List.of()));

        keys.put("T", "B", bytes("2"), Identity.of("bob")).get(10, TimeUnit.SECONDS);
        assertThat(entries("T")).as("A was there before the index").isEqualTo(1);
        Table altered = table("T");
        TableCodec codec = new TableCodec(altered);
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            @Nullable Object[] row = row("T", "B");
            row[5] = "kept";
            transaction.put(altered.group(), codec.rowKey(row), codec.encode(row));
            transaction.commit().get(10, TimeUnit.SECONDS);
        }
        keys.put("T", "B", bytes("3"), Identity.of("eve")).get(10, TimeUnit.SECONDS);
        assertThat(row("T", "B")[5]).isEqualTo("kept");
        assertThat(entries("T")).isEqualTo(1);
        keys.delete("T", "B", Identity.NOBODY).get(10, TimeUnit.SECONDS);
        assertThat(entries("T")).isZero();
        assertThat(scan("T")).containsExactly("T.A");
    }

    private long entries(String table) {
        Table t = table(table);
        long count = 0;
        try (Snapshot snapshot = store.snapshot();
                RowIterator entries =
                        snapshot.scan(new TableCodec(t).entries(t.indexes().get(0)), false)) {
            while (entries.next()) {
                count++;
            }
        }
        return count;
    }

    @Test
    void aUniqueIndexIsChecked() throws Exception {
        keys.put("T", "A", bytes("1"), Identity.of("bob")).get(10, TimeUnit.SECONDS);
        Table t = table("T");
        Index unique =
                new Index(t.nextId(), "ONE_OWNER", true, List.of(new Index.Part(5, false)), Index.State.PUBLIC, false);
        alter(next(t, t.columns(), List.of(unique), List.of()));
        keys.put("T", "A", bytes("2"), Identity.of("bob")).get(10, TimeUnit.SECONDS);
        assertThatThrownBy(
                        () -> keys.put("T", "B", bytes("2"), Identity.of("bob")).get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(AtlasException.class)
                .hasMessageContaining("ONE_OWNER");
        assertThat(get("T", "B")).isNull();
    }

    @Test
    void aTableOfAnotherShapeTakesNoKeys() throws Exception {
        Table t = KeyTables.definition("OTHER", 500, 500);
        List<Column> columns = new ArrayList<>(t.columns());
        columns.set(1, new Column(2, "VALUE", SqlType.of(Kind.INTEGER), true, null, Column.Identity.NONE, null, false));
        alter(new Table(
                500, 500, "KV", "OTHER", 1, columns, t.primaryKey(), "P", List.of(), List.of(), 6, t.options()));
        assertThatThrownBy(() ->
                        keys.put("OTHER", "A", bytes("1"), Identity.NOBODY).get(10, TimeUnit.SECONDS))
                .rootCause()
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION));
        assertThat(scan("OTHER")).isEmpty();
    }

    @Test
    void theSystemsTablesAreNotWritten() {
        assertThatThrownBy(() -> keys.put("ATLAS", "NODES", bytes("1"), Identity.of("eve")))
                .hasMessage("permission denied for principal 'eve': the tables of ATLAS belong to the system");
    }

    @Test
    void namesLeadToGroups() throws Exception {
        put("USERS", "A", "1");
        long group = table("USERS").group();
        assertThat(keys.group("USERS")).hasValue(group);
        assertThat(keys.group("KV.USERS")).hasValue(group);
        assertThat(keys.group("USERS.A")).hasValue(group);
        assertThat(keys.group("ATLAS.NODES")).hasValue(0);
        assertThat(keys.group("PUBLIC.NONE")).isEmpty();
    }

    @Test
    void prefixesMatchTheWholeDottedKey() throws Exception {
        for (String table : List.of("US", "USERS", "V")) {
            put(table, "", "1");
            put(table, "A", "1");
            put(table, "AB", "1");
        }
        assertThat(scan("US")).containsExactly("US", "US.A", "US.AB", "USERS", "USERS.A", "USERS.AB");
        assertThat(scan("US.")).containsExactly("US.A", "US.AB");
        assertThat(scan("US.AB")).containsExactly("US.AB");
        assertThat(scan("USERS.B")).isEmpty();
    }

    @Test
    void aLostRaceIsRunAgain() throws Exception {
        put("T", "A", "1");
        Table t = table("T");
        store.beforeNextCommit(commit -> {
            try {
                alter(next(t, t.columns(), t.indexes(), t.checks()));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        put("T", "A", "2");
        assertThat(get("T", "A")).isEqualTo("2");
        assertThat(table("T").version()).isEqualTo(2);
    }
}
