package io.atlasdb.sql.exec.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.tx.Savepoint;
import io.atlasdb.sql.tx.Transaction;
import org.junit.jupiter.api.Test;

class DdlExecutorTest {
    private final DdlHarness ddl = new DdlHarness();

    @Test
    void aTableIsWhatTheStatementSays() {
        ddl.run("CREATE TABLE t (a INT DEFAULT 5, b VARCHAR(10) UNIQUE, c BIGINT GENERATED ALWAYS AS IDENTITY,"
                + " CONSTRAINT k PRIMARY KEY (c, a), CHECK (a > 1), CONSTRAINT u UNIQUE (a, b))");
        Table table = ddl.table("T");
        assertThat(table.columns()).extracting(Column::name).containsExactly("A", "B", "C");
        assertThat(table.columns()).extracting(Column::nullable).containsExactly(false, true, false);
        assertThat(table.primaryKey()).containsExactly(new Index.Part(3, false), new Index.Part(1, false));
        assertThat(table.primaryKeyName()).isEqualTo("K");
        assertThat(table.indexes()).extracting(Index::name).containsExactly("T_B_KEY", "U");
        assertThat(table.indexes()).allMatch(index -> index.unique() && index.constraint());
        assertThat(table.checks()).containsExactly(new Check("T_CHECK", "\"A\" > 1"));
        assertThat(table.hasHiddenKey()).isFalse();
    }

    @Test
    void aTableWithoutAKeyHasAHiddenOne() {
        ddl.run("CREATE TABLE t (a INT)");
        Table table = ddl.table("T");
        assertThat(table.hasHiddenKey()).isTrue();
        assertThat(table.columns().get(1).name()).isEqualTo("_ROWID");
        assertThat(table.primaryKeyName()).isEqualTo("T_PKEY");
    }

    @Test
    void wrongDefinitionsAreRefusedAndLeaveNothing() {
        ddl.fails(ErrorCode.COLUMN_EXISTS, "CREATE TABLE t (a INT, a INT)");
        ddl.fails(ErrorCode.INVALID_DEFINITION, "CREATE TABLE t (a INT PRIMARY KEY, b INT PRIMARY KEY)");
        ddl.fails(ErrorCode.NO_SUCH_COLUMN, "CREATE TABLE t (abcd INT, PRIMARY KEY (abce))")
                .hasMessageContaining("did you mean ABCD?");
        ddl.fails(ErrorCode.NO_SUCH_COLUMN, "CREATE TABLE t (a INT, CHECK (b > 1))");
        ddl.fails(ErrorCode.DATATYPE_MISMATCH, "CREATE TABLE t (a INT DEFAULT 'x')");
        ddl.fails(ErrorCode.INVALID_DEFINITION, "CREATE TABLE t (\"_ROWID\" INT)");
        ddl.fails(ErrorCode.INVALID_DEFINITION, "CREATE TABLE t (a TEXT GENERATED ALWAYS AS IDENTITY)");
        ddl.fails(ErrorCode.UNSUPPORTED, "CREATE TABLE t (a JSON PRIMARY KEY)");
        ddl.fails(ErrorCode.INVALID_DEFINITION, "CREATE TABLE atlas.t (a INT)");
        ddl.fails(ErrorCode.INVALID_DEFINITION, "CREATE TABLE kv.t (a INT)");
        ddl.fails(ErrorCode.NO_SUCH_SCHEMA, "CREATE TABLE publik.t (a INT)")
                .hasMessageContaining("did you mean PUBLIC?");
        assertThat(ddl.catalog().version()).isZero();
    }

    @Test
    void namesAreTakenOnce() {
        ddl.run("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
        ddl.fails(ErrorCode.TABLE_EXISTS, "CREATE TABLE t (a INT)");
        ddl.run("CREATE TABLE IF NOT EXISTS t (x INT)");
        ddl.run("CREATE INDEX i ON t (b)");
        ddl.fails(ErrorCode.INDEX_EXISTS, "CREATE INDEX i ON t (a)");
        ddl.run("CREATE INDEX IF NOT EXISTS i ON t (a)");
        ddl.fails(ErrorCode.INDEX_EXISTS, "CREATE TABLE u (a INT, CONSTRAINT i UNIQUE (a))");
        assertThat(ddl.table("T").indexes()).hasSize(1);
    }

    @Test
    void schemasComeAndGo() {
        ddl.run("CREATE SCHEMA s");
        ddl.fails(ErrorCode.SCHEMA_EXISTS, "CREATE SCHEMA s");
        ddl.run("CREATE SCHEMA IF NOT EXISTS s");
        ddl.run("CREATE TABLE s.t (a INT)");
        ddl.fails(ErrorCode.DEPENDENT_OBJECTS, "DROP SCHEMA s");
        ddl.run("DROP SCHEMA s CASCADE");
        assertThat(ddl.catalog().schemas()).doesNotContainKey("S");
        ddl.fails(ErrorCode.NO_SUCH_SCHEMA, "DROP SCHEMA s");
        ddl.run("DROP SCHEMA IF EXISTS s");
        ddl.fails(ErrorCode.INVALID_DEFINITION, "DROP SCHEMA public");
    }

    @Test
    void severalTablesAreDroppedAllOrNone() {
        ddl.run("CREATE TABLE t (a INT)");
        ddl.run("CREATE TABLE u (a INT)");
        ddl.fails(ErrorCode.NO_SUCH_TABLE, "DROP TABLE t, tt");
        assertThat(ddl.catalog().table("PUBLIC", "T")).isNotNull();
        ddl.run("DROP TABLE IF EXISTS t, u, v");
        assertThat(ddl.catalog().schemas().get("PUBLIC")).isEmpty();
    }

    @Test
    void anAddedColumnShowsItsDefaultInRowsOfBefore() {
        ddl.run("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
        ddl.fill("T", 3, 1);
        ddl.run("ALTER TABLE t ADD COLUMN c INT DEFAULT 7 NOT NULL CHECK (c > 6)");
        ddl.run("ALTER TABLE t ADD d INT");
        ddl.run("ALTER TABLE t ADD COLUMN IF NOT EXISTS d INT");
        assertThat(ddl.rows("T").get(2)).containsExactly(2, 2, 7, null);
        ddl.fails(ErrorCode.COLUMN_EXISTS, "ALTER TABLE t ADD c INT");
        ddl.fails(ErrorCode.NOT_NULL, "ALTER TABLE t ADD e INT NOT NULL");
        ddl.fails(ErrorCode.CHECK, "ALTER TABLE t ADD e INT DEFAULT 1 CHECK (e > 1)");
        ddl.fails(ErrorCode.UNIQUE, "ALTER TABLE t ADD e INT DEFAULT 1 UNIQUE");
        ddl.run("ALTER TABLE t ADD e INT UNIQUE");
        assertThat(ddl.table("T").index("T_E_KEY")).isNotNull();
        assertThat(ddl.indexed("T", "T_E_KEY")).hasSize(3);
    }

    @Test
    void columnsInUseAreKept() {
        ddl.run("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE, c INT CHECK (c > 1), d INT)");
        ddl.fails(ErrorCode.DEPENDENT_OBJECTS, "ALTER TABLE t DROP COLUMN a").hasMessageContaining("T_PKEY");
        ddl.fails(ErrorCode.DEPENDENT_OBJECTS, "ALTER TABLE t DROP COLUMN b").hasMessageContaining("T_B_KEY");
        ddl.fails(ErrorCode.DEPENDENT_OBJECTS, "ALTER TABLE t DROP COLUMN c").hasMessageContaining("T_CHECK");
        ddl.run("ALTER TABLE t DROP COLUMN d");
        ddl.run("ALTER TABLE t DROP COLUMN IF EXISTS d");
        ddl.fails(ErrorCode.NO_SUCH_COLUMN, "ALTER TABLE t DROP COLUMN d");
        ddl.run("ALTER TABLE t ADD d INT");
        assertThat(ddl.table("T").columns().get(3).id()).isGreaterThan(5);
        ddl.run("CREATE TABLE u (a INT)");
        ddl.fails(ErrorCode.INVALID_DEFINITION, "ALTER TABLE u DROP a");
    }

    @Test
    void aRenamedColumnIsRenamedInChecks() {
        ddl.run("CREATE TABLE t (a INT PRIMARY KEY, b INT CHECK (b > 1))");
        ddl.run("ALTER TABLE t RENAME COLUMN b TO \"x y\"");
        assertThat(ddl.table("T").checks()).containsExactly(new Check("T_CHECK", "\"x y\" > 1"));
        ddl.fails(ErrorCode.COLUMN_EXISTS, "ALTER TABLE t RENAME COLUMN a TO \"x y\"");
        ddl.fails(ErrorCode.NO_SUCH_COLUMN, "ALTER TABLE t RENAME COLUMN b TO c");
        ddl.run("ALTER TABLE t RENAME TO u");
        assertThat(ddl.catalog().table("PUBLIC", "T")).isNull();
        assertThat(ddl.table("U").columns().get(1).name()).isEqualTo("x y");
        ddl.run("ALTER TABLE IF EXISTS t RENAME TO v");
    }

    @Test
    void truncateTakesRowsAndKeepsTheRest() {
        ddl.run("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE)");
        ddl.fill("T", 10, 1);
        ddl.run("TRUNCATE TABLE t");
        assertThat(ddl.rows("T")).isEmpty();
        assertThat(ddl.indexed("T", "T_B_KEY")).isEmpty();
        ddl.fill("T", 2, 1);
        assertThat(ddl.rows("T")).hasSize(2);
        ddl.fails(ErrorCode.NO_SUCH_TABLE, "TRUNCATE u");
    }

    @Test
    void statementsOfATransactionSeeEachOtherAndGoTogether() {
        try (Transaction transaction = ddl.transaction()) {
            ddl.in(transaction, "CREATE TABLE t (a INT)", true);
            Savepoint savepoint = transaction.savepoint();
            ddl.in(transaction, "ALTER TABLE t ADD b INT", true);
            ddl.in(transaction, "CREATE TABLE u (a INT)", true);
            ddl.in(transaction, "CREATE UNIQUE INDEX i ON t (b)", true);
            transaction.rollbackTo(savepoint);
            ddl.in(transaction, "CREATE INDEX i ON t (a)", true);
            assertThat(ddl.catalog().table("PUBLIC", "T")).isNull();
            transaction.commitAndWait();
        }
        assertThat(ddl.table("T").columns()).hasSize(2);
        assertThat(ddl.index("T", "I").state()).isEqualTo(Index.State.PUBLIC);
        assertThat(ddl.catalog().table("PUBLIC", "U")).isNull();
    }

    @Test
    void ofTwoThatTakeOneNameOneIsRefused() {
        try (Transaction first = ddl.transaction();
                Transaction second = ddl.transaction()) {
            ddl.in(first, "CREATE TABLE t (a INT)", true);
            ddl.in(second, "CREATE TABLE t (b INT)", true);
            first.commitAndWait();
            assertThatThrownBy(second::commitAndWait)
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERIALIZATION));
        }
        assertThat(ddl.table("T").columns().get(0).name()).isEqualTo("A");
    }
}
