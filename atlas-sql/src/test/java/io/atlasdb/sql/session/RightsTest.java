package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rights on tables of SQL. */
class RightsTest {
    private final MemorySessions database = new MemorySessions();
    private final Sql nobody = as("");
    private final Sql ann = as("ann");
    private final Sql bob = as("bob");
    private final Sql admin = new Sql(database.sessions().open(() -> new Identity("root", Set.of("root"), true)));

    @AfterEach
    void close() {
        List.of(nobody, ann, bob, admin).forEach(Sql::close);
        database.close();
        assertThat(database.store().openSnapshots()).isZero();
    }

    private Sql as(String name) {
        return new Sql(database.sessions().open(name));
    }

    private void table() {
        nobody.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, u INTEGER UNIQUE)");
        nobody.run("INSERT INTO t VALUES (1, 10, 100), (2, 20, 200)");
    }

    @Test
    void whatNobodyProtectsIsOpen() {
        table();
        assertThat(bob.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
        assertThat(nobody.run("UPDATE t SET v = 0")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM t",
                "SELECT v FROM t WHERE id = 1",
                "SELECT v FROM t WHERE id = 99",
                "SELECT COUNT(*) FROM t",
                "SELECT MAX(id) FROM t",
                "SELECT a.id FROM (VALUES (1)) AS a(id) JOIN t ON t.id = a.id",
                "SELECT 1 FROM (VALUES (1)) AS a(id) WHERE EXISTS (SELECT * FROM t)",
                "SELECT (SELECT MIN(u) FROM t)",
                "EXPLAIN SELECT * FROM t",
                "EXPLAIN DELETE FROM t",
                "INSERT INTO t VALUES (1, 1, 1)",
                "INSERT INTO t VALUES (9, 9, 9)",
                "INSERT INTO other SELECT id FROM t",
                "UPSERT INTO t VALUES (1, 1, 1)",
                "UPDATE t SET v = 1",
                "UPDATE t SET v = 1 WHERE id = 1",
                "UPDATE t SET v = 1 WHERE id = 99",
                "DELETE FROM t",
                "DELETE FROM t WHERE id = 1",
                "DELETE FROM t WHERE id = 99",
                "TRUNCATE TABLE t",
                "DROP TABLE t",
                "ALTER TABLE t ADD COLUMN w INTEGER",
                "ALTER TABLE t RENAME TO s",
                "CREATE INDEX i ON t (v)",
                "DROP INDEX by_v",
                "GRANT SELECT ON t TO bob",
                "REVOKE ALL ON t FROM ann"
            })
    void onlyAnOwnerDoesAnythingWithItsTable(String statement) {
        table();
        nobody.run("CREATE TABLE other (id INTEGER PRIMARY KEY)");
        nobody.run("CREATE INDEX by_v ON t (v)");
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        for (Sql stranger : List.of(nobody, bob)) {
            assertThat(stranger.error(statement)).as(statement).isEqualTo(ErrorCode.DENIED);
        }
        assertThat(ann.rows("SELECT * FROM t ORDER BY id")).hasSize(2);
        assertThat(admin.rows("SELECT * FROM t ORDER BY id")).hasSize(2);
        if (statement.startsWith("INSERT INTO t VALUES (1")) {
            assertThat(ann.error(statement)).isEqualTo(ErrorCode.UNIQUE);
        } else {
            ann.execute(statement);
        }
    }

    @Test
    void rightsAreGivenOneByOne() {
        table();
        nobody.run("GRANT OWNERSHIP ON TABLE t TO ann");
        ann.run("GRANT SELECT ON t TO bob");
        assertThat(bob.number("SELECT SUM(v) FROM t")).isEqualTo(30);
        assertThat(bob.error("UPDATE t SET v = 1")).isEqualTo(ErrorCode.DENIED);
        ann.run("GRANT UPDATE, INSERT ON t TO bob, 'carl'");
        assertThat(bob.run("UPDATE t SET v = 1")).isEqualTo(2);
        assertThat(bob.run("INSERT INTO t VALUES (3, 3, 3)")).isEqualTo(1);
        assertThat(bob.error("DELETE FROM t")).isEqualTo(ErrorCode.DENIED);
        ann.run("REVOKE SELECT ON t FROM bob");
        assertThat(bob.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
        assertThat(bob.error("UPDATE t SET v = 1")).as("it looks for rows").isEqualTo(ErrorCode.DENIED);
        assertThat(bob.run("INSERT INTO t VALUES (4, 4, 4)")).isEqualTo(1);
    }

    @Test
    void allPrivilegesAreThoseOnRows() {
        table();
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        ann.run("GRANT ALL PRIVILEGES ON t TO bob");
        assertThat(bob.run("DELETE FROM t WHERE id = 1")).isEqualTo(1);
        assertThat(bob.error("DROP TABLE t")).isEqualTo(ErrorCode.DENIED);
        assertThat(bob.error("GRANT SELECT ON t TO carl")).isEqualTo(ErrorCode.DENIED);
        ann.run("REVOKE ALL ON t FROM bob");
        assertThat(bob.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
    }

    @Test
    void aRightWithoutAnOwnerIsRestrictedAndTheOthersAreOpen() {
        table();
        nobody.run("GRANT SELECT ON t TO bob");
        assertThat(bob.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
        assertThat(ann.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
        assertThat(ann.run("INSERT INTO t VALUES (5, 5, 5)")).isEqualTo(1);
    }

    @Test
    void withoutItsLastOwnerATableIsPublicAgain() {
        table();
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        ann.run("GRANT SELECT ON t TO bob");
        ann.run("GRANT OWNERSHIP ON t TO bob");
        ann.run("REVOKE OWNERSHIP ON t FROM ann");
        assertThat(ann.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
        bob.run("REVOKE OWNERSHIP ON t FROM bob");
        assertThat(ann.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
        assertThat(nobody.run("DELETE FROM t")).isEqualTo(2);
    }

    @Test
    void aSchemasRightsHoldForPresentAndLaterTables() {
        nobody.run("CREATE SCHEMA s");
        nobody.run("CREATE TABLE s.a (id INTEGER PRIMARY KEY)");
        nobody.run("GRANT OWNERSHIP ON SCHEMA s TO ann");
        nobody.run("CREATE TABLE s.b (id INTEGER PRIMARY KEY)");
        for (String name : List.of("s.a", "s.b")) {
            assertThat(bob.error("SELECT * FROM " + name)).isEqualTo(ErrorCode.DENIED);
            assertThat(ann.rows("SELECT * FROM " + name)).isEmpty();
        }
        ann.run("GRANT SELECT ON SCHEMA s TO bob");
        assertThat(bob.rows("SELECT * FROM s.a, s.b")).isEmpty();
        assertThat(bob.error("GRANT SELECT ON SCHEMA s TO eve")).isEqualTo(ErrorCode.DENIED);
        assertThat(bob.error("DROP SCHEMA s CASCADE")).isEqualTo(ErrorCode.DENIED);
        ann.run("DROP SCHEMA s CASCADE");
        nobody.run("CREATE SCHEMA s");
        nobody.run("CREATE TABLE s.a (id INTEGER PRIMARY KEY)");
        assertThat(bob.rows("SELECT * FROM s.a")).isEmpty();
    }

    @Test
    void truncatingKeepsRightsAndDroppingEndsThem() {
        table();
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        ann.run("TRUNCATE TABLE t");
        assertThat(bob.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
        ann.run("DROP TABLE t");
        table();
        assertThat(bob.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
    }

    @Test
    void tablesOfOneGroupHaveRightsOfTheirOwn() {
        nobody.run("CREATE GROUP g");
        nobody.run("CREATE TABLE a (id INTEGER PRIMARY KEY) WITH (group = 'g')");
        nobody.run("CREATE TABLE b (id INTEGER PRIMARY KEY) WITH (group = 'g')");
        nobody.run("GRANT OWNERSHIP ON a TO ann");
        assertThat(bob.error("SELECT * FROM a")).isEqualTo(ErrorCode.DENIED);
        assertThat(bob.rows("SELECT * FROM b")).isEmpty();
        ann.run("DROP TABLE a");
        nobody.run("CREATE TABLE a (id INTEGER PRIMARY KEY) WITH (group = 'g')");
        assertThat(bob.rows("SELECT * FROM a")).isEmpty();
    }

    @Test
    void aTransactionSeesItsOwnRightsAndTakesThemBack() {
        table();
        ann.session().setAutoCommit(false);
        ann.run("GRANT OWNERSHIP ON t TO bob");
        assertThat(ann.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
        ann.session().rollback();
        ann.session().setAutoCommit(true);
        assertThat(ann.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void aCommitIsRefusedWhenItsRightsWentMeanwhile(int isolation) {
        table();
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        ann.run("GRANT SELECT, UPDATE ON t TO bob");
        bob.session().setIsolation(isolation);
        bob.session().setAutoCommit(false);
        bob.run("UPDATE t SET v = 7 WHERE id = 1");
        ann.run("REVOKE UPDATE ON t FROM bob");
        assertThat(Sql.failure(bob.session()::commit).code()).isIn(ErrorCode.SERIALIZATION, ErrorCode.SCHEMA_CHANGED);
        bob.session().setAutoCommit(true);
        assertThat(bob.error("UPDATE t SET v = 7 WHERE id = 1")).isEqualTo(ErrorCode.DENIED);
        assertThat(bob.number("SELECT v FROM t WHERE id = 1")).isEqualTo(10);
    }

    @Test
    void aPreparedStatementMeetsRightsThatWereGivenSince() {
        table();
        Prepared select = bob.session().prepare("SELECT v FROM t WHERE id = 1");
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        assertThat(Sql.failure(() -> bob.session().execute(select, List.of(), ExecuteOptions.NONE))
                        .code())
                .isEqualTo(ErrorCode.DENIED);
    }

    @Test
    void aStaleReadGoesByPresentRights() {
        table();
        bob.run("SET consistency = stale '5s'");
        assertThat(bob.rows("SELECT product FROM atlas.version WHERE product = 'Atlas'"))
                .as("tables of the system have no rights")
                .hasSize(1);
        assertThat(bob.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        assertThat(bob.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
        ann.run("GRANT SELECT ON t TO bob");
        assertThat(bob.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
    }

    @Test
    void aReadOfThePastGoesByPresentRightsOrByThoseOfATableThatIsGone() {
        table();
        String open = then();
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        String query = "SELECT COUNT(*) FROM t AS OF SYSTEM TIME '%s'";
        assertThat(bob.error(String.format(query, open))).isEqualTo(ErrorCode.DENIED);
        assertThat(ann.number(String.format(query, open))).isEqualTo(2);
        String owned = then();
        ann.run("GRANT SELECT ON t TO bob");
        assertThat(bob.number(String.format(query, owned))).isEqualTo(2);
        String granted = then();
        ann.run("REVOKE SELECT ON t FROM bob");
        assertThat(bob.error(String.format(query, granted))).isEqualTo(ErrorCode.DENIED);
        ann.run("DROP TABLE t");
        assertThat(bob.error(String.format(query, owned))).isEqualTo(ErrorCode.DENIED);
        assertThat(ann.number(String.format(query, owned))).isEqualTo(2);
    }

    /** A time between what was done before and what follows. */
    private static String then() {
        awaitNextMs();
        Instant then = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        awaitNextMs();
        return then.toString();
    }

    private static void awaitNextMs() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() <= now) {
            Thread.onSpinWait();
        }
    }

    @Test
    void grantsAreShownToWhomTheyConcern() {
        table();
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        ann.run("GRANT SELECT, INSERT ON t TO bob");
        ann.run("GRANT SELECT ON t TO PUBLIC");
        List<@Nullable Object> everybody = Arrays.asList("TABLE", "PUBLIC", "T", null, "PUBLIC", "SELECT");
        List<@Nullable Object> owner = Arrays.asList("TABLE", "PUBLIC", "T", null, "ann", "OWNERSHIP");
        List<@Nullable Object> select = Arrays.asList("TABLE", "PUBLIC", "T", null, "bob", "SELECT");
        List<@Nullable Object> insert = Arrays.asList("TABLE", "PUBLIC", "T", null, "bob", "INSERT");
        for (Sql session : List.of(ann, admin)) {
            assertThat(session.rows("SHOW GRANTS")).containsExactly(everybody, owner, select, insert);
            assertThat(session.rows("SHOW GRANTS ON t")).containsExactly(everybody, owner, select, insert);
            assertThat(session.rows("SELECT * FROM atlas.grants")).contains(everybody, owner, select, insert);
        }
        assertThat(bob.rows("SHOW GRANTS")).containsExactly(everybody, select, insert);
        assertThat(bob.rows("SELECT grantee, privilege_type, is_grantable FROM information_schema.table_privileges"))
                .containsExactlyInAnyOrder(
                        List.of("PUBLIC", "SELECT", "NO"),
                        List.of("bob", "SELECT", "NO"),
                        List.of("bob", "INSERT", "NO"));
        assertThat(ann.rows("SELECT * FROM information_schema.table_privileges WHERE grantee = 'ann'"))
                .hasSize(4);
        assertThat(ann.error("SHOW GRANTS ON none")).isEqualTo(ErrorCode.NO_SUCH_TABLE);
    }

    @Test
    void everybodyIsWhoHasAName() {
        table();
        nobody.run("GRANT OWNERSHIP ON t TO ann");
        ann.run("GRANT SELECT ON t TO PUBLIC");
        assertThat(bob.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
        assertThat(nobody.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
        assertThat(ann.error("GRANT OWNERSHIP ON t TO PUBLIC")).isEqualTo(ErrorCode.INVALID_PARAMETER);
    }

    @Test
    void aRolesRightsAreItsMembers() {
        table();
        nobody.run("GRANT OWNERSHIP ON t TO clerks");
        try (Sql member =
                new Sql(database.sessions().open(() -> new Identity("eve", Set.of("eve", "clerks"), false)))) {
            assertThat(member.number("SELECT COUNT(*) FROM t")).isEqualTo(2);
        }
        assertThat(bob.error("SELECT * FROM t")).isEqualTo(ErrorCode.DENIED);
    }

    @Test
    void whatIsNoRightIsRefused() {
        table();
        assertThat(nobody.error("GRANT FLY ON t TO ann")).isEqualTo(ErrorCode.SYNTAX);
        assertThat(nobody.error("GRANT SELECT ON t FROM ann")).isEqualTo(ErrorCode.SYNTAX);
        assertThat(nobody.error("GRANT SELECT ON none TO ann")).isEqualTo(ErrorCode.NO_SUCH_TABLE);
        assertThat(nobody.error("GRANT SELECT ON SCHEMA none TO ann")).isEqualTo(ErrorCode.NO_SUCH_SCHEMA);
        assertThat(nobody.error("GRANT SELECT ON atlas.nodes TO ann")).isEqualTo(ErrorCode.INVALID_DEFINITION);
        assertThat(nobody.error("GRANT SELECT (v) ON t TO ann")).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(nobody.error("GRANT SELECT ON t TO ann WITH GRANT OPTION")).isEqualTo(ErrorCode.UNSUPPORTED);
    }
}
