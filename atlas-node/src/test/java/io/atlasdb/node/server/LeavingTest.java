package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners that go while their tables are written. */
class LeavingTest {
    @TempDir
    Path folder;

    private RunningCluster cluster;

    @BeforeEach
    void start() {
        cluster = new RunningCluster(folder);
        for (int i = 1; i <= 3; i++) {
            cluster.start(i, "home");
        }
        cluster.awaitVoters(1, "1,2,3");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void anOwnerMovesUnderWritesAndANodeThatStopsLeavesNobodyWaitingForItsLease() throws Exception {
        cluster.run(1, "CREATE TABLE counted (id INT PRIMARY KEY, n BIGINT)", "INSERT INTO counted VALUES (1, 0)");
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            while (!ended.get()) {
                try {
                    cluster.run(2, "UPDATE counted SET n = n + 1 WHERE id = 1");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                done.incrementAndGet();
            }
        });
        RunningCluster.await("writes", 20, () -> done.get() > 3);
        for (int owner : new int[] {3, 2, 1}) {
            cluster.run(2, "ALTER TABLE counted SET OWNER NODE " + owner);
            RunningCluster.await(
                    "owner " + owner,
                    20,
                    () -> cluster.query(owner, "SELECT owner FROM atlas.ownership WHERE table_name = 'COUNTED'")
                            .equals(List.of("" + owner)));
        }
        assertThat(cluster.query(2, "SELECT to_node FROM atlas.ownership_history WHERE from_node = 1 AND moved"))
                .as("what node 1 decided, as node 2 tells it")
                .contains("3");
        int before = done.get();
        RunningCluster.await("writes go on", 20, () -> done.get() > before);
        long began = System.nanoTime();
        cluster.stop(1);
        int after = done.get();
        RunningCluster.await("writes at another owner", 20, () -> done.get() > after + 1);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)).isLessThan(10_000);
        ended.set(true);
        writer.get(30, TimeUnit.SECONDS);
        assertThat(cluster.query(3, "SELECT n FROM counted")).isEqualTo(List.of("" + done.get()));
    }
}
