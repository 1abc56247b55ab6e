package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Write;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a node says, and when, that cannot do what it is asked for. */
class RefusalTest {
    /** The deadline of a request, and what the test's machine may add. */
    private static final long LATEST_MS = Router.REQUEST_MS + 5_000;

    @Test
    void aRegionThatIsMissingIsNamedWhenNoneMayFail() throws Exception {
        try (TestCluster cluster = new TestCluster(3, 1, 0, 0)) {
            put(cluster, 3, 100);
            put(cluster, 1, 200);
            cluster.cut(3, true);
            put(cluster, 1, 200);
            assertThat(get(cluster, 2, 200))
                    .as("its own region is enough for an owner")
                    .isEqualTo("x");
            AtlasException write = refused(() -> put(cluster, 1, 100));
            assertThat(write.code()).isIn(ErrorCode.NO_QUORUM, ErrorCode.OUTCOME_UNKNOWN);
            assertThat(write).hasMessageContaining("nodes [3] cannot be reached");
            AtlasException read = refused(() -> get(cluster, 2, 100));
            assertThat(read.code()).isEqualTo(ErrorCode.NO_QUORUM);
            assertThat(read).hasMessageContaining("nodes [3] cannot be reached");
        }
    }

    @Test
    void aNodeThatIsCutOffRefusesStrongReadsAndWritesInTimeAndNamesTheOthers() throws Exception {
        try (TestCluster cluster = new TestCluster(3, 3, 1, 0)) {
            put(cluster, 3, 100);
            put(cluster, 1, 200);
            cluster.cut(3, true);
            for (long group : new long[] {100, 200}) {
                AtlasException write = refused(() -> put(cluster, 3, group));
                assertThat(write.code()).isIn(ErrorCode.NO_QUORUM, ErrorCode.OUTCOME_UNKNOWN);
                assertThat(write).hasMessageContaining("nodes [1, 2] cannot be reached");
                AtlasException read = refused(() -> get(cluster, 3, group));
                assertThat(read.code()).isEqualTo(ErrorCode.NO_QUORUM);
                assertThat(read).hasMessageContaining("nodes [1, 2] cannot be reached");
            }
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static AtlasException refused(Action action) throws Exception {
        long began = System.nanoTime();
        try {
            action.run();
        } catch (AtlasException e) {
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
                    .as("milliseconds until it said so")
                    .isLessThan(LATEST_MS);
            return e;
        }
        return fail("it was done");
    }

    private static void put(TestCluster cluster, int node, long group) throws Exception {
        Write write = new Write(group, "key".getBytes(UTF_8), "x".getBytes(UTF_8));
        try {
            cluster.node(node)
                    .store
                    .commit(new Commit(Commit.BLIND, List.of(), List.of(write), List.of(), List.of()))
                    .get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw Router.unwrap(e.getCause()) instanceof AtlasException known ? known : e;
        }
    }

    private static String get(TestCluster cluster, int node, long group) {
        try (Snapshot snapshot = cluster.node(node).store.snapshot()) {
            byte[] value = snapshot.get(group, "key".getBytes(UTF_8));
            return value == null ? "none" : new String(value, UTF_8);
        }
    }
}
