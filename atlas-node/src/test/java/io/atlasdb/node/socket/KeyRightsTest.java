package io.atlasdb.node.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.plan.Planner;
import io.atlasdb.sql.session.SessionDefaults;
import io.atlasdb.sql.session.Sessions;
import io.atlasdb.sql.session.Sql;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.system.SystemTables;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No statement shows what KEY GET hides: whatever SQL answers a principal, it answers somebody with all rights in a database in
 * which those rows are missing that the principal may not read.
 */
class KeyRightsTest {
    private static final List<Identity> PRINCIPALS =
            List.of(Identity.NOBODY, Identity.of("ann"), Identity.of("bob"), Identity.of("carl"));
    private static final Identity ADMIN = new Identity("root", Set.of("root"), true);
    private static final List<String> KEYS = List.of("A", "B", "C", "D", "E", "F", "G");

    private static final List<String> QUERIES = List.of(
            "SELECT key, value FROM kv.t ORDER BY key",
            "SELECT key FROM kv.t ORDER BY key DESC",
            "SELECT key FROM kv.t ORDER BY key LIMIT 1",
            "SELECT key FROM kv.t ORDER BY key DESC LIMIT 2",
            "SELECT key FROM kv.t ORDER BY key LIMIT 2 OFFSET 1",
            "SELECT key FROM kv.t WHERE key > 'B' ORDER BY key LIMIT 2",
            "SELECT key FROM kv.t WHERE key < 'E' ORDER BY key DESC LIMIT 2",
            "SELECT value FROM kv.t WHERE key = 'A'",
            "SELECT value FROM kv.t WHERE key = 'G'",
            "SELECT key, updated_at IS NULL FROM kv.t WHERE key = 'D'",
            "SELECT key FROM kv.t WHERE key IN ('A', 'B', 'E', 'Z') ORDER BY 1",
            "SELECT key FROM kv.t WHERE key BETWEEN 'A' AND 'C' ORDER BY 1",
            "SELECT key FROM kv.t WHERE key LIKE '%' ORDER BY 1",
            "SELECT COUNT(*) FROM kv.t",
            "SELECT COUNT(*) FROM kv.t WHERE key >= 'C'",
            "SELECT COUNT(DISTINCT value), MIN(key), MAX(key) FROM kv.t",
            "SELECT MAX(key) FROM kv.t",
            "SELECT MIN(key) FROM kv.t WHERE key > 'A'",
            "SELECT key < 'D', COUNT(*) FROM kv.t GROUP BY key < 'D' ORDER BY 1",
            "SELECT key, ROW_NUMBER() OVER (ORDER BY key), COUNT(*) OVER () FROM kv.t ORDER BY key",
            "SELECT a.key, b.key FROM kv.t a JOIN kv.t b ON a.key = b.key ORDER BY 1",
            "SELECT a.key, b.key FROM kv.other a LEFT JOIN kv.t b ON a.key = b.key ORDER BY 1",
            "SELECT a.key, b.key FROM kv.t a CROSS JOIN kv.other b ORDER BY 1, 2",
            "SELECT key FROM kv.other o WHERE EXISTS (SELECT * FROM kv.t WHERE t.key = o.key) ORDER BY 1",
            "SELECT key FROM kv.other o WHERE NOT EXISTS (SELECT * FROM kv.t WHERE t.key = o.key) ORDER BY 1",
            "SELECT key FROM kv.other WHERE key NOT IN (SELECT key FROM kv.t) ORDER BY 1",
            "SELECT (SELECT COUNT(*) FROM kv.t), (SELECT MAX(value) FROM kv.t WHERE key = 'A')",
            "SELECT key FROM kv.t UNION SELECT key FROM kv.other ORDER BY 1",
            "SELECT key FROM kv.other EXCEPT SELECT key FROM kv.t ORDER BY 1",
            "SELECT key FROM kv.other INTERSECT SELECT key FROM kv.t ORDER BY 1",
            "WITH w AS (SELECT key FROM kv.t) SELECT COUNT(*) FROM w",
            "EXPLAIN SELECT * FROM kv.t WHERE key > 'A' ORDER BY key",
            "EXPLAIN SELECT * FROM kv.t a JOIN kv.other b ON a.key = b.key");

    private static final List<String> WRITES = List.of(
            "UPDATE kv.t SET value = X'00'",
            "UPDATE kv.t SET value = X'00' WHERE key = 'A'",
            "UPDATE kv.t SET value = X'00' WHERE key = 'G'",
            "UPDATE kv.t SET value = X'00' WHERE key > 'D'",
            "UPDATE kv.t SET value = X'00' WHERE value = X'7641'",
            "DELETE FROM kv.t",
            "DELETE FROM kv.t WHERE key = 'A'",
            "DELETE FROM kv.t WHERE key = 'C'",
            "DELETE FROM kv.t WHERE key IN (SELECT key FROM kv.other)",
            "INSERT INTO kv.other (key, value) SELECT 'T' || key, value FROM kv.t",
            "INSERT INTO kv.other (key) SELECT key FROM kv.t WHERE key >= 'C'");

    /** A store with the two ways to reach it. */
    private static final class Database implements AutoCloseable {
        final MemoryStore store = new MemoryStore();
        private final CatalogStore catalogs = new CatalogStore();
        private final Planner planner = new Planner();
        final Sessions sessions =
                new Sessions(store, catalogs, planner, new SystemTables("test"), SessionDefaults.forHeap(256 << 20));
        final StoreKeySpace keys = new StoreKeySpace(store, catalogs);

        void put(String table, String row, String value, Identity identity) {
            done(() -> keys.put(table, row, value.getBytes(StandardCharsets.UTF_8), identity));
        }

        void change(boolean grants, String table, @Nullable String row, String who, int rights, Identity by) {
            done(() -> keys.changeRights(table, row, new AccessChange(grants, rights, List.of(who)), by));
        }

        @Nullable
        String get(String table, String row, Identity identity) {
            byte[] value = keys.get(table, row, identity);
            return value == null ? null : new String(value, StandardCharsets.UTF_8);
        }

        Sql as(Identity identity) {
            return new Sql(sessions.open(() -> identity));
        }

        @Override
        public void close() {
            keys.close();
            sessions.close();
            planner.close();
            assertThat(store.openSnapshots()).isZero();
        }
    }

    private static void done(Supplier<java.util.concurrent.CompletableFuture<?>> action) {
        try {
            action.get().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof AtlasException known ? known : e;
        }
    }

    /** Keys of every kind: open, owned, readable by some, writable by some, and those that the table's own list governs. */
    private static Database protectedKeys(boolean withTable) {
        Database db = new Database();
        for (String key : KEYS) {
            db.put("T", key, "v" + key, Identity.NOBODY);
        }
        db.put("OTHER", "A", "x", Identity.NOBODY);
        db.put("OTHER", "B", "y", Identity.NOBODY);
        db.change(true, "T", "A", "ann", Rights.OWNER, Identity.NOBODY);
        db.change(true, "T", "C", "bob", Rights.OWNER, Identity.NOBODY);
        db.change(true, "T", "C", "ann", Rights.READ, Identity.of("bob"));
        db.change(true, "T", "D", "ann", Rights.READ, Identity.NOBODY);
        db.change(true, "T", "E", "bob", Rights.WRITE, Identity.NOBODY);
        db.change(true, "T", "G", "ann", Rights.OWNER, Identity.NOBODY);
        db.change(true, "T", "G", "carl", Rights.WRITE, Identity.of("ann"));
        if (withTable) {
            db.change(true, "T", null, "carl", Rights.OWNER, ADMIN);
            db.change(true, "T", null, "bob", Rights.READ, ADMIN);
        }
        return db;
    }

    /** What is left when what the principal may not read is not there. */
    private static Database visibleOnly(Database db, Identity identity) {
        Database left = new Database();
        left.put("T", "NONE", "x", ADMIN);
        done(() -> left.keys.delete("T", "NONE", ADMIN));
        for (String table : List.of("T", "OTHER")) {
            for (String key : KEYS) {
                String value = db.get(table, key, identity);
                if (value != null) {
                    left.put(table, key, value, ADMIN);
                }
            }
        }
        return left;
    }

    @Test
    void principalsSeeWhatIsTheirs() {
        try (Database db = protectedKeys(false)) {
            assertThat(visible(db, Identity.NOBODY)).containsExactly("B", "E", "F");
            assertThat(visible(db, Identity.of("ann"))).containsExactly("A", "B", "C", "D", "E", "F", "G");
            assertThat(visible(db, Identity.of("bob"))).containsExactly("B", "C", "E", "F");
        }
        try (Database db = protectedKeys(true)) {
            assertThat(visible(db, Identity.NOBODY)).isEmpty();
            assertThat(visible(db, Identity.of("ann"))).containsExactly("A", "C", "D", "G");
            assertThat(visible(db, Identity.of("bob"))).containsExactly("B", "C", "E", "F");
            assertThat(visible(db, Identity.of("carl"))).containsExactly("B", "E", "F");
        }
    }

    private static Set<String> visible(Database db, Identity identity) {
        Set<String> visible = new TreeSet<>();
        for (String key : KEYS) {
            if (db.get("T", key, identity) != null) {
                visible.add(key);
            }
        }
        Set<String> scanned = new TreeSet<>();
        db.keys.scan("T.", identity, (table, row) -> scanned.add(row));
        assertThat(scanned).isEqualTo(visible);
        return visible;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQueryAnswersAsIfHiddenRowsWereNotThere(boolean withTable) {
        try (Database db = protectedKeys(withTable)) {
            for (Identity identity : PRINCIPALS) {
                try (Database left = visibleOnly(db, identity);
                        Sql expected = left.as(ADMIN);
                        Sql found = db.as(identity)) {
                    for (String query : QUERIES) {
                        assertThat(texts(found.rows(query)))
                                .as("%s as %s", query, identity)
                                .isEqualTo(texts(expected.rows(query)));
                    }
                }
            }
        }
    }

    private static List<String> texts(List<List<@Nullable Object>> rows) {
        List<String> texts = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            texts.add(Arrays.deepToString(row.toArray()));
        }
        return texts;
    }

    /** A write that may not touch something that can be seen is refused and does nothing; else it does what it can see. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWriteTouchesOnlyWhatCanBeSeen(boolean withTable) {
        try (Database db = protectedKeys(withTable)) {
            for (Identity identity : PRINCIPALS) {
                try (Database left = visibleOnly(db, identity)) {
                    WRITES.forEach(statement -> writes(statement, identity, db, left));
                }
            }
        }
    }

    private static void writes(String statement, Identity identity, Database db, Database left) {
        try (Sql expected = left.as(ADMIN);
                Sql found = db.as(identity);
                Sql all = db.as(ADMIN)) {
            Set<String> before = hidden(db, identity);
            expected.session().setAutoCommit(false);
            found.session().setAutoCommit(false);
            try {
                assertThat(found.run(statement))
                        .as("%s as %s", statement, identity)
                        .isEqualTo(expected.run(statement));
                for (String table : List.of("t", "other")) {
                    String rows = "SELECT key, value FROM kv." + table + " ORDER BY key";
                    assertThat(texts(found.rows(rows))).isEqualTo(texts(expected.rows(rows)));
                }
            } catch (AtlasException e) {
                assertThat(e.code()).as("%s as %s: %s", statement, identity, e).isEqualTo(ErrorCode.DENIED);
                String rows = "SELECT key, value FROM kv.t ORDER BY key";
                found.session().commit();
                assertThat(all.number("SELECT COUNT(*) FROM kv.t")).isEqualTo(KEYS.size());
                assertThat(texts(found.rows(rows))).as("nothing of it was done").hasSizeLessThanOrEqualTo(KEYS.size());
            }
            assertThat(hidden(db, identity)).isEqualTo(before);
            found.session().rollback();
            expected.session().rollback();
        }
    }

    private static Set<String> hidden(Database db, Identity identity) {
        Set<String> hidden = new TreeSet<>();
        for (String key : KEYS) {
            String value = db.get("T", key, ADMIN);
            if (value != null && db.get("T", key, identity) == null) {
                hidden.add(key + "=" + value);
            }
        }
        return hidden;
    }

    @Test
    void anErrorTellsNotThatAHiddenRowIsThere() {
        try (Database db = protectedKeys(false);
                Sql nobody = db.as(Identity.NOBODY);
                Sql carl = db.as(Identity.of("carl"))) {
            db.change(true, "T", "ABSENT", "ann", Rights.OWNER, Identity.NOBODY);
            for (String statement : List.of(
                    "INSERT INTO kv.t (key) VALUES ('%s')",
                    "UPSERT INTO kv.t (key) VALUES ('%s')",
                    "INSERT INTO kv.t (key) SELECT '%s' FROM kv.other WHERE key = 'A'",
                    "UPDATE kv.t SET key = '%s' WHERE key = 'B'")) {
                String there = Sql.failure(() -> nobody.run(String.format(statement, "A")))
                        .getMessage();
                String absent = Sql.failure(() -> nobody.run(String.format(statement, "ABSENT")))
                        .getMessage();
                assertThat(there).as(statement).isEqualTo(absent).contains("permission denied for principal '(none)'");
            }
            assertThat(carl.error("INSERT INTO kv.t (key) VALUES ('G')")).isEqualTo(ErrorCode.DENIED);
            for (String statement :
                    List.of("TRUNCATE TABLE kv.t", "DROP TABLE kv.t", "GRANT OWNERSHIP ON kv.t TO carl")) {
                assertThat(carl.error(statement)).as(statement).isEqualTo(ErrorCode.DENIED);
            }
        }
    }

    @Test
    void aPutNeedsTheRightToMakeOrToReplace() {
        Identity bob = Identity.of("bob");
        try (Database db = new Database();
                Sql admin = db.as(ADMIN)) {
            db.put("T", "A", "1", ADMIN);
            admin.run("GRANT OWNERSHIP ON kv.t TO ann");
            admin.run("GRANT INSERT ON kv.t TO bob");
            db.put("T", "B", "2", bob);
            assertThat(denied(() -> db.put("T", "A", "3", bob))).isTrue();
            assertThat(denied(() -> db.put("T", "B", "3", bob)))
                    .as("now it is there")
                    .isTrue();
            admin.run("GRANT UPDATE ON kv.t TO bob");
            admin.run("REVOKE INSERT ON kv.t FROM bob");
            db.put("T", "A", "4", bob);
            assertThat(denied(() -> db.put("T", "C", "5", bob))).isTrue();
            assertThat(denied(() -> done(() -> db.keys.delete("T", "A", bob)))).isTrue();
            assertThat(db.get("T", "A", ADMIN)).isEqualTo("4");
        }
    }

    @Test
    void aPutThatMeetsAChangeOfRightsIsDecidedByThem() {
        try (Database db = protectedKeys(false)) {
            Identity ann = Identity.of("ann");
            db.store.beforeNextCommit(commit -> db.change(false, "T", "A", "ann", Rights.OWNER, ann));
            db.put("T", "A", "open again", ann);
            db.change(true, "T", "A", "ann", Rights.OWNER, ann);
            db.store.beforeNextCommit(commit -> {
                db.change(true, "T", "A", "bob", Rights.OWNER, ann);
                db.change(false, "T", "A", "ann", Rights.OWNER, ann);
            });
            assertThat(denied(() -> db.put("T", "A", "too late", ann))).isTrue();
            assertThat(db.get("T", "A", ADMIN)).isEqualTo("open again");
        }
        try (Database db = new Database()) {
            db.put("T", "A", "1", Identity.NOBODY);
            db.store.beforeNextCommit(commit -> db.change(true, "T", "A", "ann", Rights.OWNER, Identity.NOBODY));
            assertThat(denied(() -> db.put("T", "A", "2", Identity.NOBODY)))
                    .as("the first right of a table, which the put believed open")
                    .isTrue();
        }
    }

    private static boolean denied(Runnable action) {
        AtlasException failure = Sql.failure(action);
        assertThat(failure.code()).as(failure.toString()).isEqualTo(ErrorCode.DENIED);
        return Objects.requireNonNull(failure.getMessage()).startsWith("permission denied");
    }
}
