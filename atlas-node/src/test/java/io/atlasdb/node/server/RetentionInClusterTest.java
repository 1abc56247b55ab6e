package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retained rows and keys stay when nodes join by snapshots, owners move, and nodes stop and come back. */
class RetentionInClusterTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(240)
    void whoeverHasThemKeepsThem() throws Exception {
        try (RunningCluster cluster = new RunningCluster(folder)) {
            cluster.start(1, "eu");
            cluster.run(
                    1,
                    "CREATE TABLE bills (id INT PRIMARY KEY, n INT UNIQUE) WITH (retain = '1 year')",
                    "INSERT INTO bills VALUES (1, 10), (2, 20)");
            try (SocketLines socket = SocketLines.open(cluster.node(1))) {
                assertThat(socket.ask("KEY PUT worm.a WORM TTL 10h kept")).containsExactly("OK");
            }
            cluster.start(2, "eu");
            cluster.start(3, "eu");
            cluster.awaitVoters(1, "1,2,3");
            for (int node = 1; node <= 3; node++) {
                assertKept(cluster, node);
            }
            cluster.node(1).cluster().drain(1);
            RunningCluster.await(
                    "node 1 owns nothing",
                    60,
                    () -> cluster.query(1, "SELECT count(*) FROM atlas.groups WHERE owned_here")
                            .get(0)
                            .equals("0"));
            assertKept(cluster, 1);
            assertKept(cluster, 2);
            cluster.stop(3);
            awaitReads(cluster, 1);
            awaitReads(cluster, 2);
            assertKept(cluster, 1);
            assertKept(cluster, 2);
            cluster.restart(3);
            awaitReads(cluster, 3);
            assertKept(cluster, 3);
            cluster.run(2, "UPDATE bills SET retained_until = retained_until + INTERVAL '1' YEAR");
            assertKept(cluster, 3);
        }
    }

    /** Until every group has an owner again; until then statements are refused for another reason. */
    private static void awaitReads(RunningCluster cluster, int node) {
        RunningCluster.await("node " + node + " reads", 60, () -> {
            cluster.run(node, "CREATE SCHEMA IF NOT EXISTS served_" + node);
            cluster.query(node, "SELECT key FROM kv.\"WORM\"");
            return cluster.query(node, "SELECT id FROM bills").size() == 2;
        });
    }

    private static void assertKept(RunningCluster cluster, int node) throws Exception {
        refused(cluster, node, "DELETE FROM bills WHERE id = 1");
        refused(cluster, node, "UPDATE bills SET n = n + 1");
        refused(cluster, node, "UPSERT INTO bills VALUES (2, 10)");
        refused(cluster, node, "TRUNCATE TABLE bills");
        refused(cluster, node, "DROP TABLE bills");
        refused(cluster, node, "DROP TABLE kv.\"WORM\"");
        try (SocketLines socket = SocketLines.open(cluster.node(node))) {
            assertThat(socket.ask("KEY DEL worm.a").get(0)).contains("is retained until");
            assertThat(socket.ask("KEY PUT worm.a WORM TTL 20h other").get(0)).contains("is retained until");
            assertThat(socket.ask("KEY GET worm.a")).containsExactly("VALUE:kept", "OK");
        }
        assertThat(cluster.query(node, "SELECT id, n FROM bills ORDER BY n")).containsExactly("1 10", "2 20");
    }

    private static void refused(RunningCluster cluster, int node, String statement) {
        assertThatThrownBy(() -> cluster.run(node, statement))
                .as("%s at node %d", statement, node)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("WA004"));
    }
}
