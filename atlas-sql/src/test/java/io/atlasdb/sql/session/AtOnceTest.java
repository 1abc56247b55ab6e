package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.plan.Planner;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Impatience;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.WouldWait;
import io.atlasdb.sql.system.SystemTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short statements that are run without a thread that could wait. */
@Timeout(60)
class AtOnceTest {
    private final SlowStore store = new SlowStore();
    private final Sessions sessions = new Sessions(
            store, new CatalogStore(), new Planner(), new SystemTables("test"), SessionDefaults.forHeap(256 << 20));
    private final Session session = sessions.open("TESTER");
    private final Sql sql = new Sql(session);

    @BeforeEach
    void fill() {
        sql.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)");
        sql.run("INSERT INTO t VALUES (1, 10), (2, 20)");
    }

    @AfterEach
    void close() {
        store.release();
        sessions.close();
    }

    /** A store whose commits and reads can be made to wait. */
    private static final class SlowStore implements Store {
        private final MemoryStore store = new MemoryStore();
        private final List<Runnable> held = new ArrayList<>();
        private boolean holds;
        private boolean readsWait;

        @Override
        public Snapshot snapshot() {
            return store.snapshot();
        }

        @Override
        public Snapshot impatient(boolean draft) {
            if (readsWait) {
                throw new WouldWait();
            }
            return store.snapshot();
        }

        @Override
        public Snapshot snapshotAt(long timestamp) {
            return store.snapshotAt(timestamp);
        }

        @Override
        public synchronized CompletableFuture<Long> commit(Commit commit) {
            if (!holds) {
                return store.commit(commit);
            }
            CompletableFuture<Long> later = new CompletableFuture<>();
            held.add(() -> store.commit(commit).whenComplete((timestamp, failure) -> {
                if (failure == null) {
                    later.complete(timestamp);
                } else {
                    later.completeExceptionally(failure);
                }
            }));
            return later;
        }

        synchronized void release() {
            holds = false;
            held.forEach(Runnable::run);
            held.clear();
        }
    }

    private @Nullable CompletableFuture<@Nullable Execution> begin(String text, @Nullable Object... parameters) {
        return session.executeAtOnce(session.prepare(text), Arrays.asList(parameters), ExecuteOptions.NONE);
    }

    private CompletableFuture<@Nullable Execution> begun(String text, @Nullable Object... parameters) {
        return Objects.requireNonNull(begin(text, parameters), text + " was not begun");
    }

    private static long count(CompletableFuture<@Nullable Execution> done) {
        return Objects.requireNonNull(done.getNow(null), "not done").updateCount();
    }

    private static ErrorCode failure(CompletableFuture<?> failed) {
        try {
            failed.getNow(null);
        } catch (CompletionException e) {
            if (e.getCause() instanceof AtlasException known) {
                return known.code();
            }
        }
        throw new AssertionError(failed + " did not fail with an error of ours");
    }

    @Test
    void statementsByPrimaryKeyAreDoneWhenTheirCommitIs() {
        assertThat(count(begun("INSERT INTO t VALUES (?, ?)", 3, 30))).isEqualTo(1);
        assertThat(count(begun("UPDATE t SET n = n + 1 WHERE id = ?", 1))).isEqualTo(1);
        assertThat(count(begun("DELETE FROM t WHERE id = ?", 2))).isEqualTo(1);
        assertThat(count(begun("DELETE FROM t WHERE id = ?", 2))).isZero();
        Execution read =
                Objects.requireNonNull(begun("SELECT n FROM t WHERE id = ?", 1).getNow(null));
        try (Rows rows = Sql.rowsOf(read)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.row()).containsExactly(11);
        }
        assertThat(sql.rows("SELECT id, n FROM t ORDER BY id")).containsExactly(List.of(1, 11), List.of(3, 30));
    }

    @Test
    void theCallerDoesNotWaitForTheCommit() {
        Prepared select = session.prepare("SELECT n FROM t WHERE id = 1");
        store.holds = true;
        CompletableFuture<@Nullable Execution> insert = begun("INSERT INTO t VALUES (3, 30)");
        assertThat(insert).isNotDone();
        assertThat(session.executeAtOnce(select, List.of(), ExecuteOptions.NONE))
                .as("one statement at a time")
                .isNull();
        store.release();
        assertThat(count(insert)).isEqualTo(1);
    }

    @Test
    void aSecondStatementWaitsForTheFirst() throws Exception {
        store.holds = true;
        CompletableFuture<@Nullable Execution> insert = begun("INSERT INTO t VALUES (3, 30)");
        CompletableFuture<Long> second = CompletableFuture.supplyAsync(() -> sql.number("SELECT COUNT(*) FROM t"));
        store.release();
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(insert).isDone();
    }

    @Test
    void aCancelEndsTheWaitWithAnUnknownOutcome() {
        store.holds = true;
        CompletableFuture<@Nullable Execution> insert = begun("INSERT INTO t VALUES (3, 30)");
        session.cancel();
        assertThat(failure(insert)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        store.release();
        assertThat(sql.number("SELECT COUNT(*) FROM t")).isEqualTo(3);
    }

    @Test
    void theEndOfTheSessionEndsTheWait() {
        store.holds = true;
        CompletableFuture<@Nullable Execution> insert = begun("INSERT INTO t VALUES (3, 30)");
        session.close();
        assertThat(failure(insert)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void errorsComeInTheFuture() {
        assertThat(failure(begun("INSERT INTO t VALUES (1, 0)"))).isEqualTo(ErrorCode.UNIQUE);
        assertThat(failure(begun("INSERT INTO t VALUES (?, 0)", new Object[] {null})))
                .isEqualTo(ErrorCode.NOT_NULL);
        assertThat(sql.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
    }

    @Test
    void whoMeetsAConflictStartsAnewElsewhere() {
        store.holds = true;
        CompletableFuture<@Nullable Execution> update = begun("UPDATE t SET n = n + 1 WHERE id = 1");
        store.holds = false;
        try (Session other = sessions.open("OTHER")) {
            new Sql(other).run("UPDATE t SET n = 100 WHERE id = 1");
        }
        store.release();
        assertThat(update).isCompletedWithValue(null);
        assertThat(sql.number("SELECT n FROM t WHERE id = 1")).isEqualTo(100);
    }

    @Test
    void whatWouldWaitIsNotBegun() {
        store.readsWait = true;
        assertThat(begin("SELECT n FROM t WHERE id = 1")).isNull();
        assertThat(begin("UPDATE t SET n = 0 WHERE id = 1")).isNull();
        store.readsWait = false;
        assertThat(sql.number("SELECT n FROM t WHERE id = 1")).isEqualTo(10);
    }

    @Test
    void aWaitThatNobodyThoughtOfIsNoWaitEither() {
        Session asking = sessions.open("ASKING", "", () -> {
            Impatience.check(); // as a store does before it waits
            return Identity.of("ASKING");
        });
        try (Sql other = new Sql(asking)) {
            Prepared select = asking.prepare("SELECT n FROM t WHERE id = 1");
            assertThat(asking.executeAtOnce(select, List.of(), ExecuteOptions.NONE))
                    .isNull();
            assertThat(other.number("SELECT n FROM t WHERE id = 1")).isEqualTo(10);
        }
    }

    @Test
    void whatIsNotShortIsNotBegun() {
        sql.run("CREATE TABLE numbered (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n INTEGER)");
        assertThat(begin("SELECT n FROM t")).isNull();
        assertThat(begin("UPDATE t SET n = 0")).isNull();
        assertThat(begin("INSERT INTO t SELECT id + 10, n FROM t")).isNull();
        assertThat(begin("INSERT INTO numbered (n) VALUES (1)"))
                .as("it may need a new range of numbers")
                .isNull();
        assertThat(begin("CREATE TABLE u (id INTEGER PRIMARY KEY)")).isNull();
        assertThat(begin("BEGIN")).isNull();
    }

    @Test
    void aTransactionOrATimeLimitIsForThreadsThatWait() {
        Prepared select = session.prepare("SELECT n FROM t WHERE id = 1");
        assertThat(session.executeAtOnce(select, List.of(), new ExecuteOptions(1_000, 0, false)))
                .isNull();
        session.setAutoCommit(false);
        assertThat(session.executeAtOnce(select, List.of(), ExecuteOptions.NONE))
                .isNull();
    }

    @Test
    void aPlanOfAnEarlierSchemaIsMadeAnewElsewhere() {
        Prepared select = session.prepare("SELECT n FROM t WHERE id = 1");
        sql.run("ALTER TABLE t ADD COLUMN m INTEGER DEFAULT 5");
        assertThat(session.executeAtOnce(select, List.of(), ExecuteOptions.NONE))
                .isNull();
        sql.session().execute(select, List.of(), ExecuteOptions.NONE);
        assertThat(session.executeAtOnce(select, List.of(), ExecuteOptions.NONE))
                .isNotNull();
    }
}
