package io.atlasdb.node.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BarrierTest {
    private static final TxnId TXN = new TxnId(3, 7);

    private final Barrier barrier = new Barrier();

    @Test
    void aReaderWaitsForWhatIsInFlightBelowIt() {
        barrier.assign(() -> 10);
        assertThat(barrier.isReadable(9)).isTrue();
        CompletableFuture<Long> later = barrier.readable(12);
        assertThat(later).isNotDone();
        barrier.applied(10);
        assertThat(later).isCompletedWithValue(0L);
    }

    @Test
    void aReaderThatDrewItsTimestampBelowACommitOfAnotherClockIsToldOfIt() {
        barrier.assignPrepare(() -> 10, TXN);
        barrier.applied(10);
        // Acknowledged at 20, the timestamp of the other group's owner. A reader of this node then draws 15.
        CompletableFuture<Long> waiting = barrier.readable(15);
        assertThat(waiting).isNotDone();
        barrier.resolved(TXN, 20);
        assertThat(waiting).isCompletedWithValue(20L);
        assertThat(barrier.isReadable(15))
                .as("a reader at 15 that looks only now")
                .isFalse();
        assertThat(barrier.readable(15)).isCompletedWithValue(20L);
        assertThat(barrier.isReadable(20)).isTrue();
        assertThat(barrier.isReadable(9)).as("drawn before it was prepared").isTrue();
    }

    @Test
    void manyOfThemAreRememberedTogether() {
        for (int i = 0; i < 1_000; i++) {
            long prepare = 10 + 10L * i;
            TxnId txn = new TxnId(3, i);
            barrier.assignPrepare(() -> prepare, txn);
            barrier.applied(prepare);
            barrier.resolved(txn, prepare + 5);
        }
        assertThat(barrier.isReadable(9)).isTrue();
        assertThat(barrier.isReadable(12)).isFalse();
        assertThat(barrier.isReadable(10 + 9_990 + 4)).isFalse();
        assertThat(barrier.isReadable(10 + 9_990 - 1))
                .as("between the last two")
                .isTrue();
    }
}
