package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BlobBenchmarkTest {
    @Test
    void sizesAreSpreadAndKeepTheSum() {
        BlobSet set = new BlobSet(5, 1_000, 1 << 10, 128 << 20, 4L << 30);
        assertThat(set.bytes()).isLessThanOrEqualTo(4L << 30).isGreaterThan(1L << 30);
        assertThat(set.sorted().get(0)).isGreaterThanOrEqualTo(1 << 10);
        assertThat(set.sorted().get(999)).isGreaterThan(8 << 20).isLessThanOrEqualTo(128 << 20);
        assertThat(set.sha256(7)).isEqualTo(set.sha256(7)).isNotEqualTo(set.sha256(8));
    }

    @Test
    @Timeout(280)
    void everyValueComesBackThoughNodesAreKilled() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        int code = new BlobBenchmark()
                .run(
                        List.of("--blobs=12", "--total=12", "--largest=4096", "--pause=1500", "--postgres=0"),
                        new PrintStream(shown, true, StandardCharsets.UTF_8));
        assertThat(code).as(shown.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("every hash is right");
    }
}
