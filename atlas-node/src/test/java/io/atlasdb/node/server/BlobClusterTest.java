package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Large values in a cluster: where their chunks are, and what becomes of lost ones. */
class BlobClusterTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder = Path.of("");

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static BlobClient client(RunningCluster cluster, int node) throws IOException {
        return new BlobClient(cluster.node(node).socketPath());
    }

    private List<Path> chunks(int node) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("node" + node + "/blobs"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void requireValue(RunningCluster cluster, int node, String key, byte[] value) throws IOException {
        try (BlobClient client = client(cluster, node)) {
            assertThat(client.get(key)).as("%s at node %d", key, node).isEqualTo(value);
        }
    }

    @Test
    @Timeout(240)
    void chunksAreOnEveryMemberAndComeBackWhenTheyAreLost() throws Exception {
        byte[] first = random(3 * MIB + 5, 1);
        byte[] second = random(2 * MIB, 2);
        try (RunningCluster cluster = new RunningCluster(folder)) {
            for (int node = 1; node <= 3; node++) {
                cluster.start(node, "eu");
            }
            cluster.awaitVoters(1, "1,2,3");
            try (BlobClient owner = client(cluster, 1);
                    BlobClient other = client(cluster, 2)) {
                assertThat(owner.set("b.first", first)).isEqualTo("OK");
                assertThat(chunks(1).size() + chunks(2).size() + chunks(3).size())
                        .as("chunks on disk when the answer comes")
                        .isGreaterThanOrEqualTo(8);
                assertThat(other.set("b.second", second)).as("not at the owner").isEqualTo("OK");
            }
            for (int node = 1; node <= 3; node++) {
                int at = node;
                RunningCluster.await(
                        "chunks of node " + at, 30, () -> chunks(at).size() == 6);
                requireValue(cluster, node, "b.first", first);
                requireValue(cluster, node, "b.second", second);
            }

            Path lost = chunks(3).get(0);
            Files.delete(lost);
            Path damaged = chunks(3).get(1);
            byte[] right = Files.readAllBytes(damaged);
            byte[] wrong = right.clone();
            wrong[0] ^= 1;
            Files.write(damaged, wrong);
            requireValue(cluster, 3, "b.first", first);
            requireValue(cluster, 3, "b.second", second);
            RunningCluster.await("the lost chunk", 30, () -> Files.exists(lost));
            RunningCluster.await(
                    "the damaged chunk", 30, () -> java.util.Arrays.equals(right, Files.readAllBytes(damaged)));

            cluster.stop(3);
            try (BlobClient owner = client(cluster, 1)) {
                assertThat(owner.set("b.third", random(MIB + 1, 3))).isEqualTo("OK");
            }
            cluster.restart(3);
            RunningCluster.await("what node 3 missed", 60, () -> chunks(3).size() == 8);

            cluster.start(4, "eu");
            requireValue(cluster, 4, "b.first", first);
            cluster.awaitVoters(1, "1,2,3,4");
            RunningCluster.await(
                    "chunks of the node that joined", 60, () -> chunks(4).size() == 8);
        }
    }
}
