package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come back. */
@Timeout(200)
class RestartTest {
    @TempDir
    Path folder;

    private RunningCluster cluster;

    @BeforeEach
    void start() {
        cluster = new RunningCluster(folder);
        cluster.start(1, "home");
        cluster.start(2, "home");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void oneOfTwoVotersComesBackAtAnotherPortAndIsSoonOfUse() throws Exception {
        cluster.awaitVoters(1, "1,2");
        cluster.run(1, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        int before = cluster.node(2).advertise().port();
        cluster.stop(2);
        long began = System.nanoTime();
        cluster.restart(2);
        assertThat(cluster.node(2).advertise().port()).isNotEqualTo(before);
        long upMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        cluster.run(2, "INSERT INTO t VALUES (2)");
        long writtenMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) - upMs;
        assertThat(upMs).as("until it was up, milliseconds").isLessThan(30_000);
        assertThat(writtenMs)
                .as("a write at the node that came back, milliseconds")
                .isLessThan(10_000);
        assertThat(cluster.query(1, "SELECT count(*) FROM t")).containsExactly("2");
        RunningCluster.await(
                "its address is registered",
                20,
                () -> cluster.query(1, "SELECT port FROM atlas.nodes WHERE id = 2")
                        .equals(java.util.List.of(
                                "" + cluster.node(2).advertise().port())));
    }
}
