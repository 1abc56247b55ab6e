package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster grows under traffic, loses a node, gets it back, drains and removes one. */
class ClusterTest {
    @TempDir
    private Path folder = Path.of("");

    /** Inserts rows one by one until it is closed; counts what was acknowledged. */
    private static final class Traffic implements AutoCloseable {
        final AtomicInteger acknowledged = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final AtomicLong longestNanos = new AtomicLong();
        private final Thread thread;
        private volatile boolean ended;

        Traffic(RunningCluster cluster, int node) {
            thread = new Thread(() -> run(cluster, node), "traffic");
            thread.start();
        }

        private void run(RunningCluster cluster, int node) {
            int next = 0;
            while (!ended) {
                try (Connection connection = cluster.connect(node);
                        PreparedStatement insert = connection.prepareStatement("INSERT INTO traffic VALUES (?, ?)")) {
                    while (!ended) {
                        long begin = System.nanoTime();
                        insert.setInt(1, next++);
                        insert.setString(2, "value " + next);
                        insert.executeUpdate();
                        acknowledged.incrementAndGet();
                        long nanos = System.nanoTime() - begin;
                        longestNanos.accumulateAndGet(nanos, Math::max);
                    }
                } catch (SQLException e) {
                    failed.incrementAndGet();
                }
            }
        }

        void awaitMore(int rows) {
            int now = acknowledged.get();
            RunningCluster.await("more writes", 30, () -> acknowledged.get() >= now + rows);
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }

    @Test
    @Timeout(240)
    void aClusterGrowsLosesANodeGetsItBackAndShrinks() throws Exception {
        try (RunningCluster cluster = new RunningCluster(folder)) {
            cluster.start(1, "eu");
            cluster.run(1, "CREATE TABLE traffic (id INT PRIMARY KEY, v VARCHAR)");
            cluster.run(1, "CREATE TABLE quiet (id INT PRIMARY KEY)", "INSERT INTO quiet VALUES (7)");
            Traffic traffic = new Traffic(cluster, 1);
            try (traffic) {
                traffic.awaitMore(50);
                cluster.start(2, "eu");
                assertThat(cluster.query(2, "SELECT id FROM quiet")).containsExactly("7");
                cluster.start(3, "eu");
                cluster.awaitVoters(1, "1,2,3");
                assertThat(cluster.query(3, "SELECT id, region, active FROM atlas.nodes ORDER BY id"))
                        .containsExactly("1 eu true", "2 eu true", "3 eu true");
                cluster.stop(3);
                traffic.awaitMore(100);
                cluster.restart(3);
                traffic.awaitMore(50);
                int before = traffic.acknowledged.get();
                assertThat(cluster.query(3, "SELECT count(*) >= " + before + " FROM traffic"))
                        .as("a strong read at the node that came back")
                        .containsExactly("true");

                cluster.node(1).cluster().drain(1);
                RunningCluster.await(
                        "node 1 owns nothing",
                        30,
                        () -> cluster.query(1, "SELECT count(*) FROM atlas.groups WHERE owned_here")
                                .equals(List.of("0")));
                traffic.awaitMore(50);
                cluster.node(2).cluster().remove(3);
                cluster.awaitVoters(2, "1,2");
                RunningCluster.await(
                        "the removed node stops", 30, () -> cluster.node(3).hasEnded());
                traffic.awaitMore(50);
            }
            int acknowledged = traffic.acknowledged.get();
            assertThat(cluster.query(2, "SELECT count(*) >= " + acknowledged + " FROM traffic"))
                    .containsExactly("true");
            cluster.run(2, "CREATE TABLE later (id INT PRIMARY KEY)", "INSERT INTO later VALUES (1)");
            assertThat(cluster.query(1, "SELECT id FROM later")).isEqualTo(List.of("1"));
        }
    }
}
