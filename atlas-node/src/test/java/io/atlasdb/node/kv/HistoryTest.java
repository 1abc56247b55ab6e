package io.atlasdb.node.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.clock.HybridClock;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final long MINUTE_MS = 60_000;
    private static final long START_MS = 1_000 * MINUTE_MS;

    private final AtomicLong wallMs = new AtomicLong(START_MS);
    private final HybridClock clock = new HybridClock(wallMs::get);
    private final History history = new History(clock, clock.next());

    private static long at(long minutes) {
        return HybridClock.of(START_MS + minutes * MINUTE_MS);
    }

    @Test
    void byItselfItReachesAsFarAsATransaction() {
        wallMs.set(START_MS + 60 * MINUTE_MS);
        assertThatCode(() -> history.checkPast(at(51))).doesNotThrowAnyException();
        assertThatThrownBy(() -> history.checkPast(at(49))).hasMessageContaining("older than the history");
    }

    @Test
    void aLongerOneIsForThePastAloneAndNotForTransactions() {
        history.keep(45 * MINUTE_MS);
        wallMs.set(START_MS + 60 * MINUTE_MS);
        assertThatCode(() -> history.checkPast(at(16))).doesNotThrowAnyException();
        assertThatThrownBy(() -> history.checkPast(at(14))).hasMessageContaining("older than the history");
        assertThatThrownBy(() -> history.checkTransaction(at(16))).hasMessageContaining("older than the history");
    }

    @Test
    void whatAnEarlierLifeMayHaveRemovedIsRefused() {
        history.keep(45 * MINUTE_MS);
        assertThatCode(() -> history.checkPast(at(-9))).doesNotThrowAnyException();
        assertThatThrownBy(() -> history.checkPast(at(-11))).hasMessageContaining("older than the history");
    }

    @Test
    void whatMayBeAskedForIsKeptAMinuteLonger() {
        history.keep(45 * MINUTE_MS);
        assertThat(history.horizon(at(60))).isEqualTo(at(14));
        history.keep(1);
        assertThat(history.horizon(at(60))).isEqualTo(at(49));
    }
}
