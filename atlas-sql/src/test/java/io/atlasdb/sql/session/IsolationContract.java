package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What transactions that run at the same time may and may not see of each other. */
@NullMarked
public abstract class IsolationContract extends SessionContract {
    private static final int THREADS = 8;

    @Test
    void transfersKeepTheSum() throws Exception {
        int accounts = 10;
        a.run("CREATE TABLE account (id INT PRIMARY KEY, balance BIGINT NOT NULL CHECK (balance >= 0))");
        for (int i = 0; i < accounts; i++) {
            a.run("INSERT INTO account VALUES (?, 100)", i);
        }
        AtomicInteger done = new AtomicInteger();
        together(THREADS, () -> {
            Sql sql = connect();
            sql.session().setAutoCommit(false);
            for (int i = 0; i < 25; i++) {
                transfer(sql, accounts);
                done.incrementAndGet();
                sql.session().setAutoCommit(true);
                assertThat(sql.number("SELECT SUM(balance) FROM account")).isEqualTo(100L * accounts);
                sql.session().setAutoCommit(false);
            }
            return null;
        });
        assertThat(done.get()).isEqualTo(THREADS * 25);
        assertThat(a.number("SELECT SUM(balance) FROM account")).isEqualTo(100L * accounts);
        assertThat(a.number("SELECT COUNT(*) FROM account WHERE balance < 0")).isZero();
    }

    private static void transfer(Sql sql, int accounts) {
        while (true) {
            int from = ThreadLocalRandom.current().nextInt(accounts);
            int to = (from + 1 + ThreadLocalRandom.current().nextInt(accounts - 1)) % accounts;
            long amount = 1 + ThreadLocalRandom.current().nextLong(10);
            try {
                long balance = sql.number("SELECT balance FROM account WHERE id = ?", from);
                if (balance >= amount) {
                    sql.run("UPDATE account SET balance = balance - ? WHERE id = ?", amount, from);
                    sql.run("UPDATE account SET balance = balance + ? WHERE id = ?", amount, to);
                }
                sql.session().commit();
                return;
            } catch (AtlasException e) {
                sql.session().rollback();
                assertThat(e.code()).isEqualTo(ErrorCode.SERIALIZATION);
            }
        }
    }

    @Test
    void autocommitUpdatesAreRunAgainByTheServer() throws Exception {
        a.run("CREATE TABLE counter (id INT PRIMARY KEY, n BIGINT)");
        a.run("INSERT INTO counter VALUES (1, 0)");
        CyclicBarrier start = new CyclicBarrier(4);
        together(4, () -> {
            Sql sql = connect();
            start.await(PATIENCE_S, TimeUnit.SECONDS);
            for (int i = 0; i < 50; i++) {
                assertThat(sql.run("UPDATE counter SET n = n + 1 WHERE id = 1")).isEqualTo(1);
            }
            return null;
        });
        assertThat(a.number("SELECT n FROM counter")).isEqualTo(200);
    }

    @Test
    void writeSkewIsPrevented() {
        a.run("CREATE TABLE doctor (name VARCHAR PRIMARY KEY, on_call BOOLEAN)");
        a.run("INSERT INTO doctor VALUES ('ann', TRUE), ('bob', TRUE)");
        Sql b = connect();
        a.run("BEGIN");
        b.run("BEGIN");
        assertThat(a.number("SELECT COUNT(*) FROM doctor WHERE on_call")).isEqualTo(2);
        assertThat(b.number("SELECT COUNT(*) FROM doctor WHERE on_call")).isEqualTo(2);
        a.run("UPDATE doctor SET on_call = FALSE WHERE name = 'ann'");
        b.run("UPDATE doctor SET on_call = FALSE WHERE name = 'bob'");
        a.run("COMMIT");
        assertThat(b.error("COMMIT")).isEqualTo(ErrorCode.SERIALIZATION);
        assertThat(a.number("SELECT COUNT(*) FROM doctor WHERE on_call")).isEqualTo(1);
    }

    @Test
    void aLostUpdateIsPreventedAtEveryLevel() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 10)");
        for (int level : List.of(
                Connection.TRANSACTION_SERIALIZABLE,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_READ_COMMITTED)) {
            Sql b = connect();
            b.session().setIsolation(level);
            b.run("BEGIN");
            b.run("UPDATE t SET n = n + 1 WHERE id = 1");
            a.run("UPDATE t SET n = n + 10 WHERE id = 1");
            assertThat(b.error("COMMIT")).as("level " + level).isEqualTo(ErrorCode.SERIALIZATION);
        }
        assertThat(a.number("SELECT n FROM t")).isEqualTo(40);
    }

    @Test
    void aPhantomInARangeIsPrevented() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 1), (5, 5)");
        a.run("CREATE TABLE result (id INT PRIMARY KEY, total BIGINT)");
        Sql b = connect();
        b.run("BEGIN");
        long sum = b.number("SELECT SUM(n) FROM t WHERE id BETWEEN 1 AND 9");
        a.run("INSERT INTO t VALUES (3, 3)");
        b.run("INSERT INTO result VALUES (1, ?)", sum);
        assertThat(b.error("COMMIT")).isEqualTo(ErrorCode.SERIALIZATION);
    }

    @Test
    void aRowInAnEmptyRangeIsAPhantomToo() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("CREATE TABLE seen (id INT PRIMARY KEY)");
        Sql b = connect();
        b.run("BEGIN");
        assertThat(b.rows("SELECT id FROM t WHERE id > 100")).isEmpty();
        a.run("INSERT INTO t VALUES (101, 1)");
        b.run("INSERT INTO seen VALUES (1)");
        assertThat(b.error("COMMIT")).isEqualTo(ErrorCode.SERIALIZATION);
    }

    @Test
    void notExistsIsValidated() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("CREATE INDEX t_n ON t (n)");
        a.run("CREATE TABLE seen (id INT PRIMARY KEY)");
        Sql b = connect();
        b.run("BEGIN");
        assertThat(b.run("INSERT INTO seen SELECT 1 FROM (VALUES (1)) AS v (x)"
                        + " WHERE NOT EXISTS (SELECT 1 FROM t WHERE n = 7)"))
                .isEqualTo(1);
        a.run("INSERT INTO t VALUES (1, 7)");
        assertThat(b.error("COMMIT")).isEqualTo(ErrorCode.SERIALIZATION);
        assertThat(a.rows("SELECT * FROM seen")).isEmpty();
    }

    @Test
    void aReaderOutsideOfARangeIsNotDisturbed() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 1), (2, 2)");
        Sql b = connect();
        b.run("BEGIN");
        b.run("UPDATE t SET n = 10 WHERE id = 1");
        a.run("UPDATE t SET n = 20 WHERE id = 2");
        b.run("COMMIT");
        assertThat(a.rows("SELECT n FROM t ORDER BY id")).isEqualTo(List.of(List.of(10), List.of(20)));
    }

    @Test
    void oneOfManyInsertsOfAKeyWins() throws Exception {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR UNIQUE)");
        AtomicInteger ids = new AtomicInteger();
        for (int round = 0; round < 10; round++) {
            String email = "m" + round;
            AtomicInteger winners = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(THREADS);
            together(THREADS, () -> {
                Sql sql = connect();
                start.await(PATIENCE_S, TimeUnit.SECONDS);
                try {
                    sql.run("INSERT INTO t VALUES (?, ?)", ids.incrementAndGet(), email);
                    winners.incrementAndGet();
                } catch (AtlasException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE);
                } finally {
                    sql.close();
                }
                return null;
            });
            assertThat(winners.get()).isEqualTo(1);
        }
        assertThat(a.number("SELECT COUNT(*) FROM t")).isEqualTo(10);
    }

    @Test
    void uniquenessHoldsAtEveryLevel() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR UNIQUE)");
        Sql b = connect();
        for (Sql sql : List.of(a, b)) {
            sql.session().setIsolation(Connection.TRANSACTION_READ_COMMITTED);
            sql.run("BEGIN");
        }
        a.run("INSERT INTO t VALUES (1, 'x')");
        b.run("INSERT INTO t VALUES (2, 'x')");
        a.run("COMMIT");
        assertThat(b.error("COMMIT")).isEqualTo(ErrorCode.SERIALIZATION);
        assertThat(b.error("INSERT INTO t VALUES (2, 'x')")).isEqualTo(ErrorCode.UNIQUE);
    }

    @Test
    void aSnapshotStaysWhatItWas() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 1)");
        Sql b = connect();
        b.run("BEGIN");
        assertThat(b.number("SELECT n FROM t")).isEqualTo(1);
        a.run("UPDATE t SET n = 2");
        assertThat(b.number("SELECT n FROM t")).isEqualTo(1);
        b.run("COMMIT");
        assertThat(b.number("SELECT n FROM t")).isEqualTo(2);
    }

    @Test
    void readCommittedReadsAnewForEachStatement() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 1)");
        Sql b = connect();
        b.run("START TRANSACTION ISOLATION LEVEL READ COMMITTED");
        assertThat(b.number("SELECT n FROM t")).isEqualTo(1);
        a.run("UPDATE t SET n = 2");
        assertThat(b.number("SELECT n FROM t")).isEqualTo(2);
        b.run("COMMIT");
    }

    @Test
    void ownWritesAreSeenAndOthersAreNot() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("CREATE INDEX t_n ON t (n)");
        a.run("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        Sql b = connect();
        b.run("BEGIN");
        b.run("INSERT INTO t VALUES (4, 4)");
        b.run("DELETE FROM t WHERE id = 2");
        b.run("UPDATE t SET n = 30 WHERE id = 3");
        assertThat(b.rows("SELECT id FROM t ORDER BY id")).isEqualTo(List.of(List.of(1), List.of(3), List.of(4)));
        assertThat(b.rows("SELECT id FROM t ORDER BY id DESC")).isEqualTo(List.of(List.of(4), List.of(3), List.of(1)));
        assertThat(b.rows("SELECT id FROM t WHERE n = 30")).isEqualTo(List.of(List.of(3)));
        assertThat(b.rows("SELECT id FROM t WHERE n = 3")).isEmpty();
        assertThat(b.rows("SELECT n FROM t WHERE id = 2")).isEmpty();
        assertThat(a.rows("SELECT id FROM t ORDER BY id")).isEqualTo(List.of(List.of(1), List.of(2), List.of(3)));
        b.run("COMMIT");
        assertThat(a.number("SELECT COUNT(*) FROM t")).isEqualTo(3);
    }

    @Test
    void aSchemaChangeEndsATransactionThatUsedTheTable() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        Sql b = connect();
        b.run("BEGIN");
        b.run("INSERT INTO t VALUES (1, 1)");
        a.run("ALTER TABLE t ADD COLUMN m INT DEFAULT 5");
        assertThat(b.error("COMMIT")).isEqualTo(ErrorCode.SCHEMA_CHANGED);
        assertThat(b.error("SELECT m FROM t WHERE id = 99 AND nosuch = 1")).isEqualTo(ErrorCode.NO_SUCH_COLUMN);
        b.run("INSERT INTO t (id, n) VALUES (1, 1)");
        assertThat(b.number("SELECT m FROM t")).isEqualTo(5);
    }

    @Test
    void writersGoOnWhileTheSchemaChanges() throws Exception {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        AtomicInteger ids = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(3);
        AtomicInteger stop = new AtomicInteger();
        List<Future<Integer>> writers = new java.util.ArrayList<>();
        for (int i = 0; i < 3; i++) {
            writers.add(async(() -> {
                Sql sql = connect();
                Prepared insert = sql.session().prepare("INSERT INTO t (id, n) VALUES (?, ?)");
                int count = 0;
                while (stop.get() == 0) {
                    int id = ids.incrementAndGet();
                    sql.session().execute(insert, List.of(id, id % 7), ExecuteOptions.NONE);
                    count++;
                    running.countDown();
                }
                return count;
            }));
        }
        assertThat(running.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        a.run("ALTER TABLE t ADD COLUMN a INT DEFAULT 1");
        a.run("CREATE INDEX t_n ON t (n)");
        a.run("ALTER TABLE t ADD COLUMN b VARCHAR DEFAULT 'x' NOT NULL");
        stop.set(1);
        long written = 0;
        for (Future<Integer> writer : writers) {
            written += await(writer);
        }
        assertThat(a.number("SELECT COUNT(*) FROM t")).isEqualTo(written);
        assertThat(a.number("SELECT COUNT(*) FROM t WHERE a = 1 AND b = 'x'")).isEqualTo(written);
        long byIndex = 0;
        for (int n = 0; n < 7; n++) {
            byIndex += a.rows("SELECT id FROM t WHERE n = ?", n).size();
        }
        assertThat(byIndex).isEqualTo(written);
    }

    @Test
    void aStatementReadsWhatWasThereAtATimeOfThePast() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("CREATE TABLE other (id INT PRIMARY KEY)");
        a.run("INSERT INTO t VALUES (1, 10), (2, 20)");
        String then = later();
        a.run("UPDATE t SET n = 11 WHERE id = 1");
        a.run("DELETE FROM t WHERE id = 2");
        a.run("INSERT INTO other VALUES (1)");
        a.run("ALTER TABLE t ADD COLUMN s VARCHAR");
        String late = later();
        assertThat(a.rows("SELECT n FROM t AS OF SYSTEM TIME '" + then + "' ORDER BY id"))
                .isEqualTo(List.of(List.of(10), List.of(20)));
        assertThat(a.rows("SELECT * FROM t AS OF SYSTEM TIME '" + then + "' WHERE id = 1"))
                .as("with the columns of that time")
                .isEqualTo(List.of(List.of(1, 10)));
        assertThat(a.rows("SELECT t.n FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '" + then
                        + "' LEFT JOIN other ON other.id = t.id WHERE t.id = 1 AND other.id IS NULL"))
                .as("one time for all tables")
                .isEqualTo(List.of(List.of(10)));
        assertThat(a.rows("SELECT n FROM t AS OF SYSTEM TIME '" + late + "'")).isEqualTo(List.of(List.of(11)));
        a.run("DROP TABLE t");
        assertThat(a.rows("SELECT n FROM t AS OF SYSTEM TIME '" + late + "'")).isEqualTo(List.of(List.of(11)));
        assertThat(a.error("SELECT n FROM t")).isEqualTo(ErrorCode.NO_SUCH_TABLE);
        assertThat(a.rows("SELECT 'x AS OF SYSTEM TIME ''-5s''' -- AS OF SYSTEM TIME '-6s'"))
                .as("in a string and in a comment")
                .isEqualTo(List.of(List.of("x AS OF SYSTEM TIME '-5s'")));
    }

    @Test
    void aTransactionOfThePastReadsOnly() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        a.run("INSERT INTO t VALUES (1, 10)");
        String then = later();
        a.run("UPDATE t SET n = 11");
        a.run("BEGIN AS OF SYSTEM TIME '" + then + "'");
        assertThat(a.rows("SELECT n FROM t")).isEqualTo(List.of(List.of(10)));
        assertThat(a.error("UPDATE t SET n = 12")).isEqualTo(ErrorCode.READ_ONLY);
        assertThat(a.error("SELECT n FROM t AS OF SYSTEM TIME '-1ms'")).isEqualTo(ErrorCode.TRANSACTION_OPEN);
        a.run("ROLLBACK");
        a.run("BEGIN");
        a.run("SET TRANSACTION AS OF SYSTEM TIME '" + then + "'");
        assertThat(a.rows("SELECT n FROM t")).isEqualTo(List.of(List.of(10)));
        a.run("COMMIT");
        assertThat(a.rows("SELECT n FROM t")).isEqualTo(List.of(List.of(11)));
    }

    @Test
    void aTimeThatCannotBeReadIsRefused() {
        a.run("CREATE TABLE t (id INT PRIMARY KEY)");
        later();
        assertThat(a.error("SELECT * FROM t AS OF SYSTEM TIME 'yesterday'")).isEqualTo(ErrorCode.INVALID_PARAMETER);
        assertThat(a.error("SELECT * FROM t AS OF SYSTEM TIME '2999-01-01 00:00:00'"))
                .isEqualTo(ErrorCode.INVALID_PARAMETER);
        assertThat(a.error("SELECT * FROM t AS OF SYSTEM TIME '-1s' JOIN t u AS OF SYSTEM TIME '-2s' ON true"))
                .isEqualTo(ErrorCode.INVALID_PARAMETER);
        assertThat(a.error("DELETE FROM t WHERE id IN (SELECT id FROM t AS OF SYSTEM TIME '-1ms')"))
                .isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(a.error("BEGIN READ WRITE AS OF SYSTEM TIME '-1s'")).isEqualTo(ErrorCode.READ_ONLY);
    }

    /** A time after everything that was written and before everything that will be. */
    private static String later() {
        long before = System.currentTimeMillis();
        while (System.currentTimeMillis() < before + 4) {
            Thread.onSpinWait();
        }
        return Instant.ofEpochMilli(before + 2).toString();
    }
}
