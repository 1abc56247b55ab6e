package io.atlasdb.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatalogStoreTest {
    private final MemoryStore store = new MemoryStore();
    private final CatalogStore catalogs = new CatalogStore();

    @Test
    void anEmptyStoreHasTheBuiltInSchemas() {
        Catalog catalog = now();
        assertThat(catalog.version()).isZero();
        assertThat(catalog.schemas())
                .containsOnlyKeys("PUBLIC", "KV", "INFORMATION_SCHEMA", "ATLAS")
                .allSatisfy((name, tables) -> assertThat(tables).isEmpty());
    }

    @Test
    void aTableComesBackAsItWasStored() {
        Table[] stored = new Table[1];
        change(keys -> {
            stored[0] = table(catalogs.newId(keys), "T");
            catalogs.putTable(keys, stored[0]);
            assertThat(catalogs.within(keys).table("PUBLIC", "T")).isEqualTo(stored[0]);
        });
        assertThat(now().table("PUBLIC", "T")).isEqualTo(stored[0]);
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(new CatalogStore().at(snapshot).table("PUBLIC", "T")).isEqualTo(stored[0]);
        }
    }

    @Test
    void everyClassOfMissingValueIsKept() {
        Object[] values = {
            true, (byte) 1, (short) 2, 3, 4L, 1.5f, Double.NaN, new BigDecimal("1.50"), "téxt", new UUID(1, 2)
        };
        List<Column> columns = new ArrayList<>();
        for (Object value : values) {
            columns.add(column(columns.size() + 1, "C" + columns.size(), value));
        }
        columns.add(column(99, "BYTES", new byte[] {1, 2}));
        Table table = table(20, "T", columns);
        List<Column> read = TableFormat.read(TableFormat.write(table)).columns();
        assertThat(read.subList(0, values.length)).extracting(Column::missing).containsExactly(values);
        assertThat((byte[]) read.get(values.length).missing()).containsExactly(1, 2);
    }

    @Test
    void aDamagedDescriptorIsReported() {
        byte[] bytes = TableFormat.write(table(20, "T"));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertCode(ErrorCode.CORRUPT, () -> TableFormat.read(cut));
        }
    }

    @Test
    void oldSnapshotsKeepTheirCatalogAndUnchangedTablesAreShared() {
        Table first = create("FIRST");
        Table second = create("SECOND");
        try (Snapshot before = store.snapshot()) {
            change(keys -> catalogs.putTable(keys, next(second)));
            Catalog after = now();
            assertThat(table(after, "SECOND").version()).isEqualTo(2);
            Catalog old = catalogs.at(before);
            assertThat(table(old, "SECOND").version()).isEqualTo(1);
            assertThat(old.version()).isLessThan(after.version());
            assertThat(table(old, "FIRST")).isEqualTo(first);
        }
        Catalog one = now();
        change(keys -> catalogs.createSchema(keys, "S"));
        assertThat(now().table("PUBLIC", "FIRST")).isSameAs(one.table("PUBLIC", "FIRST"));
        assertThat(now()).isSameAs(now());
    }

    @Test
    void schemasAreCreatedAndDropped() {
        change(keys -> catalogs.createSchema(keys, "S"));
        assertRefused(ErrorCode.SCHEMA_EXISTS, keys -> catalogs.createSchema(keys, "S"));
        assertRefused(ErrorCode.SCHEMA_EXISTS, keys -> catalogs.createSchema(keys, "PUBLIC"));
        assertRefused(ErrorCode.INVALID_DEFINITION, keys -> catalogs.dropSchema(keys, "ATLAS"));
        assertRefused(ErrorCode.NO_SUCH_SCHEMA, keys -> catalogs.dropSchema(keys, "NONE"));
        assertRefused(ErrorCode.LIMIT, keys -> catalogs.createSchema(keys, "x".repeat(300)));
        Table table = create("T");
        change(keys -> catalogs.rename(keys, table, "S", "T"));
        assertRefused(ErrorCode.DEPENDENT_OBJECTS, keys -> catalogs.dropSchema(keys, "S"));
        change(keys -> {
            catalogs.dropTable(
                    keys, Objects.requireNonNull(catalogs.within(keys).table("S", "T")));
            catalogs.dropSchema(keys, "S");
        });
        assertThat(now().schemas()).doesNotContainKey("S");
    }

    @Test
    void namesAndVersionsAreChecked() {
        Table table = create("T");
        assertRefused(ErrorCode.TABLE_EXISTS, keys -> catalogs.putTable(keys, table(catalogs.newId(keys), "T")));
        assertRefused(ErrorCode.SCHEMA_CHANGED, keys -> catalogs.putTable(keys, next(next(table))));
        assertRefused(ErrorCode.SCHEMA_CHANGED, keys -> catalogs.dropTable(keys, next(table)));
        assertRefused(ErrorCode.NO_SUCH_SCHEMA, keys -> catalogs.rename(keys, table, "NONE", "T"));
        assertRefused(ErrorCode.INVALID_DEFINITION, keys -> catalogs.rename(keys, table, "ATLAS", "T"));
        create("U");
        assertRefused(ErrorCode.TABLE_EXISTS, keys -> catalogs.rename(keys, table, "PUBLIC", "U"));
        change(keys -> catalogs.rename(keys, table, "PUBLIC", "V"));
        assertThat(now().table("PUBLIC", "T")).isNull();
        assertThat(table(now(), "V").version()).isEqualTo(2);
    }

    @Test
    void twoSchemaChangesAtOnceConflict() {
        try (Transaction mine = new Transaction(store, Isolation.REPEATABLE_READ, false)) {
            catalogs.createSchema(mine, "A");
            change(keys -> catalogs.createSchema(keys, "B"));
            assertCode(ErrorCode.SERIALIZATION, mine::commitAndWait);
        }
        assertThat(now().schemas()).containsKey("B").doesNotContainKey("A");
    }

    @Test
    void writersOfAnOldVersionAreRefused() {
        Table table = create("T");
        try (Transaction writer = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            writer.guard(CatalogStore.guard(table));
            writer.put(table.group(), GroupKeys.rows(table.id(), 0), new byte[0]);
            change(keys -> catalogs.putTable(keys, next(table)));
            assertCode(ErrorCode.SCHEMA_CHANGED, writer::commitAndWait);
        }
        try (Transaction writer = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            writer.guard(CatalogStore.guard(next(table)));
            writer.put(table.group(), GroupKeys.rows(table.id(), 0), new byte[0]);
            change(keys -> catalogs.dropTable(keys, next(table)));
            assertCode(ErrorCode.SCHEMA_CHANGED, writer::commitAndWait);
        }
    }

    @Test
    void droppingATableLeavesItsNeighbourInTheGroup() {
        Table table = create("T");
        Table[] neighbour = new Table[1];
        change(keys -> {
            neighbour[0] = KeyTables.definition("N", catalogs.newId(keys), table.group());
            catalogs.putTable(keys, neighbour[0]);
            keys.put(table.group(), GroupKeys.rows(table.id(), 0), new byte[] {1});
            keys.put(table.group(), GroupKeys.rows(neighbour[0].id(), 0), new byte[] {2});
        });
        change(keys -> catalogs.dropTable(keys, table));
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(snapshot.get(table.group(), GroupKeys.rows(table.id(), 0)))
                    .isNull();
            assertThat(snapshot.get(table.group(), GroupKeys.descriptor(table.id())))
                    .isNull();
            assertThat(snapshot.get(table.group(), GroupKeys.rows(neighbour[0].id(), 0)))
                    .containsExactly(2);
        }
        assertThat(now().table("KV", "N")).isEqualTo(neighbour[0]);
        change(keys -> catalogs.dropTable(keys, neighbour[0]));
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(snapshot.get(table.group(), GroupKeys.rows(neighbour[0].id(), 0)))
                    .isNull();
        }
    }

    @Test
    void numbersAreNeverGivenOutTwice() throws Exception {
        Table table = create("T");
        Column column = table.columns().get(0);
        Map<Long, Boolean> seen = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Sequences sequences = new Sequences(store, 7);
            for (int half = 0; half < 2; half++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 100; i++) {
                        seen.merge(sequences.next(table, column), false, (a, b) -> true);
                    }
                });
                threads.add(thread);
                thread.start();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen).hasSize(800).allSatisfy((number, twice) -> {
            assertThat(number).isPositive();
            assertThat(twice).isFalse();
        });
        assertThat(store.openSnapshots()).isZero();
    }

    @Test
    void aRestartContinuesBehindTheLastBlock() {
        Table table = create("T");
        Column column = table.columns().get(0);
        Sequences first = new Sequences(store, 10);
        assertThat(first.next(table, column)).isEqualTo(1);
        assertThat(first.next(table, column)).isEqualTo(2);
        assertThat(new Sequences(store, 10).next(table, column)).isEqualTo(11);
        assertThat(first.next(table, column)).isEqualTo(3);
    }

    @Test
    void aTableCanBeNumberedInTheTransactionThatMakesIt() {
        Sequences sequences = new Sequences(store);
        Table[] made = new Table[1];
        change(keys -> {
            Table table = table(catalogs.newId(keys), "T");
            catalogs.putTable(keys, table);
            made[0] = table;
            assertThat(sequences.next(table, table.columns().get(0), keys)).isEqualTo(1);
            assertThat(sequences.next(table, table.columns().get(0), keys)).isEqualTo(2);
        });
        assertThat(sequences.next(made[0], made[0].columns().get(0))).isEqualTo(3);
        assertCode(
                ErrorCode.SCHEMA_CHANGED,
                () -> new Sequences(store).next(next(made[0]), made[0].columns().get(0)));
    }

    private Table create(String name) {
        Table[] made = new Table[1];
        change(keys -> {
            made[0] = table(catalogs.newId(keys), name);
            catalogs.putTable(keys, made[0]);
        });
        return made[0];
    }

    private void change(Consumer<KeyAccess> action) {
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            action.accept(transaction);
            transaction.commitAndWait();
        }
    }

    private void assertRefused(ErrorCode code, Consumer<KeyAccess> action) {
        assertCode(code, () -> change(action));
        assertThat(store.openSnapshots()).isZero();
    }

    private static void assertCode(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Catalog now() {
        try (Snapshot snapshot = store.snapshot()) {
            return catalogs.at(snapshot);
        }
    }

    private static Table table(Catalog catalog, String name) {
        return Objects.requireNonNull(catalog.table("PUBLIC", name));
    }

    private static Table table(long id, String name) {
        return table(id, name, List.of(column(1, "ID", null), column(2, "NAME", "x")));
    }

    private static Table table(long id, String name, List<Column> columns) {
        return new Table(
                id,
                id,
                "PUBLIC",
                name,
                1,
                columns,
                List.of(new Index.Part(1, true)),
                name + "_PK",
                List.of(new Index(3, "I", true, List.of(new Index.Part(2, false)), Index.State.BUILDING, true)),
                List.of(new Check("C", "ID > 0")),
                4,
                Map.of("group", "shop"));
    }

    private static Table next(Table table) {
        return new Table(
                table.id(),
                table.group(),
                table.schema(),
                table.name(),
                table.version() + 1,
                table.columns(),
                table.primaryKey(),
                table.primaryKeyName(),
                table.indexes(),
                table.checks(),
                table.nextId(),
                table.options());
    }

    private static Column column(int id, String name, @Nullable Object missing) {
        return new Column(
                id,
                name,
                new SqlType(SqlType.Kind.DECIMAL, 10, 2),
                true,
                "1 + 1",
                Column.Identity.ALWAYS,
                missing,
                false);
    }
}
