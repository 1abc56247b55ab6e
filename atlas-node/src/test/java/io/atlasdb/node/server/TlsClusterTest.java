package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that speak TLS by an authority of their own. */
class TlsClusterTest {
    @TempDir
    Path folder;

    private static Map<String, String> withTls(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("tls.mode", "own");
        return all;
    }

    @Test
    @Timeout(180)
    void aNodeJoinsUnderTlsAndComesBack() throws Exception {
        try (RunningCluster cluster = new RunningCluster(folder)) {
            cluster.start(1, withTls(cluster.settings(1, "eu")));
            cluster.run(1, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");

            Map<String, String> second = withTls(cluster.settings(2, "eu"));
            second.put("listen", String.valueOf(cluster.start(2, second).advertise()));

            assertThat(folder.resolve("node2/tls/authority.pem"))
                    .hasSameTextualContentAs(folder.resolve("node1/tls/authority.pem"));
            cluster.awaitVoters(1, "1,2");
            cluster.run(2, "INSERT INTO t VALUES (2)");
            cluster.stop(2);
            // At its old address: with two voters, a new one could not be agreed on without it.
            cluster.start(2, second);
            RunningCluster.await(
                    "both rows at the node that came back",
                    60,
                    () -> cluster.query(2, "SELECT count(*) FROM t").equals(List.of("2")));
        }
    }
}
