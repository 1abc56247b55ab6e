package io.atlasdb.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLimitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final FailureLimit limit = new FailureLimit(3, 1_000, nanos::get);

    private void fail(String key, int times) {
        for (int i = 0; i < times; i++) {
            limit.charge(key);
        }
    }

    @Test
    void timeFillsWhatFailuresEmpty() {
        fail("a", 2);
        assertThat(limit.allows("a")).isTrue();
        fail("a", 1);
        assertThat(limit.allows("a")).isFalse();
        assertThat(limit.allows("b")).isTrue();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(limit.allows("a")).isFalse();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(2));
        assertThat(limit.allows("a")).isTrue();
    }

    @Test
    void whoTriesManyAtOnceWaitsTheLongerButNotForEver() {
        fail("a", 1_000_000);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(99));
        assertThat(limit.allows("a")).isFalse();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        assertThat(limit.allows("a")).isTrue();
    }

    @Test
    void aFloodOfKeysTakesNoMoreMemory() {
        for (int i = 0; i < 50_000; i++) {
            limit.charge("key " + i);
            assertThat(limit.allows("never failed " + i)).isTrue();
        }
        assertThat(limit.keys()).isEqualTo(10_000);
    }
}
