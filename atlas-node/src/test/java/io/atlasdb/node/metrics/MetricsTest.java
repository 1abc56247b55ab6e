package io.atlasdb.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void countersAndGaugesInPrometheusText() {
        metrics.counter("atlas_test_things_total", "Things.", "kind", "a\"b").add(3);
        metrics.counter("atlas_test_things_total", "Things.", "kind", "a\"b").increment();
        metrics.gauge("atlas_test_size_bytes", "Size.", () -> 1.5);
        assertThat(metrics.prometheus()).isEqualTo("""
                        # HELP atlas_test_size_bytes Size.
                        # TYPE atlas_test_size_bytes gauge
                        atlas_test_size_bytes 1.5
                        # HELP atlas_test_things_total Things.
                        # TYPE atlas_test_things_total counter
                        atlas_test_things_total{kind="a\\"b"} 4
                        """);
    }

    @Test
    void histogramsKnowTheirQuantiles() {
        Histogram histogram = metrics.histogram("atlas_test_wait_seconds", "Waits.");
        assertThat(histogram.quantileNanos(0.5)).isZero();
        for (int i = 0; i < 99; i++) {
            histogram.record(900);
        }
        histogram.record(3_000_000);
        assertThat(histogram.count()).isEqualTo(100);
        assertThat(histogram.quantileNanos(0.5)).isEqualTo(1_000);
        assertThat(histogram.quantileNanos(1)).isEqualTo(4_096_000);
        assertThat(metrics.prometheus())
                .contains("atlas_test_wait_seconds_bucket{le=\"1.0E-6\"} 99\n")
                .contains("atlas_test_wait_seconds_bucket{le=\"+Inf\"} 100\n")
                .contains("atlas_test_wait_seconds_count 100\n");
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.count()).isEqualTo(101);
    }

    @Test
    void oneNameHasOneKind() {
        metrics.counter("atlas_test_things_total", "Things.");
        assertThatThrownBy(() -> metrics.histogram("atlas_test_things_total", "Things."))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> metrics.counter("things", "Things.")).isInstanceOf(IllegalArgumentException.class);
    }
}
