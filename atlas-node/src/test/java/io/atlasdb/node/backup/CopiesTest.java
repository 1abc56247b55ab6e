package io.atlasdb.node.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.server.RunningNode;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.IndexEntry;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies from one store in memory into another: what they hold, what they cost, and what goes wrong. */
@Timeout(60)
class CopiesTest {
    private static final Identity ADMIN = new Identity("root", java.util.Set.of("root"), true);
    private static final Placement FAR =
            new Placement(List.of("mars"), OptionalInt.of(2), OptionalInt.empty(), "pin:mars");

    @TempDir
    Path directory;

    private final MemoryStore source = new MemoryStore();
    private final MemoryStore target = new MemoryStore();
    private final CatalogStore catalogs = new CatalogStore();
    private final AtomicLong observed = new AtomicLong();

    private Copies copies(Store store, Placements placements) {
        Copies.Node node = new Copies.Node("1.2.3", "the cluster", placements, group -> 7, observed::set);
        return new Copies(store, new CatalogStore(), node, System::currentTimeMillis);
    }

    private Copies from() {
        return copies(source, Placements.NONE);
    }

    private Table table(String name, Placement placement) {
        return table(name, placement, Index.State.PUBLIC);
    }

    private Table table(String name, Placement placement, Index.State state) {
        SqlType integer = SqlType.of(SqlType.Kind.INTEGER);
        Column id = new Column(1, "ID", integer, false, null, Column.Identity.NONE, null, false);
        Column of = new Column(2, "OF", integer, true, null, Column.Identity.NONE, null, false);
        List<Index> indexes =
                List.of(new Index(3, name + "_OF", false, List.of(new Index.Part(2, false)), state, false));
        try (Transaction transaction = new Transaction(source, Isolation.SERIALIZABLE, false)) {
            long number = catalogs.newId(transaction);
            Table table = new Table(
                    number,
                    number,
                    CatalogStore.PUBLIC,
                    name,
                    1,
                    List.of(id, of),
                    List.of(new Index.Part(1, false)),
                    name + "_PK",
                    indexes,
                    List.of(),
                    4,
                    Map.of());
            catalogs.putTable(transaction, table);
            catalogs.place(transaction, number, placement);
            transaction.commit().join();
            return table;
        }
    }

    private void fill(Table table, int from, int to) {
        TableCodec codec = new TableCodec(table);
        List<Write> writes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Object[] row = {i, i % 10};
            writes.add(new Write(table.group(), codec.rowKey(row), codec.encode(row)));
            IndexEntry entry = codec.entry(table.indexes().get(0), row);
            writes.add(new Write(table.group(), entry.key(), entry.value()));
        }
        blind(source, writes);
    }

    private static void blind(Store store, List<Write> writes) {
        store.commit(new Commit(Commit.BLIND, List.of(), writes, List.of(), List.of()))
                .join();
    }

    private static byte[] chunk(RowCursor cursor) {
        return (byte[]) cursor.row()[0];
    }

    private BackupFolder backup(Copies copies, String name) throws IOException {
        Path folder = directory.resolve(name);
        try (RowCursor cursor = copies.backup(ADMIN, () -> {});
                BackupWriter writer = BackupWriter.open(folder, 1 << 16)) {
            while (cursor.next()) {
                writer.accept(chunk(cursor));
            }
            writer.finish();
        }
        return BackupFolder.open(folder);
    }

    private static void restore(Copies copies, BackupFolder folder, boolean adapt) throws IOException {
        new RestoreSteps(folder, adapt).run(chunk -> copies.restore(ADMIN, chunk, () -> {}), bytes -> {});
    }

    private static List<String> rows(Store store, long group) {
        List<String> rows = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot();
                RowIterator all = snapshot.scan(new KeyRange(group, new byte[0], new byte[0]), false)) {
            while (all.next()) {
                rows.add(java.util.Arrays.toString(all.key()) + java.util.Arrays.toString(all.value()));
            }
        }
        return rows;
    }

    @Test
    void manyRowsGoThroughInChunksAndNothingIsHeldBetweenThem() throws IOException {
        Table table = table("BIG", Placement.DEFAULT);
        for (int i = 0; i < 200_000; i += 20_000) {
            fill(table, i, i + 20_000);
        }
        List<String> before = rows(source, table.group());
        try (RowCursor cursor = from().backup(ADMIN, () -> {});
                BackupWriter writer = BackupWriter.open(directory.resolve("big"))) {
            int chunks = 0;
            while (cursor.next()) {
                assertThat(source.openSnapshots()).isZero();
                assertThat(chunk(cursor)).hasSizeLessThan(3 << 20);
                writer.accept(chunk(cursor));
                if (chunks++ == 2) {
                    fill(table, 500_000, 500_010); // what comes later is not in it
                }
            }
            assertThat(chunks).isGreaterThan(5);
            writer.finish();
        }
        BackupFolder folder = BackupFolder.open(directory.resolve("big"));
        Verifier.Result found = new Verifier(folder, true).run(bytes -> {});
        assertThat(found.rows()).isEqualTo(200_000);
        assertThat(found.entries()).isGreaterThan(400_000);
        restore(copies(target, Placements.NONE), folder, false);
        assertThat(rows(target, table.group())).isEqualTo(before);
        assertThat(observed.get()).isEqualTo(folder.manifest().timestamp());
    }

    @Test
    void aBackupThatTakesLongerThanHistoryIsKeptFailsAndSaysSo() {
        fill(table("T", Placement.DEFAULT), 0, 10);
        Copies copies = from();
        try (RowCursor cursor = copies.backup(ADMIN, () -> {})) {
            assertThat(cursor.next()).isTrue();
            source.forgetBefore(Long.MAX_VALUE);
            assertThatThrownBy(cursor::next).hasMessageContaining("older than the history that is kept");
        }
        assertThat(copies.jobs().get(0).state()).isEqualTo(Job.State.FAILED);
        assertThat(copies.jobs().get(0).remark()).contains("older than the history");
    }

    @Test
    void aKeySpaceThatNobodyThoughtOfIsNotLeftOutSilently() {
        table("T", Placement.DEFAULT);
        blind(source, List.of(new Write(Store.SYSTEM_GROUP, new byte[] {0x7F, 1}, new byte[] {1})));
        try (RowCursor cursor = from().backup(ADMIN, () -> {})) {
            assertThat(cursor.next()).isTrue();
            assertThatThrownBy(cursor::next).hasMessageContaining("that backups do not know, 7f01");
        }
    }

    @Test
    void whatFailsForAMomentIsTriedAgain() throws IOException {
        Table table = table("T", Placement.DEFAULT);
        fill(table, 0, 100);
        BackupFolder folder = backup(from(), "b");
        Copies into = copies(target, Placements.NONE);
        new RestoreSteps(folder, false)
                .run(
                        chunk -> {
                            target.beforeNextCommit(commit -> {
                                throw ErrorCode.OUTCOME_UNKNOWN.error("a test");
                            });
                            into.restore(ADMIN, chunk, () -> {});
                        },
                        bytes -> {});
        assertThat(rows(target, table.group())).isEqualTo(rows(source, table.group()));
        assertThat(into.jobs().get(0).state()).isEqualTo(Job.State.DONE);
    }

    @Test
    void aChunkThatIsMissingIsNoticedAtTheEnd() throws IOException {
        fill(table("T", Placement.DEFAULT), 0, 100);
        BackupFolder folder = backup(from(), "b");
        Copies into = copies(target, Placements.NONE);
        assertThatThrownBy(() -> new RestoreSteps(folder, false)
                        .run(
                                chunk -> {
                                    if (Chunk.decode(chunk).kind() != Chunk.Kind.ROWS) {
                                        into.restore(ADMIN, chunk, () -> {});
                                    }
                                },
                                bytes -> {}))
                .hasMessageContaining("run the whole command again");
        try (Snapshot now = target.snapshot()) {
            assertThat(new CatalogStore().at(now).schemas().get("PUBLIC")).isEmpty();
        }
    }

    @Test
    void aPlacementThatCannotBeGivenIsRefusedOrLetGo() throws IOException {
        Table far = table("FAR", FAR);
        fill(far, 0, 3);
        BackupFolder folder = backup(from(), "b");
        Placements earth = new Placements() {
            @Override
            public void check(Placement placement) {
                if (placement.regions().contains("mars")) {
                    throw ErrorCode.INVALID_DEFINITION.error("there is no node in region mars");
                }
            }

            @Override
            public void moveOwner(long group, Target to) {}
        };
        assertThatThrownBy(() -> restore(copies(target, earth), folder, false))
                .hasMessageContaining("PUBLIC.FAR: there is no node in region mars")
                .hasMessageContaining("--adapt-placement");
        assertThat(rows(target, Store.SYSTEM_GROUP)).as("nothing is begun").isEmpty();
        restore(copies(target, earth), folder, true);
        try (Snapshot now = target.snapshot()) {
            assertThat(Placement.read(now, far.group())).isEqualTo(Placement.DEFAULT);
        }
        MemoryStore mars = new MemoryStore();
        restore(copies(mars, Placements.NONE), folder, false);
        try (Snapshot now = mars.snapshot()) {
            assertThat(Placement.read(now, far.group())).isEqualTo(FAR);
        }
    }

    @Test
    void anIndexThatLacksAnEntryIsFoundWhenItIsLookedFor() throws IOException {
        Table table = table("T", Placement.DEFAULT);
        fill(table, 0, 100);
        TableCodec codec = new TableCodec(table);
        IndexEntry entry = codec.entry(table.indexes().get(0), new Object[] {42, 2});
        blind(source, List.of(new Write(table.group(), entry.key(), null)));
        BackupFolder folder = backup(from(), "b");
        assertThat(new Verifier(folder, false).run(bytes -> {}).rows()).isEqualTo(100);
        assertThatThrownBy(() -> new Verifier(folder, true).run(bytes -> {}))
                .hasMessageContaining("index T_OF of table PUBLIC.T does not match its rows");
    }

    @Test
    void aRowThatCannotBeReadIsFound() throws IOException {
        Table table = table("T", Placement.DEFAULT);
        fill(table, 0, 3);
        byte[] key = new TableCodec(table).rowKey(new Object[] {1, 1});
        blind(source, List.of(new Write(table.group(), key, "nonsense".getBytes(UTF_8))));
        BackupFolder folder = backup(from(), "b");
        assertThatThrownBy(() -> new Verifier(folder, false).run(bytes -> {}))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining("a row of table PUBLIC.T");
    }

    @Test
    void whoeverIsNoAdministratorIsRefusedOnceThereAreUsers() throws IOException {
        Identity eve = Identity.of("eve");
        Copies copies = from();
        copies.backup(eve, () -> {}).close();
        byte[] user = {0x17, 'b', 'o', 'b'};
        blind(source, List.of(new Write(Store.SYSTEM_GROUP, user, new byte[] {1})));
        assertThatThrownBy(() -> copies.backup(eve, () -> {})).hasMessageContaining("only an administrator");
        assertThatThrownBy(() -> copies.restore(eve, new Chunk(Chunk.Kind.BEGIN, 0, 0, new byte[1]).encode(), () -> {}))
                .hasMessageContaining("only an administrator");
        restore(copies(target, Placements.NONE), backup(copies, "b"), false);
        try (Snapshot now = target.snapshot()) {
            assertThat(now.get(Store.SYSTEM_GROUP, user)).as("users come back").containsExactly(1);
            assertThat(now.get(Store.SYSTEM_GROUP, new byte[] {0x16}))
                    .as("in a version of their own")
                    .isNotNull();
        }
    }

    @Test
    void anIndexThatWasBeingFilledIsFilledInTheNewCluster() throws Exception {
        Table table = table("T", Placement.DEFAULT, Index.State.BUILDING);
        TableCodec codec = new TableCodec(table);
        List<Write> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Object[] row = {i, i % 10};
            rows.add(new Write(table.group(), codec.rowKey(row), codec.encode(row)));
        }
        blind(source, rows);
        BackupFolder folder = backup(from(), "b");
        new Verifier(folder, true).run(bytes -> {});
        try (RunningNode node = RunningNode.in(directory.resolve("node"));
                Connection connection = node.connect();
                PreparedStatement step = connection.prepareStatement("RESTORE CLUSTER ?");
                Statement statement = connection.createStatement()) {
            new RestoreSteps(folder, false)
                    .run(
                            chunk -> {
                                try {
                                    step.setBytes(1, chunk);
                                    step.executeUpdate();
                                } catch (SQLException e) {
                                    throw new IOException(e);
                                }
                            },
                            bytes -> {});
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!"PUBLIC".equals(one(statement, "SELECT state FROM atlas.indexes WHERE index_name = 'T_OF'"))) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            assertThat(one(statement, "SELECT COUNT(*) FROM t WHERE \"OF\" = 3"))
                    .isEqualTo("5");
        }
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    @Test
    void itIsStoppedWhenTheStatementIs() {
        fill(table("T", Placement.DEFAULT), 0, 3);
        AtomicLong checks = new AtomicLong();
        try (RowCursor cursor = from().backup(ADMIN, () -> {
            if (checks.incrementAndGet() == 3) {
                throw ErrorCode.CANCELLED.error();
            }
        })) {
            assertThat(cursor.next()).isTrue();
            assertThatThrownBy(cursor::next).hasMessageContaining("cancelled");
        }
    }
}
