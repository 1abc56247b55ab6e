package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one session may expect of rows that are retained; and that no statement gets around them. */
@NullMarked
public abstract class RetainedRowsContract extends SessionContract {
    private static final String BILL = "row (ID) = (1) of table PUBLIC.BILLS";
    private static final String A_BILL = "a row of table PUBLIC.BILLS";
    private static final long YEAR_MICROS = 365L * 86_400_000_000L;

    private void bills() {
        bills("WITH (retain = '7 years')");
    }

    private void bills(String options) {
        a.run("CREATE TABLE bills (id INT PRIMARY KEY, amount INT, note VARCHAR(20) UNIQUE) " + options);
        a.run("INSERT INTO bills VALUES (1, 100, 'one')");
    }

    @Test
    void aNewRowIsRetainedForTheTablesPeriod() {
        long before = System.currentTimeMillis() * 1_000;
        bills();
        long until = a.number("SELECT retained_until FROM bills");
        assertThat(until).isBetween(before + 7 * YEAR_MICROS, before + 7 * YEAR_MICROS + 3 * 86_400_000_000L);
        assertThat(a.rows("SELECT * FROM bills").get(0)).containsExactly(1, 100, "one", until);
        assertThat(a.rows("SELECT id FROM bills WHERE retained_until > CURRENT_TIMESTAMP + INTERVAL '6' YEAR"))
                .hasSize(1);
        assertThat(options()).isEqualTo("RETAIN=7 years");
    }

    @Test
    void noStatementChangesOrRemovesARetainedRow() {
        bills();
        for (String statement : new String[] {
            "UPDATE bills SET amount = 1",
            "UPDATE bills SET amount = 1 WHERE id = 1",
            "UPDATE bills SET amount = 1 WHERE note = 'one'",
            "UPDATE bills SET id = 2 WHERE id = 1",
            "UPDATE bills SET id = id + 1",
            "UPDATE bills SET note = NULL",
            "UPDATE bills SET retained_until = NULL",
            "UPDATE bills SET retained_until = CURRENT_TIMESTAMP WHERE id = 1",
            "UPDATE bills SET retained_until = retained_until - INTERVAL '1' SECOND",
            "UPDATE bills SET retained_until = retained_until + INTERVAL '1' DAY, amount = 1 WHERE id = 1",
            "DELETE FROM bills",
            "DELETE FROM bills WHERE id = 1",
            "DELETE FROM bills WHERE amount = 100",
            "UPSERT INTO bills VALUES (1, 1, 'other')",
            "UPSERT INTO bills VALUES (1, 100, 'one')",
            "UPSERT INTO bills (id, amount, note, retained_until) VALUES (1, 1, 'x', TIMESTAMP '9000-01-01 00:00:00')"
        }) {
            refused(BILL, statement);
        }
        assertThat(a.error("INSERT INTO bills VALUES (1, 1, 'x')")).isEqualTo(ErrorCode.UNIQUE);
        assertUntouched();
    }

    @Test
    void noChangeOfTheSchemaRemovesOrHidesARetainedRow() {
        bills();
        for (String statement : new String[] {
            "DROP TABLE bills",
            "TRUNCATE TABLE bills",
            "ALTER TABLE bills DROP COLUMN amount",
            "ALTER TABLE bills RENAME COLUMN amount TO total",
            "ALTER TABLE bills RENAME TO old_bills",
        }) {
            refused(A_BILL, statement);
        }
        assertThat(a.error("ALTER TABLE bills DROP COLUMN retained_until")).isEqualTo(ErrorCode.DEPENDENT_OBJECTS);
        assertThat(a.error("ALTER TABLE bills RENAME COLUMN retained_until TO x"))
                .isEqualTo(ErrorCode.DEPENDENT_OBJECTS);
        assertUntouched();
    }

    @Test
    void aSchemaStaysWhileATableOfItHasARetainedRow() {
        a.run("CREATE SCHEMA books");
        a.run("CREATE TABLE books.bills (id INT PRIMARY KEY) WITH (retain = '1 day')");
        a.run("CREATE TABLE books.drafts (id INT PRIMARY KEY)");
        a.run("INSERT INTO books.bills VALUES (1)");
        a.run("INSERT INTO books.drafts VALUES (1)");
        refused("a row of table BOOKS.BILLS", "DROP SCHEMA books CASCADE");
        assertThat(a.number("SELECT COUNT(*) FROM books.bills")).isEqualTo(1);
        assertThat(a.number("SELECT COUNT(*) FROM books.drafts")).isEqualTo(1);
    }

    @Test
    void tablesOfAGroupAreRetainedEachForItself() {
        a.run("CREATE GROUP office");
        bills("WITH (retain = '7 years', group = 'office')");
        a.run("CREATE TABLE drafts (id INT PRIMARY KEY) WITH (group = 'office')");
        a.run("INSERT INTO drafts VALUES (1)");
        refused(BILL, "UPDATE bills SET amount = 1");
        refused(A_BILL, "DROP TABLE bills");
        refused(A_BILL, "TRUNCATE TABLE bills");
        assertThat(a.error("DROP GROUP office")).isEqualTo(ErrorCode.DEPENDENT_OBJECTS);
        a.run("TRUNCATE TABLE drafts");
        a.run("DROP TABLE drafts");
        assertUntouched();
    }

    @Test
    void aRowIsRetainedLongerByAnUpdateOfItsTimeAlone() {
        bills();
        long first = a.number("SELECT retained_until FROM bills");
        assertThat(a.run("UPDATE bills SET retained_until = retained_until + INTERVAL '1' YEAR"))
                .isEqualTo(1);
        assertThat(a.number("SELECT retained_until FROM bills WHERE note = 'one'"))
                .isGreaterThanOrEqualTo(first + YEAR_MICROS);
        a.run("UPDATE bills SET retained_until = TIMESTAMP '9000-01-01 00:00:00' WHERE id = 1");
        a.run("UPDATE bills SET amount = amount, retained_until = TIMESTAMP '9001-01-01 00:00:00' WHERE id = 1");
        refused(BILL, "UPDATE bills SET retained_until = TIMESTAMP '9000-12-31 23:59:59.999' WHERE id = 1");
        refused(BILL, "DELETE FROM bills");
        assertUntouched();
    }

    @Test
    void transactionsAndSavepointsDoNotGetAroundIt() {
        bills();
        a.run("BEGIN");
        a.run("SAVEPOINT s");
        refused(BILL, "DELETE FROM bills WHERE id = 1");
        a.run("ROLLBACK TO SAVEPOINT s");
        refused(BILL, "UPSERT INTO bills VALUES (1, 1, 'x')");
        a.run("UPDATE bills SET retained_until = retained_until + INTERVAL '2' YEAR");
        refused(BILL, "UPDATE bills SET retained_until = retained_until - INTERVAL '1' YEAR");
        refused(BILL, "DELETE FROM bills");
        a.run("ROLLBACK TO SAVEPOINT s");
        a.run("COMMIT");
        a.run("BEGIN");
        a.run("DROP TABLE bills");
        refused(A_BILL, "COMMIT");
        assertUntouched();
    }

    @Test
    void aTransactionMayChangeWhatItHasNotCommitted() {
        a.run("CREATE TABLE bills (id INT PRIMARY KEY, amount INT, note VARCHAR(20) UNIQUE) WITH (retain = '7 years')");
        a.run("BEGIN");
        a.run("INSERT INTO bills VALUES (1, 1, 'x'), (2, 2, 'y'), (3, 3, 'z')");
        assertThat(a.rows("SELECT retained_until FROM bills WHERE id = 1"))
                .isEqualTo(List.of(Arrays.asList((Object) null)));
        a.run("UPDATE bills SET amount = 100, note = 'one' WHERE id = 1");
        a.run("DELETE FROM bills WHERE id = 2");
        a.run("UPDATE bills SET id = 4, retained_until = NULL WHERE id = 3");
        a.run("COMMIT");
        refused(BILL, "DELETE FROM bills WHERE note = 'one'");
        refused("row (ID) = (4) of table PUBLIC.BILLS", "DELETE FROM bills WHERE note = 'z'");
        a.run("INSERT INTO bills VALUES (3, 3, 'y')");
        assertThat(a.number("SELECT COUNT(*) FROM bills WHERE retained_until > CURRENT_TIMESTAMP + INTERVAL '6' YEAR"))
                .isEqualTo(3);
    }

    @Test
    void aRowMayNameALaterTimeAndNoEarlierOne() {
        a.run("CREATE TABLE bills (id INT PRIMARY KEY, amount INT, note VARCHAR(20) UNIQUE) WITH (retain = '7 years')");
        a.run("INSERT INTO bills (id, retained_until) VALUES (1, NULL), (2, TIMESTAMP '2001-01-01 00:00:00'),"
                + " (3, TIMESTAMP '9000-01-01 00:00:00')");
        a.run("UPSERT INTO bills (id, note, retained_until) VALUES (4, 'x', NULL)");
        assertThat(a.number("SELECT COUNT(*) FROM bills WHERE retained_until > CURRENT_TIMESTAMP + INTERVAL '6' YEAR"))
                .isEqualTo(4);
        assertThat(a.number("SELECT COUNT(*) FROM bills WHERE retained_until = TIMESTAMP '9000-01-01 00:00:00'"))
                .isEqualTo(1);
    }

    @Test
    void anotherPeriodHoldsForRowsToCome() {
        a.run("CREATE TABLE bills (id INT PRIMARY KEY, amount INT, note VARCHAR(20) UNIQUE)");
        a.run("INSERT INTO bills VALUES (0, 0, 'zero')");
        a.run("ALTER TABLE bills SET (retain = '10 years')");
        a.run("INSERT INTO bills VALUES (1, 100, 'one')");
        a.run("ALTER TABLE bills SET (retain = '0 days')");
        a.run("INSERT INTO bills VALUES (2, 0, 'two')");
        refused(BILL, "UPDATE bills SET amount = amount + 1");
        a.run("UPDATE bills SET amount = amount + 1 WHERE id <> 1");
        assertThat(a.run("DELETE FROM bills WHERE id = 2")).isEqualTo(1);
        assertThat(a.value("SELECT retained_until FROM bills WHERE id = 0")).isNull();
        a.run("UPDATE bills SET retained_until = TIMESTAMP '9000-01-01 00:00:00', amount = 7 WHERE id = 0");
        refused("row (ID) = (0) of table PUBLIC.BILLS", "DELETE FROM bills WHERE id = 0");
        refused(A_BILL, "DROP TABLE bills");
        assertThat(options()).isEqualTo("RETAIN=0 days");
    }

    @Test
    void theSchemaMayGrowAroundRetainedRows() {
        bills();
        a.run("ALTER TABLE bills ADD COLUMN paid BOOLEAN DEFAULT FALSE");
        a.run("CREATE INDEX by_amount ON bills (amount)");
        assertThat(a.number("SELECT id FROM bills WHERE amount = 100")).isEqualTo(1);
        refused(BILL, "UPDATE bills SET paid = TRUE");
        a.run("UPDATE bills SET retained_until = retained_until + INTERVAL '1' DAY");
        assertThat(a.rows("SELECT id, amount, note, paid FROM bills WHERE amount = 100"))
                .isEqualTo(List.of(List.of(1, 100, "one", false)));
        a.run("INSERT INTO bills (id, amount, note) VALUES (2, 200, 'two')");
        a.run("DROP INDEX by_amount");
        a.run("CREATE INDEX by_amount ON bills (amount DESC, paid)");
        assertThat(a.rows("SELECT id FROM bills WHERE amount > 0 ORDER BY amount DESC"))
                .isEqualTo(List.of(List.of(2), List.of(1)));
        assertThat(a.error("CREATE INDEX by_time ON bills (retained_until)")).isEqualTo(ErrorCode.UNSUPPORTED);
        assertUntouched();
    }

    @Test
    void aTableWithoutAKeyRetainsItsRowsAsWell() {
        a.run("CREATE TABLE log (line VARCHAR(20)) WITH (retain = '90 days')");
        a.run("INSERT INTO log VALUES ('a'), ('b')");
        refused("a row of table PUBLIC.LOG", "DELETE FROM log");
        refused("a row of table PUBLIC.LOG", "UPDATE log SET line = 'c' WHERE line = 'a'");
        assertThat(a.number("SELECT COUNT(*) FROM log")).isEqualTo(2);
    }

    @Test
    void whatIsOverCanBeChangedAndRemoved() {
        bills("WITH (retain = '0 seconds')");
        a.run("UPDATE bills SET amount = 1");
        a.run("UPSERT INTO bills VALUES (1, 2, 'two')");
        a.run("DELETE FROM bills");
        a.run("INSERT INTO bills VALUES (1, 1, 'one')");
        a.run("ALTER TABLE bills RENAME COLUMN amount TO total");
        a.run("TRUNCATE TABLE bills");
        a.run("DROP TABLE bills");
    }

    @Test
    void badOptionsAreToldOf() {
        for (String period :
                new String[] {"7", "years", "-1 days", "7 fortnights", "1001 years", "999999999999 weeks", ""}) {
            assertThat(a.error("CREATE TABLE t (id INT PRIMARY KEY) WITH (retain = '" + period + "')"))
                    .as(period)
                    .isEqualTo(ErrorCode.INVALID_DEFINITION);
        }
        assertThat(a.error("CREATE TABLE t (id INT PRIMARY KEY, retained_until INT) WITH (retain = '1 day')"))
                .isEqualTo(ErrorCode.COLUMN_EXISTS);
        assertThat(a.error("CREATE TABLE t (id INT, PRIMARY KEY (retained_until)) WITH (retain = '1 day')"))
                .isEqualTo(ErrorCode.NO_SUCH_COLUMN);
        assertThat(a.error("CREATE GROUP g WITH (retain = '1 day')")).isEqualTo(ErrorCode.INVALID_DEFINITION);
        a.run("CREATE TABLE t (id INT PRIMARY KEY) WITH (retain = '1 Month')");
        a.run("CREATE GROUP g");
        assertThat(a.error("ALTER GROUP g SET (retain = '1 day')")).isEqualTo(ErrorCode.INVALID_DEFINITION);
        assertThat(a.error("ALTER TABLE t SET (fz = 0, retain = '1 day')")).isEqualTo(ErrorCode.INVALID_DEFINITION);
        assertThat(a.error("ALTER TABLE t SET (retain = 'soon')")).isEqualTo(ErrorCode.INVALID_DEFINITION);
    }

    private @Nullable Object options() {
        return a.value("SELECT options FROM atlas.tables WHERE table_name = 'BILLS' AND table_schema = CURRENT_SCHEMA");
    }

    private void assertUntouched() {
        List<@Nullable Object> row = List.of(1, 100, "one");
        assertThat(a.rows("SELECT id, amount, note FROM bills WHERE id = 1")).isEqualTo(List.of(row));
        assertThat(a.rows("SELECT id, amount, note FROM bills WHERE note = 'one'"))
                .isEqualTo(List.of(row));
    }

    private void refused(String what, String statement) {
        AtlasException refusal = Sql.failure(() -> a.run(statement));
        assertThat(refusal.code()).as(statement + ": " + refusal.getMessage()).isEqualTo(ErrorCode.RETAINED);
        assertThat(refusal.getMessage().replaceAll("TEST_[0-9]+", "PUBLIC")).contains(what + " is retained until ");
    }
}
