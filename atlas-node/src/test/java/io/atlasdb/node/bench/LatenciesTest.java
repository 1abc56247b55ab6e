package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void percentilesAreWithinTwoPercent() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 100_000; i++) {
            latencies.add(i * 1_000L);
        }
        assertThat(latencies.total()).isEqualTo(100_000);
        assertThat(latencies.percentileNanos(0.5)).isCloseTo(50_000_000L, Percentage.withPercentage(1.6));
        assertThat(latencies.percentileNanos(0.99)).isCloseTo(99_000_000L, Percentage.withPercentage(1.6));
    }

    @Test
    void theSmallestAndTheLargestValuesHaveTheirBuckets() {
        Latencies latencies = new Latencies();
        latencies.add(-1);
        latencies.add(63);
        latencies.add(Long.MAX_VALUE);
        assertThat(latencies.percentileNanos(0.1)).isZero();
        assertThat(latencies.percentileNanos(0.6)).isEqualTo(63);
        assertThat(latencies.percentileNanos(1)).isCloseTo(Long.MAX_VALUE, Percentage.withPercentage(1.6));
    }

    @Test
    void mergingCountsBoth() {
        Latencies low = new Latencies();
        Latencies high = new Latencies();
        low.add(10);
        high.add(50);
        low.merge(high);
        assertThat(low.total()).isEqualTo(2);
        assertThat(low.percentileNanos(0.5)).isEqualTo(10);
        assertThat(low.percentileNanos(1)).isEqualTo(50);
        assertThat(new Latencies().percentileNanos(0.5)).isZero();
    }
}
