package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Replica;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups that exist are told where they may be, and their nodes follow. */
@Timeout(200)
class PlacementTest {
    @TempDir
    Path folder;

    private RunningCluster cluster;

    @BeforeEach
    void start() {
        cluster = new RunningCluster(folder);
        cluster.start(1, "eu");
        cluster.start(2, "us");
        cluster.start(3, "ap");
        cluster.awaitVoters(1, "1,2,3");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void awaitGroup(int at, String voters, String fz) {
        RunningCluster.await(
                "voters " + voters,
                60,
                () -> cluster.query(at, "SELECT voters, learners, fz FROM atlas.groups WHERE name = 'PUBLIC.T'")
                        .equals(List.of(voters + "  " + fz)));
    }

    /** The keys of the table that stand in the store of a node, those of META among them. */
    private int rows(int node) throws SQLException {
        long group = Long.parseLong(cluster.query(1, "SELECT id FROM atlas.groups WHERE name = 'PUBLIC.T'")
                .get(0));
        Replica replica = Objects.requireNonNull(cluster.node(node).replicas().find(group));
        CompletableFuture<Integer> count = new CompletableFuture<>();
        replica.execute(() -> {
            try (Export export = cluster.node(node).replicas().machine().export(group)) {
                count.complete(export.rows(null, 0, 1 << 20).rows().size()
                        + export.metas(null, 1 << 20).rows().size());
            }
        });
        return count.join();
    }

    private void awaitNothingAt(int node) {
        RunningCluster.await("the rows leave node " + node, 60, () -> rows(node) == 0);
    }

    @Test
    void whoIsOutsideTheRegionsHoldsNothingAndWhoIsInsideAgainHoldsAll() throws Exception {
        cluster.run(3, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        assertThat(rows(3)).isPositive();
        cluster.run(1, "ALTER TABLE t SET (regions = 'eu,us', fz = 0)");
        awaitGroup(1, "1,2", "0");
        awaitNothingAt(3);
        assertThat(cluster.query(3, "SELECT v FROM t ORDER BY id")).containsExactly("a", "b");
        cluster.run(3, "INSERT INTO t VALUES (3, 'c')");
        cluster.stop(3);
        cluster.restart(3);
        assertThat(rows(3)).isZero();
        assertThat(cluster.query(3, "SELECT count(*) FROM t")).containsExactly("3");

        cluster.run(3, "ALTER TABLE t SET (regions = '')");
        awaitGroup(1, "1,2,3", "0");
        RunningCluster.await("the rows are back", 60, () -> rows(3) >= 3);
        assertThat(cluster.query(3, "SELECT v FROM t ORDER BY id")).containsExactly("a", "b", "c");
    }

    @Test
    void aNodeThatWasAwayWhenItsGroupLeftItRemovesTheRowsWhenItIsBack() throws Exception {
        cluster.run(1, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR) WITH (fz = 1)", "INSERT INTO t VALUES (1, 'a')");
        assertThatThrownBy(() -> cluster.run(1, "ALTER TABLE t SET (regions = 'eu,us')"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("fz = 1");
        RunningCluster.await("node 3 has it", 30, () -> rows(3) > 0);
        cluster.stop(3);
        cluster.run(1, "ALTER TABLE t SET (regions = 'eu,us', fz = 0)");
        awaitGroup(1, "1,2", "0");
        cluster.run(1, "INSERT INTO t VALUES (2, 'b')");
        cluster.restart(3);
        awaitNothingAt(3);
        assertThat(cluster.query(3, "SELECT count(*) FROM t")).containsExactly("2");
    }
}
