package io.atlasdb.node.log;

import static io.atlasdb.node.log.Opened.accept;
import static io.atlasdb.node.log.Opened.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SegmentedJournalTest {
    @Test
    void everyKindOfRecordComesBackFromFiles(@TempDir Path directory) {
        JournalOptions options = Opened.SMALL;
        List<LogRecord> written = List.of(
                new LogRecord.Promise(7, new Ballot(3, 1, 2, 9), 3, 11),
                accept(7, 1, 3, 300),
                accept(7, 2, 3, 0),
                new LogRecord.Commit(7, 2),
                new LogRecord.GroupState(8, new Ballot(1, 1, 1, 1), 4, 17, Opened.position(8, 5), new byte[] {1, 2}));
        try (SegmentedJournal journal = SegmentedJournal.open(directory, options)) {
            assertThat(journal.recover(record -> assertThat(record).isNull()).damaged())
                    .isFalse();
            CountDownLatch forced = new CountDownLatch(1);
            journal.append(written, forced::countDown);
        }
        List<String> found = new ArrayList<>();
        try (SegmentedJournal journal = SegmentedJournal.open(directory, options)) {
            assertThat(journal.recover(record -> found.add(text(record))).damaged())
                    .isFalse();
        }
        List<String> expected = new ArrayList<>(List.of(text(written.get(4)))); // a state of its own comes first, too
        written.forEach(record -> expected.add(text(record)));
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void callbacksRunInOrderOnTheWriter() {
        MemoryDisk disk = new MemoryDisk();
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        try (Opened opened = Opened.small(disk)) {
            for (int i = 1; i <= 500; i++) {
                int number = i;
                opened.journal.append(
                        List.of(accept(1, i, 100)),
                        () -> ran.add(number + " " + Thread.currentThread().getName()));
            }
        }
        assertThat(ran)
                .isEqualTo(IntStream.rangeClosed(1, 500)
                        .mapToObj(i -> i + " atlas-log")
                        .toList());
    }

    @Test
    void whoLendsItsThreadWritesThereAndInOrderWithTheOthers() {
        MemoryDisk disk = new MemoryDisk();
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        List<String> written = new ArrayList<>();
        try (Opened opened = Opened.small(disk)) {
            String here = Thread.currentThread().getName();
            assertThat(opened.append(accept(1, 1, 100))).isTrue();
            written.add(text(accept(1, 1, 100)));
            opened.journal.appendHere(
                    List.of(accept(1, 2, 100)),
                    () -> ran.add(Thread.currentThread().getName()));
            assertThat(ran).containsExactly(here);
            written.add(text(accept(1, 2, 100)));
            ran.clear();
            for (int slot = 3; slot <= 200; slot++) {
                LogRecord record = accept(1, slot, 300);
                String number = Integer.toString(slot);
                if (slot % 3 == 0) {
                    opened.journal.append(List.of(record), () -> ran.add(number));
                } else {
                    opened.journal.appendHere(List.of(record), () -> ran.add(number));
                }
                written.add(text(record));
            }
        }
        assertThat(ran)
                .isEqualTo(IntStream.rangeClosed(3, 200)
                        .mapToObj(Integer::toString)
                        .toList());
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.recovery.damaged()).isFalse();
            assertThat(opened.texts()).endsWith(written.toArray(String[]::new));
        }
    }

    @Test
    void aMarkerFollowsWhatWasWrittenOnALentThread() {
        MemoryDisk disk = new MemoryDisk();
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.append(accept(1, 1, 100))).isTrue();
            for (int slot = 2; slot <= 4; slot++) {
                long before = disk.forces;
                opened.journal.appendHere(List.of(accept(1, slot, 100)), () -> {});
                Opened.eventually(() -> disk.forces >= before + 2);
            }
        }
    }

    @Test
    void aFailedForceOnALentThreadAcknowledgesNothing() {
        MemoryDisk disk = new MemoryDisk();
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.append(accept(1, 1, 100))).isTrue();
            disk.forceFails = true;
            List<String> ran = new ArrayList<>();
            opened.journal.appendHere(List.of(accept(1, 2, 100)), () -> ran.add("acknowledged"));
            assertThat(ran).isEmpty();
            assertThat(opened.failure).hasMessageContaining("the force fails");
        }
    }

    @Test
    void aBatchLargerThanASegmentGetsOneOfItsOwn() {
        MemoryDisk disk = new MemoryDisk();
        List<String> written = new ArrayList<>();
        try (Opened opened = Opened.small(disk)) {
            for (int slot = 1; slot <= 20; slot++) {
                LogRecord record = accept(1, slot, slot % 5 == 0 ? 50_000 * slot : 3_000);
                assertThat(opened.append(record)).isTrue();
                written.add(text(record));
            }
        }
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.texts()).isEqualTo(written);
            assertThat(opened.recovery.damaged()).isFalse();
        }
    }

    @Test
    void anIdleWriterForcesAMarkerSoThatDamageOfTheLastRecordIsSeen() {
        MemoryDisk disk = new MemoryDisk();
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.append(accept(1, 1, 100))).isTrue();
            assertThat(opened.append(accept(1, 2, 100))).isTrue();
        }
        String name = disk.segments().stream()
                .filter(segment -> disk.content(segment).seen[Segment.HEADER_BYTES] != 0)
                .findFirst()
                .orElseThrow();
        disk.flip(name, (Segment.HEADER_BYTES + BatchWriter.stored(174) + 60) * 8L);
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.recovery.damaged()).isTrue();
            assertThat(opened.texts()).containsExactly(text(accept(1, 1, 100)));
            assertThat(opened.append(accept(1, 2, 50))).isTrue();
        }
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.recovery.damaged())
                    .as("reported until it is dealt with")
                    .isTrue();
            assertThat(opened.texts()).containsExactly(text(accept(1, 1, 100)), text(accept(1, 2, 50)));
            opened.journal.clearDamage();
        }
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.recovery.damaged()).isFalse();
            assertThat(opened.texts()).containsExactly(text(accept(1, 1, 100)), text(accept(1, 2, 50)));
        }
    }

    @Test
    void aFailedForceEndsTheProcessAndAcknowledgesNothing() {
        MemoryDisk disk = new MemoryDisk();
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.append(accept(1, 1, 100))).isTrue();
            disk.forceFails = true;
            assertThat(opened.append(accept(1, 2, 100))).isFalse();
            assertThat(opened.failure).hasMessageContaining("the force fails");
            assertThatThrownBy(() -> opened.journal.append(List.of(accept(1, 3, 1)), () -> {}))
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        }
    }

    @Test
    void aQueueThatIsFullHoldsTheAppenderUp() throws InterruptedException {
        MemoryDisk disk = new MemoryDisk();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch third = new CountDownLatch(1);
        try (Opened opened = new Opened(disk, Opened.SMALL.withQueueBytes(2_000))) {
            opened.journal.append(List.of(accept(1, 1, 10)), () -> awaitQuietly(go));
            Opened.eventually(() -> disk.segments().size() > 1);
            Thread appender = new Thread(() -> {
                for (int slot = 2; slot <= 5; slot++) {
                    opened.journal.append(List.of(accept(1, slot, 900)), () -> {});
                }
                third.countDown();
            });
            appender.start();
            Opened.eventually(() -> appender.getState() == Thread.State.WAITING);
            assertThat(third.getCount()).isEqualTo(1);
            go.countDown();
            assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aNewerFormatIsRefused() {
        MemoryDisk disk = new MemoryDisk();
        try (Opened opened = Opened.small(disk)) {
            assertThat(opened.append(accept(1, 1, 1))).isTrue();
        }
        ByteBuffer header = ByteBuffer.wrap(disk.content(disk.segments().get(0)).seen);
        header.putInt(8, Segment.VERSION + 1);
        Checksum checksum = new Checksum();
        checksum.begin(0);
        checksum.add(header, 0, 12);
        header.putInt(12, checksum.value());
        assertThatThrownBy(() -> Opened.small(disk))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining("version 2 of the log format");
    }

    @Test
    void aFullDiskIsSaidBeforeItIsFullAndBookkeepingGoesOn() {
        MemoryDisk disk = new MemoryDisk();
        JournalOptions options = Opened.SMALL.withFreeFloorBytes(100_000);
        try (Opened opened = new Opened(disk, options)) {
            assertThat(opened.append(accept(1, 1, 100))).isTrue();
            Opened.eventually(() -> disk.segments().size() == 3 && disk.list().contains("ballast"));
            assertThat(opened.journal.full()).isFalse();
            disk.usable = 0;
            Opened.eventually(opened.journal::full);
            long slot = 2; // what the current segment, both spares and the ballast hold
            for (; slot < 3 * 11; slot++) {
                assertThat(opened.append(accept(1, slot, 1_000)))
                        .as("slot %d", slot)
                        .isTrue();
            }
            assertThat(opened.append(Opened.checkpoint(1, Map.of(1L, slot - 1))))
                    .isTrue();
            assertThat(opened.append(accept(1, slot, 11_000))).isTrue();
            assertThat(opened.append(Opened.checkpoint(2, Map.of(1L, slot)))).isTrue();
            disk.usable = 1 << 30;
            Opened.eventually(() -> !opened.journal.full());
        }
    }

    @Test
    void withoutAnyRoomTheWriterGivesUpInsteadOfHanging() {
        MemoryDisk disk = new MemoryDisk();
        try (Opened opened = new Opened(disk, Opened.SMALL.withWaits(5, 50))) {
            Opened.eventually(() -> disk.list().contains("ballast"));
            disk.usable = 0;
            long slot = 1;
            while (opened.append(accept(1, slot, 1_000))) {
                slot++;
                assertThat(slot).isLessThan(100);
            }
            assertThat(slot).as("both spares and the ballast were used").isGreaterThan(3 * 10);
            assertThat(opened.failure).hasMessageContaining("no segment of the log could be made");
        }
    }
}
