package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The judge of the crash test finds each kind of fault, and none where there is none. */
class WriterLogTest {
    private final WriterLog log = new WriterLog(1);
    private final int acknowledged = log.begin();
    private final int refused = log.begin();
    private final int unknown = log.begin();

    WriterLogTest() {
        log.acknowledge(acknowledged);
        log.refuse(refused);
    }

    @Test
    void anAcknowledgedOperationMustBeWholly() {
        assertThat(log.judge(acknowledged, 3, 3)).isEmpty();
        assertThat(log.judge(acknowledged, 2, 3)).startsWith("half there");
        assertThat(log.judge(acknowledged, 0, 3)).isEqualTo("acknowledged and lost");
    }

    @Test
    void aRefusedOperationMustNotBe() {
        assertThat(log.judge(refused, 0, 1)).isEmpty();
        assertThat(log.judge(refused, 1, 1)).isEqualTo("refused and there all the same");
    }

    @Test
    void anUnknownOperationMayBeOrNotButNotHalf() {
        assertThat(log.judge(unknown, 0, 2)).isEmpty();
        assertThat(log.judge(unknown, 2, 2)).isEmpty();
        assertThat(log.judge(unknown, 1, 2)).startsWith("half there");
    }

    @Test
    void whatNobodyBeganMustNotBe() {
        assertThat(log.judge(unknown + 1, 0, 1)).isEmpty();
        assertThat(log.judge(unknown + 1, 1, 1)).endsWith("never begun");
    }

    @Test
    void everyOperationIsCountedOnce() {
        assertThat(log.begun()).isEqualTo(3);
        assertThat(log.acknowledged()).isEqualTo(1);
        assertThat(log.refused()).isEqualTo(1);
        assertThat(log.unknown()).isEqualTo(1);
    }
}
