package io.atlasdb.node.log;

import static io.atlasdb.node.log.Opened.accept;
import static io.atlasdb.node.log.Opened.checkpoint;
import static io.atlasdb.node.log.Opened.position;
import static io.atlasdb.node.log.Opened.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TruncationTest {
    private static final Ballot PROMISED = new Ballot(9, 1, 2, 3);

    /** Bytes of the segments when a group took {@code slots} entries of 1 KB with a checkpoint after every tenth. */
    private static int filesAfter(MemoryDisk disk, JournalOptions options, int slots) {
        try (Opened opened = new Opened(disk, options)) {
            for (long slot = 1; slot <= slots; slot++) {
                assertThat(opened.append(accept(1, slot, 1_000))).isTrue();
                if (slot % 10 == 0) {
                    assertThat(opened.append(checkpoint(slot, Map.of(1L, slot))))
                            .isTrue();
                }
            }
        }
        return disk.segments().size();
    }

    @Test
    void whatIsDurablyAppliedIsGivenUp() {
        MemoryDisk disk = new MemoryDisk();
        assertThat(filesAfter(disk, Opened.SMALL, 400)).isLessThanOrEqualTo(6);
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.recovery.checkpointVersion()).isEqualTo(400);
            assertThat(opened.found).first().isInstanceOfSatisfying(LogRecord.GroupState.class, state -> {
                assertThat(state.applied()).isEqualTo(position(1, 400));
                assertThat(state.promised()).isEqualTo(new Ballot(1, 1, 2, 3));
            });
            assertThat(opened.found).noneMatch(LogRecord.Accept.class::isInstance);
        }
    }

    @Test
    void aBudgetOfSegmentsIsKeptForPeers() {
        MemoryDisk disk = new MemoryDisk();
        int files = filesAfter(disk, Opened.SMALL.withRetainedBytes(10 * 16_384), 400);
        assertThat(files).isBetween(11, 16);
    }

    @Test
    void withoutACheckpointNothingIsGivenUp() {
        MemoryDisk disk = new MemoryDisk();
        List<String> written = new ArrayList<>();
        try (Opened opened = Opened.small(disk)) {
            for (long slot = 1; slot <= 200; slot++) {
                assertThat(opened.append(accept(1, slot, 1_000), new LogRecord.Commit(1, slot)))
                        .isTrue();
                written.add(text(accept(1, slot, 1_000)));
                written.add(new LogRecord.Commit(1, slot).toString());
            }
        }
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.texts()).isEqualTo(written);
        }
    }

    @Test
    void aStuckGroupIsCopiedForwardAndDoesNotPinTheLog() {
        MemoryDisk disk = new MemoryDisk();
        List<String> stuck = new ArrayList<>();
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.append(new LogRecord.Promise(2, new Ballot(1, 1, 2, 3), 1, 0)))
                    .isTrue();
            for (long slot = 1; slot <= 5; slot++) {
                assertThat(opened.append(accept(2, slot, slot, 500))).isTrue();
            }
            assertThat(opened.append(accept(2, 4, 6, 400), new LogRecord.Commit(2, 3)))
                    .isTrue();
            assertThat(opened.append(new LogRecord.Promise(2, PROMISED, 7, 0))).isTrue();
            for (long slot = 1; slot <= 400; slot++) {
                assertThat(opened.append(accept(1, slot, 1_000))).isTrue();
                if (slot % 10 == 0) {
                    assertThat(opened.append(checkpoint(slot, Map.of(1L, slot, 2L, 1L))))
                            .isTrue();
                }
            }
        }
        stuck.add(text(new LogRecord.GroupState(2, PROMISED, 7, 0, position(2, 1), new byte[0])));
        stuck.add(text(accept(2, 2, 2, 500)));
        stuck.add(text(accept(2, 3, 3, 500)));
        stuck.add(text(accept(2, 4, 6, 400)));
        stuck.add(new LogRecord.Commit(2, 3).toString());
        assertThat(disk.segments()).hasSizeLessThanOrEqualTo(6);
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.texts().stream().filter(text -> text.matches("(\\w+ 2 |Commit.group=2).*")))
                    .isEqualTo(stuck);
            assertThat(opened.recovery.damaged()).isFalse();
        }
    }

    @Test
    void theStateHoldsTheConfigurationAsOfTheAppliedSlot() {
        MemoryDisk disk = new MemoryDisk();
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.append(configuration(1, 11))).isTrue();
            assertThat(opened.append(accept(1, 2, 10), configuration(3, 33))).isTrue();
            assertThat(opened.append(configuration(4, 44))).isTrue();
            assertThat(opened.append(accept(1, 4, 2, 10))).isTrue(); // slot 4 was replaced
            assertThat(opened.append(checkpoint(1, Map.of(1L, 2L)))).isTrue();
        }
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.found)
                    .first()
                    .isInstanceOfSatisfying(
                            LogRecord.GroupState.class,
                            state -> assertThat(state.configuration()).containsExactly(11));
            assertThat(opened.append(checkpoint(2, Map.of(1L, 4L)))).isTrue();
        }
        for (int i = 0; i < 2; i++) {
            try (Opened opened = Opened.small(disk)) {
                assertThat(opened.found).first().isInstanceOfSatisfying(LogRecord.GroupState.class, state -> {
                    assertThat(state.configuration()).containsExactly(33);
                    assertThat(state.applied()).isEqualTo(position(1, 4));
                });
                for (long slot = 5; slot < 100; slot++) { // so that the records before are given up
                    long version = slot + i * 100L;
                    assertThat(opened.append(accept(1, version, 1_000), checkpoint(version, Map.of(1L, 4L))))
                            .isTrue();
                }
                assertThat(opened.append(checkpoint(1, Map.of(1L, 4L)))).isTrue();
            }
        }
    }

    private static LogRecord.Accept configuration(long slot, int value) {
        Entry entry = new Entry(slot, new Hash(1, slot), Entry.Kind.CONFIGURATION, slot, new byte[] {(byte) value});
        return new LogRecord.Accept(1, new Ballot(1, 1, 2, 3), entry);
    }
}
