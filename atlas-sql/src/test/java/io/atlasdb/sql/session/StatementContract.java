package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.ResultColumn;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one session may expect of its statements and its transaction. */
@NullMarked
public abstract class StatementContract extends SessionContract {
    private static final String BUSY_QUERY =
            "SELECT COUNT(*) FROM big x, big y, big z WHERE MOD(x.n + y.n + z.n, 7) = 8";

    @Test
    void aFailingStatementTakesBackItsOwnWritesOnly() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL)");
        a.run("BEGIN");
        a.run("INSERT INTO t VALUES (1, 1)");
        assertThat(a.error("INSERT INTO t VALUES (2, 2), (3, NULL)")).isEqualTo(ErrorCode.NOT_NULL);
        assertThat(a.error("INSERT INTO t VALUES (4, 4), (1, 5)")).isEqualTo(ErrorCode.UNIQUE);
        a.run("INSERT INTO t VALUES (6, 6)");
        a.run("COMMIT");
        assertThat(ids()).isEqualTo(List.of(List.of(1), List.of(6)));
    }

    @Test
    void savepointsCanBeGoneBackTo() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        a.run("BEGIN");
        a.run("INSERT INTO t VALUES (1)");
        a.run("SAVEPOINT s");
        a.run("INSERT INTO t VALUES (2)");
        a.run("SAVEPOINT inner_one");
        a.run("INSERT INTO t VALUES (3)");
        a.run("ROLLBACK TO SAVEPOINT s");
        assertThat(a.error("ROLLBACK TO SAVEPOINT inner_one")).isEqualTo(ErrorCode.NO_SAVEPOINT);
        a.run("INSERT INTO t VALUES (4)");
        a.run("ROLLBACK TO SAVEPOINT s");
        a.run("INSERT INTO t VALUES (5)");
        a.run("RELEASE SAVEPOINT s");
        assertThat(a.error("ROLLBACK TO SAVEPOINT s")).isEqualTo(ErrorCode.NO_SAVEPOINT);
        a.run("COMMIT");
        assertThat(ids()).isEqualTo(List.of(List.of(1), List.of(5)));
        assertThat(a.error("SAVEPOINT s")).isEqualTo(ErrorCode.NO_TRANSACTION);
    }

    @Test
    void aStarLeavesTheHiddenKeyOut() {
        a.run("CREATE TABLE keyless (n INT, s VARCHAR(3))");
        a.run("INSERT INTO keyless VALUES (1, 'a')");
        List<List<Object>> expected = List.of(List.of(1, "a"));
        assertThat(a.rows("SELECT * FROM keyless")).isEqualTo(expected);
        assertThat(a.rows("SELECT k.* FROM keyless k WHERE k.n = 1")).isEqualTo(expected);
    }

    @Test
    void aTransactionReadsTheTablesOfTheSystem() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        String names = "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = 'INFORMATION_SCHEMA'";
        a.run("BEGIN");
        assertThat(a.number(names)).isEqualTo(1);
        a.run("INSERT INTO t " + names);
        a.run("COMMIT");
        a.run("INSERT INTO t " + names.replace("COUNT(*)", "1 + COUNT(*)"));
        assertThat(ids()).isEqualTo(List.of(List.of(1), List.of(2)));
    }

    @Test
    void rollbackLeavesNothing() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        a.session().setAutoCommit(false);
        a.run("INSERT INTO t VALUES (1)");
        assertThat(a.session().inTransaction()).isTrue();
        a.session().rollback();
        assertThat(a.session().inTransaction()).isFalse();
        assertThat(ids()).isEmpty();
    }

    @Test
    void switchingAutocommitOnCommits() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        Prepared insert = a.session().prepare("INSERT INTO t VALUES (?)");
        a.session().setAutoCommit(false);
        a.session().execute(insert, List.of(1), ExecuteOptions.NONE);
        assertThat(connect().rows("SELECT id FROM t")).isEmpty();
        a.session().setAutoCommit(true);
        assertThat(connect().rows("SELECT id FROM t")).hasSize(1);
    }

    @Test
    void aTransactionThatFailedTakesNoMoreStatements() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 1)");
        Sql b = connect();
        b.run("BEGIN");
        b.run("UPDATE t SET n = 5 WHERE id = 1");
        a.run("UPDATE t SET n = 6 WHERE id = 1");
        assertThat(b.error("COMMIT")).isEqualTo(ErrorCode.SERIALIZATION);
        assertThat(b.session().inTransaction()).isFalse();
        assertThat(b.number("SELECT n FROM t")).isEqualTo(6);
    }

    @Test
    void keysMayMoveOverEachOtherInOneUpdate() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE)");
        a.run("INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)");
        assertThat(a.run("UPDATE t SET id = id + 1, u = u + 10")).isEqualTo(3);
        assertThat(a.rows("SELECT id, u FROM t ORDER BY id"))
                .isEqualTo(List.of(List.of(2, 20), List.of(3, 30), List.of(4, 40)));
        assertThat(a.run("UPDATE t SET id = 6 - id")).isEqualTo(3);
        assertThat(a.rows("SELECT id, u FROM t ORDER BY u"))
                .isEqualTo(List.of(List.of(4, 20), List.of(3, 30), List.of(2, 40)));
        assertThat(a.error("UPDATE t SET u = 20")).isEqualTo(ErrorCode.UNIQUE);
        assertThat(a.error("UPDATE t SET id = 4 WHERE id = 3")).isEqualTo(ErrorCode.UNIQUE);
        assertThat(a.rows("SELECT id FROM t WHERE u = 30")).isEqualTo(List.of(List.of(3)));
    }

    @Test
    void statementsDoNotMeetTheirOwnWrites() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("CREATE INDEX t_n ON t (n)");
        a.run("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        assertThat(a.run("UPDATE t SET n = n + 10 WHERE n > 0")).isEqualTo(3);
        assertThat(a.rows("SELECT n FROM t ORDER BY n")).isEqualTo(List.of(List.of(11), List.of(12), List.of(13)));
        assertThat(a.run("INSERT INTO t SELECT id + 10, n FROM t")).isEqualTo(3);
        assertThat(a.run("DELETE FROM t WHERE id > 10")).isEqualTo(3);
        assertThat(a.number("SELECT COUNT(*) FROM t")).isEqualTo(3);
    }

    @Test
    void generatedKeysComeBack() {
        a.run("CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n INT)");
        Prepared insert = a.session().prepare("INSERT INTO t (n) VALUES (?), (?)");
        Execution execution = a.session().execute(insert, List.of(7, 8), new ExecuteOptions(0, 0, true));
        assertThat(execution.updateCount()).isEqualTo(2);
        Execution.GeneratedKeys keys = Objects.requireNonNull(execution.keys());
        assertThat(keys.columns().get(0).label()).isEqualTo("ID");
        assertThat(keys.rows()).hasSize(2);
        for (@Nullable Object[] key : keys.rows()) {
            assertThat(a.rows("SELECT n FROM t WHERE id = ?", key[0])).hasSize(1);
        }
        assertThat(a.error("INSERT INTO t (id, n) VALUES (99, 1)")).isEqualTo(ErrorCode.GENERATED_ALWAYS);
    }

    @Test
    void aBatchIsAllOrNothingAndNamesTheRow() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        Prepared insert = a.session().prepare("INSERT INTO t VALUES (?)");
        assertThat(a.session()
                        .executeBatch(insert, List.of(List.of(1), List.of(2)), ExecuteOptions.NONE)
                        .counts())
                .containsExactly(1, 1);
        AtlasException failure = Sql.failure(() ->
                a.session().executeBatch(insert, List.of(List.of(3), List.of(2), List.of(4)), ExecuteOptions.NONE));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNIQUE);
        assertThat(failure).hasMessageContaining("row 2 of the batch");
        assertThat(ids()).isEqualTo(List.of(List.of(1), List.of(2)));
    }

    @Test
    void aBatchGivesTheKeysOfAllItsRows() {
        a.run("CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n INT)");
        Prepared insert = a.session().prepare("INSERT INTO t (n) VALUES (?), (?)");
        BatchCounts batch = a.session()
                .executeBatch(insert, List.of(List.of(10, 20), List.of(30, 40)), new ExecuteOptions(0, 0, true));
        assertThat(batch.counts()).containsExactly(2, 2);
        Execution.GeneratedKeys keys = Objects.requireNonNull(batch.keys());
        assertThat(keys.columns()).extracting(ResultColumn::label).containsExactly("ID");
        assertThat(keys.rows()).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(a.number("SELECT n FROM t WHERE id = ?", keys.rows().get(i)[0]))
                    .isEqualTo(10 * (i + 1));
        }
    }

    @Test
    void aPreparedStatementOutlivesSchemaChanges() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 1)");
        Prepared select = a.session().prepare("SELECT * FROM t");
        assertThat(select.columns()).hasSize(2);
        a.run("ALTER TABLE t ADD COLUMN m INT DEFAULT 9");
        Rows rows = Sql.rowsOf(a.session().execute(select, List.of(), ExecuteOptions.NONE));
        try (rows) {
            assertThat(rows.next()).isTrue();
            assertThat(Arrays.asList(rows.row())).isEqualTo(List.of(1, 1, 9));
        }
        assertThat(select.columns()).hasSize(3);
        a.run("DROP TABLE t");
        assertThat(Sql.failure(() -> a.session().execute(select, List.of(), ExecuteOptions.NONE))
                        .code())
                .isEqualTo(ErrorCode.NO_SUCH_TABLE);
    }

    @Test
    void openRowsDoNotSeeLaterWrites() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        a.run("BEGIN");
        Rows rows = Sql.rowsOf(a.execute("SELECT id FROM t"));
        try (rows) {
            assertThat(rows.next()).isTrue();
            a.run("DELETE FROM t");
            a.run("INSERT INTO t VALUES (4, 4)");
            assertThat(rows.next()).isTrue();
            assertThat(rows.row()).containsExactly(2);
            assertThat(rows.next()).isTrue();
            assertThat(rows.next()).isFalse();
        }
        a.run("COMMIT");
    }

    @Test
    void rowsInAutocommitOutliveOtherStatements() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        a.run("INSERT INTO t VALUES (1), (2)");
        Rows rows = Sql.rowsOf(a.execute("SELECT id FROM t"));
        try (rows) {
            assertThat(rows.next()).isTrue();
            a.run("DELETE FROM t");
            assertThat(rows.next()).isTrue();
            assertThat(rows.next()).isFalse();
        }
        assertThat(ids()).isEmpty();
    }

    @Test
    void rowsMaxBoundsTheResult() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        a.run("INSERT INTO t VALUES (1), (2), (3)");
        Prepared select = a.session().prepare("SELECT id FROM t");
        Rows rows = Sql.rowsOf(a.session().execute(select, List.of(), new ExecuteOptions(0, 2, false)));
        try (rows) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.next()).isTrue();
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void aReadOnlySessionWritesNothing() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        a.session().setReadOnly(true);
        assertThat(a.error("INSERT INTO t VALUES (1)")).isEqualTo(ErrorCode.READ_ONLY);
        assertThat(a.error("DELETE FROM t")).isEqualTo(ErrorCode.READ_ONLY);
        assertThat(ids()).isEmpty();
        a.session().setReadOnly(false);
        a.run("START TRANSACTION READ ONLY");
        assertThat(a.error("INSERT INTO t VALUES (1)")).isEqualTo(ErrorCode.READ_ONLY);
        a.run("COMMIT");
        assertThat(a.run("INSERT INTO t VALUES (1)")).isEqualTo(1);
    }

    @Test
    void cancelStopsARunningStatement() throws Exception {
        big();
        Future<ErrorCode> query = async(() -> a.error(BUSY_QUERY));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!query.isDone() && System.nanoTime() < deadline) {
            a.session().cancel();
            Thread.onSpinWait();
        }
        assertThat(await(query)).isEqualTo(ErrorCode.CANCELLED);
        assertThat(a.number("SELECT COUNT(*) FROM big")).isEqualTo(300);
    }

    @Test
    void aStatementEndsAtItsTimeout() {
        big();
        a.run("SET statement_timeout = '50ms'");
        assertThat(a.error(BUSY_QUERY)).isEqualTo(ErrorCode.TIMED_OUT);
        a.run("RESET statement_timeout");
        Prepared query = a.session().prepare(BUSY_QUERY);
        assertThat(Sql.failure(() -> {
                            Rows rows = a.session()
                                    .execute(query, List.of(), new ExecuteOptions(50, 0, false))
                                    .rows();
                            if (rows != null) {
                                try (rows) {
                                    rows.next();
                                }
                            }
                        })
                        .code())
                .isEqualTo(ErrorCode.TIMED_OUT);
    }

    @Test
    void aStatementOverItsMemoryBudgetNamesTheStep() {
        big();
        a.run("SET memory_budget = '64KB'");
        AtlasException failure = Sql.failure(() -> a.run("UPDATE big SET pad = pad || 'y'"));
        assertThat(failure.code()).isEqualTo(ErrorCode.MEMORY_BUDGET);
        assertThat(failure.getMessage()).contains("65536").contains("UPDATE");
        assertThat(a.error("DELETE FROM big")).isEqualTo(ErrorCode.MEMORY_BUDGET);
        a.run("RESET memory_budget");
        assertThat(a.run("DELETE FROM big")).isEqualTo(300);
    }

    @Test
    void parametersAreConvertedOrRefused() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, d DECIMAL(10, 2), s VARCHAR(3))");
        assertThat(a.run("INSERT INTO t VALUES (?, ?, ?)", 1L, 5, "abc")).isEqualTo(1);
        assertThat(a.rows("SELECT d FROM t WHERE id = ?", (short) 1)).hasSize(1);
        assertThat(a.error("INSERT INTO t VALUES (?, ?, ?)", 1L << 40, 5, "abc"))
                .isEqualTo(ErrorCode.NUMERIC_OVERFLOW);
        assertThat(a.error("INSERT INTO t VALUES (?, ?, ?)", 2, 5, "abcd")).isEqualTo(ErrorCode.STRING_TOO_LONG);
        assertThat(a.error("INSERT INTO t VALUES (?, ?, ?)", "x", 5, "abc")).isEqualTo(ErrorCode.INVALID_TEXT);
        assertThat(a.error("INSERT INTO t VALUES (?, ?, ?)", 2, 5)).isEqualTo(ErrorCode.WRONG_PARAMETER_COUNT);
    }

    @Test
    void isolationAndSettingsAreTheSessions() {
        a.session().setIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(a.session().isolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(a.value("SHOW transaction_isolation")).isEqualTo("REPEATABLE READ");
        a.run("SET application_name = 'test'");
        assertThat(a.value("SHOW application_name")).isEqualTo("test");
        assertThat(a.error("SET nonsense = 1")).isEqualTo(ErrorCode.NO_SUCH_SETTING);
        assertThat(a.error("SET consistency = 'eventual'")).isEqualTo(ErrorCode.INVALID_PARAMETER);
        assertThat(a.error("SET statement_timeout = 'soon'")).isEqualTo(ErrorCode.INVALID_PARAMETER);
        assertThat(Sql.failure(() -> a.session().setSchema("NOWHERE")).code()).isEqualTo(ErrorCode.NO_SUCH_SCHEMA);
    }

    @Test
    void closingASessionRollsBack() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        Sql b = connect();
        b.run("BEGIN");
        b.run("INSERT INTO t VALUES (1)");
        b.close();
        assertThat(b.error("SELECT 1")).isEqualTo(ErrorCode.CONNECTION_CLOSED);
        assertThat(ids()).isEmpty();
    }

    private List<List<@Nullable Object>> ids() {
        return a.rows("SELECT id FROM t ORDER BY id");
    }

    private void big() {
        a.run("CREATE TABLE big (n INT PRIMARY KEY, pad VARCHAR)");
        Prepared insert = a.session().prepare("INSERT INTO big VALUES (?, ?)");
        List<List<Object>> rows = new java.util.ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(List.of(i, "x".repeat(300) + i));
        }
        a.session().executeBatch(insert, rows, ExecuteOptions.NONE);
    }
}
