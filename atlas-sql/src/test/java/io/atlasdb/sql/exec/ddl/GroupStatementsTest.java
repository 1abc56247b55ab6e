package io.atlasdb.sql.exec.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.plan.Planner;
import io.atlasdb.sql.session.ClusterCopies;
import io.atlasdb.sql.session.ExecuteOptions;
import io.atlasdb.sql.session.Session;
import io.atlasdb.sql.session.SessionDefaults;
import io.atlasdb.sql.session.Sessions;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.system.SystemTables;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What statements ask of the node, and what the node finds in the store. */
class GroupStatementsTest {
    private final MemoryStore store = new MemoryStore();
    private final CatalogStore catalogs = new CatalogStore();
    private final Planner planner = new Planner();
    private final List<String> moves = new ArrayList<>();
    private final Placements node = new Placements() {
        @Override
        public void check(Placement placement) {
            if (placement.regions().contains("mars")) {
                throw ErrorCode.INVALID_DEFINITION.error("region mars has no node");
            }
        }

        @Override
        public void moveOwner(long group, Target target) {
            moves.add(group + " to " + target);
        }
    };
    private final Sessions sessions = new Sessions(
            store,
            catalogs,
            planner,
            new SystemTables("test"),
            SessionDefaults.forHeap(256 << 20),
            node,
            ClusterCopies.NONE);
    private final Session session = sessions.open("");

    @AfterEach
    void close() {
        sessions.close();
        planner.close();
    }

    private void run(String sql) {
        session.execute(session.prepare(sql), List.of(), ExecuteOptions.NONE);
    }

    private Placement stored(long group) {
        try (Snapshot snapshot = store.snapshot()) {
            return Placement.read(snapshot, group);
        }
    }

    private long groupOf(String table) {
        return session.catalog().schemas().get("PUBLIC").get(table).group();
    }

    @Test
    void theNodeFindsThePlacementOfATablesGroup() {
        run("CREATE TABLE t (id INT PRIMARY KEY) WITH (regions = 'eu, us', fn = 1, fz = 0)");
        Placement placement = stored(groupOf("T"));
        assertThat(placement)
                .isEqualTo(new Placement(List.of("eu", "us"), OptionalInt.of(1), OptionalInt.of(0), "follow"));
        run("ALTER TABLE t SET OWNER POLICY 'pin:us'");
        assertThat(stored(groupOf("T"))).isEqualTo(placement.withOwnerPolicy("pin:us"));
        long old = groupOf("T");
        run("TRUNCATE TABLE t");
        assertThat(groupOf("T")).isNotEqualTo(old);
        assertThat(stored(groupOf("T"))).isEqualTo(placement.withOwnerPolicy("pin:us"));
        assertThat(stored(old)).isEqualTo(Placement.DEFAULT);
    }

    @Test
    void thePlacementOfAGroupThatExistsIsChangedInPart() {
        run("CREATE TABLE t (id INT PRIMARY KEY) WITH (regions = 'eu, us', fn = 1, fz = 0)");
        run("ALTER TABLE t SET (regions = 'eu', owner_policy = 'pin:eu')");
        assertThat(stored(groupOf("T")))
                .isEqualTo(new Placement(List.of("eu"), OptionalInt.of(1), OptionalInt.of(0), "pin:eu"));
        run("ALTER TABLE t SET (regions = '', fn = 0)");
        assertThat(stored(groupOf("T")))
                .isEqualTo(new Placement(List.of(), OptionalInt.of(0), OptionalInt.of(0), "pin:eu"));
        run("CREATE GROUP shop");
        run("CREATE TABLE a (id INT PRIMARY KEY) WITH (group = 'shop')");
        run("ALTER GROUP shop SET (regions = 'us')");
        assertThat(stored(groupOf("A")).regions()).containsExactly("us");
        assertThatThrownBy(() -> run("ALTER TABLE a SET (regions = 'eu')")).hasMessageContaining("ALTER GROUP SHOP");
        assertThatThrownBy(() -> run("ALTER TABLE t SET (group = 'shop')")).hasMessageContaining("stays in its group");
        assertThatThrownBy(() -> run("ALTER TABLE t SET (regions = 'mars', owner_policy = 'follow')"))
                .hasMessageContaining("mars has no node");
        assertThatThrownBy(() -> run("ALTER TABLE t SET (regions = 'us')")).hasMessageContaining("pinned to region eu");
        assertThatThrownBy(() -> run("ALTER TABLE t SET (regions = 'eu', fz = 1)"))
                .hasMessageContaining("needs at least 3");
        assertThatThrownBy(() -> run("ALTER TABLE t SET (colour = 'red')")).hasMessageContaining("no table option");
    }

    @Test
    void aRegionThatTheNodeDoesNotKnowIsRefusedWithItsReason() {
        assertThatThrownBy(() -> run("CREATE GROUP g WITH (regions = 'mars')"))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining("region mars has no node");
        assertThat(session.catalog().groups()).isEmpty();
    }

    @Test
    void tablesOfAGroupShareItAndKeepTheirRowsApart() {
        run("CREATE GROUP shop");
        run("CREATE TABLE a (id INT PRIMARY KEY) WITH (group = 'shop')");
        run("CREATE TABLE b (id INT PRIMARY KEY) WITH (group = 'shop')");
        assertThat(groupOf("A")).isEqualTo(groupOf("B"));
        assertThat(session.catalog().groups().get("SHOP").id()).isEqualTo(groupOf("A"));
        run("INSERT INTO a VALUES (1)");
        run("INSERT INTO b VALUES (1), (2)");
        run("DROP TABLE b");
        run("INSERT INTO a VALUES (2)");
        assertThatThrownBy(() -> run("DROP GROUP shop")).hasMessageContaining("PUBLIC.A");
    }

    @Test
    void ownersAreMovedByGroup() {
        run("CREATE GROUP shop");
        run("CREATE TABLE a (id INT PRIMARY KEY) WITH (group = 'shop')");
        run("CREATE TABLE t (id INT PRIMARY KEY)");
        run("ALTER GROUP shop SET OWNER 'eu'");
        run("ALTER TABLE t SET OWNER NODE 3");
        assertThat(moves).containsExactly(groupOf("A") + " to region eu", groupOf("T") + " to node 3");
        assertThatThrownBy(() -> run("ALTER TABLE a SET OWNER 'eu'")).hasMessageContaining("ALTER GROUP SHOP");
    }
}
