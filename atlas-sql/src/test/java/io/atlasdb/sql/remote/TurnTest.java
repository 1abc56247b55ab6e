package io.atlasdb.sql.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnTest {
    private final Turn turn = new Turn();
    private final AtomicInteger stops = new AtomicInteger();

    @Test
    void aRequestThatIsOverIsNotStoppedNorTheNextOne() {
        turn.begin(1);
        turn.end(1);
        turn.begin(2);
        turn.cancel(1, stops::incrementAndGet, 1_000);
        assertThat(stops).hasValue(0);
    }

    @Test
    void aRequestThatIsStillToComeFails() {
        turn.begin(1);
        turn.cancel(2, stops::incrementAndGet, 1_000);
        turn.end(1);
        assertThatThrownBy(() -> turn.begin(2)).isInstanceOf(AtlasException.class);
        turn.end(2);
        turn.begin(3);
        assertThat(stops).hasValue(0);
    }

    @Test
    void theRequestThatRunsIsStoppedUntilItIsOver() {
        turn.begin(5);
        // It hears the third call only, as one does that had not begun to listen.
        turn.cancel(5, () -> endAfterThree(), 10_000);
        assertThat(stops).hasValue(3);
    }

    private void endAfterThree() {
        if (stops.incrementAndGet() == 3) {
            turn.end(5);
        }
    }

    @Test
    void oneThatDoesNotListenIsGivenUp() {
        turn.begin(5);
        turn.cancel(5, stops::incrementAndGet, 50);
        assertThat(stops.get()).isPositive();
    }
}
