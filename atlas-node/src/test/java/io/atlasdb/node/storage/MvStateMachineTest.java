package io.atlasdb.node.storage;

import static io.atlasdb.node.storage.History.bytes;
import static io.atlasdb.node.storage.History.position;
import static io.atlasdb.node.storage.History.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What only the one on disk does: threads beside each other, faults, memory and space. */
class MvStateMachineTest {
    private static final long GROUP = 3;
    private static final byte[] ALL = {};

    @TempDir
    private Path temporary = Path.of("");

    private static StorageOptions options(int retentionMs, long diskFreeBytesMin) {
        return new StorageOptions(4, 1 << 20, retentionMs, diskFreeBytesMin, cause -> {
            throw new AssertionError("the store failed", cause);
        });
    }

    /**
     * One thread moves amounts between accounts, entry by entry, removing and inserting accounts as they fall to zero; others
     * read at timestamps that are applied: the sum is the same at each of them, whatever is checkpointed and collected meanwhile.
     */
    @Test
    void readersSeeWholeEntriesWhileOthersApplyCheckpointAndCollect() throws Exception {
        int accounts = 40;
        int entries = 6_000;
        AtomicLong applied = new AtomicLong();
        Pins pins = new Pins(applied);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            deposit(machine, accounts);
            applied.set(1);
            List<Future<?>> done = new ArrayList<>();
            done.add(threads.submit(() -> transfer(machine, accounts, entries, applied, over)));
            done.add(threads.submit(() -> readSums(machine, accounts, pins, over)));
            done.add(threads.submit(() -> readSums(machine, accounts, pins, over)));
            done.add(threads.submit(() -> {
                while (!over.get()) {
                    machine.checkpoint();
                    long horizon = pins.horizon();
                    machine.collect(group -> horizon);
                }
            }));
            for (Future<?> future : done) {
                future.get(60, TimeUnit.SECONDS);
            }
            assertThat(machine.applied(GROUP).slot()).isEqualTo(entries);
            machine.verify();
        } finally {
            over.set(true);
            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void deposit(MvStateMachine machine, int accounts) {
        List<Mutation> mutations = new ArrayList<>();
        for (int i = 0; i < accounts; i++) {
            mutations.add(put("a" + i, 1, "10"));
        }
        machine.apply(GROUP, position(1, 1), mutations);
    }

    private static void transfer(
            MvStateMachine machine, int accounts, int entries, AtomicLong applied, AtomicBoolean over) {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        try {
            for (int slot = 2; slot <= entries; slot++) {
                int from = random.nextInt(accounts);
                int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
                int amount = Math.min(balance(machine, from, Long.MAX_VALUE), 1 + random.nextInt(10));
                int left = balance(machine, from, Long.MAX_VALUE) - amount;
                int there = balance(machine, to, Long.MAX_VALUE) + amount;
                machine.apply(
                        GROUP,
                        position(slot, slot),
                        List.of(
                                put("a" + from, slot, left == 0 ? null : "" + left),
                                put("a" + to, slot, there == 0 ? null : "" + there)));
                applied.set(slot);
            }
        } finally {
            over.set(true);
        }
    }

    private static int balance(MvStateMachine machine, int account, long timestamp) {
        byte[] value = machine.get(GROUP, bytes("a" + account), timestamp);
        return value == null ? 0 : Integer.parseInt(new String(value, UTF_8));
    }

    private static void readSums(MvStateMachine machine, int accounts, Pins pins, AtomicBoolean over) {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        while (!over.get()) {
            long timestamp = pins.pin(random);
            int byKey = 0;
            for (int i = 0; i < accounts; i++) {
                byKey += balance(machine, i, timestamp);
            }
            int byScan = 0;
            boolean reverse = random.nextBoolean();
            try (RowIterator rows = machine.scan(new KeyRange(GROUP, ALL, ALL), timestamp, reverse)) {
                while (rows.next()) {
                    byScan += Integer.parseInt(new String(rows.value(), UTF_8));
                }
            }
            pins.unpin(timestamp);
            assertThat(byScan).as("scan at %s", timestamp).isEqualTo(accounts * 10);
            assertThat(byKey).as("gets at %s", timestamp).isEqualTo(accounts * 10);
        }
    }

    /** The timestamps that readers are at; the horizon never passes one of them. */
    private static final class Pins {
        private final AtomicLong applied;
        private final List<Long> pinned = new ArrayList<>();
        private long horizon = 1;

        Pins(AtomicLong applied) {
            this.applied = applied;
        }

        synchronized long pin(RandomGenerator random) {
            long timestamp = random.nextLong(horizon, applied.get() + 1);
            pinned.add(timestamp);
            return timestamp;
        }

        synchronized void unpin(long timestamp) {
            pinned.remove(timestamp);
        }

        synchronized long horizon() {
            long oldest = pinned.stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
            horizon = Math.max(horizon, Math.min(oldest, applied.get() - 50));
            return horizon;
        }
    }

    @Test
    void anOpenScanKeepsWhatItSeesHoweverMuchIsWrittenAndCollected() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            for (int slot = 1; slot <= 200; slot++) {
                machine.apply(GROUP, position(slot, slot), List.of(put("k" + (1000 + slot), slot, "old" + slot)));
            }
            machine.checkpoint();
            try (RowIterator rows = machine.scan(new KeyRange(GROUP, ALL, ALL), 200, false)) {
                assertThat(rows.next()).isTrue();
                for (int slot = 201; slot <= 1_200; slot++) {
                    String key = "k" + (1000 + 1 + slot % 200);
                    machine.apply(GROUP, position(slot, slot), List.of(put(key, slot, slot % 3 == 0 ? null : "new")));
                    if (slot % 20 == 0) {
                        machine.checkpoint();
                        machine.collect(group -> 1_200);
                    }
                }
                int seen = 1;
                while (rows.next()) {
                    assertThat(rows.value()).isEqualTo(bytes("old" + ++seen));
                }
                assertThat(seen).isEqualTo(200);
            }
        }
    }

    @Test
    void collectionEmptiesTheHistoryAndIsCheapWithoutGarbage() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            for (int slot = 1; slot <= 5_000; slot++) {
                machine.apply(
                        GROUP + slot % 3, position((slot + 2) / 3, slot), List.of(put("k" + slot % 7, slot, "v")));
            }
            assertThat(machine.historySize()).isEqualTo(5_000 - 7 * 3);
            int calls = 1;
            while (machine.collect(group -> group == GROUP ? 0 : 5_000)) {
                assertThat(calls++).as("calls").isLessThan(100);
            }
            assertThat(machine.historySize())
                    .as("of the group whose horizon stands")
                    .isBetween(1_600L, 1_667L);
            while (machine.collect(group -> 5_000)) {
                assertThat(calls++).as("calls").isLessThan(100);
            }
            assertThat(machine.historySize()).isZero();
        }
    }

    @Test
    void theFileStopsGrowing() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
            long slot = 0;
            long half = 0;
            for (int round = 0; round < 300; round++) {
                for (int i = 0; i < 20; i++) {
                    slot++;
                    String key = "key" + (10_000 + random.nextInt(2_000));
                    machine.apply(GROUP, position(slot, slot), List.of(put(key, slot, "x".repeat(200))));
                }
                machine.checkpoint();
                long horizon = slot - 100;
                machine.collect(group -> horizon);
                if (round == 150) {
                    half = machine.bytesOnDisk();
                }
            }
            assertThat(machine.bytesOnDisk()).isLessThan(half * 3 / 2).isLessThan(20L << 20);
        }
    }

    @Test
    void aFailedForceEndsTheProcess() throws Exception {
        failing(true);
    }

    @Test
    void aFailedWriteEndsTheProcess() throws Exception {
        failing(false);
    }

    private void failing(boolean onForce) throws IOException {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicReference<Throwable> fatal = new AtomicReference<>();
        StorageOptions options = StorageOptions.defaults().withFatal(fatal::set);
        try (MvStateMachine machine = MvStateMachine.open(temporary, options, 0, config -> new PageFile(config) {
            @Override
            void force() throws IOException {
                if (broken.get() && onForce) {
                    throw new IOException("Input/output error");
                }
                super.force();
            }

            @Override
            void write(long pos, byte[] data, int offset, int length) throws IOException {
                if (broken.get() && !onForce) {
                    throw new IOException("Input/output error");
                }
                super.write(pos, data, offset, length);
            }
        })) {
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            machine.checkpoint();
            assertThat(fatal.get()).isNull();
            broken.set(true);
            machine.apply(GROUP, position(2, 2), List.of(put("a", 2, "2")));
            assertThatThrownBy(machine::checkpoint).isInstanceOf(AtlasException.class);
            assertThat(fatal.get()).hasMessageContaining("Input/output error");
            broken.set(false);
            assertThatThrownBy(machine::checkpoint).as("no second try").isInstanceOf(AtlasException.class);
            assertThatThrownBy(() -> machine.apply(GROUP, position(3, 3), List.of()))
                    .isInstanceOf(AtlasException.class);
        }
    }

    @Test
    void aFullDiskRefusesCheckpointsAndKeepsReading() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, Long.MAX_VALUE / 2), 0)) {
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            assertThatThrownBy(machine::checkpoint)
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
            assertThat(machine.get(GROUP, bytes("a"), 1)).isEqualTo(bytes("1"));
            machine.apply(GROUP, position(2, 2), List.of(put("a", 2, "x".repeat(2 << 20)))); // over unsavedBytesMax
            assertThat(machine.applied(GROUP).slot()).isEqualTo(2);
        }
    }

    @Test
    void muchUnsavedIsWrittenBeforeTheCheckpoint() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            for (int slot = 1; slot <= 40; slot++) {
                machine.apply(GROUP, position(slot, slot), List.of(put("k" + slot, slot, "x".repeat(100_000))));
            }
            assertThat(machine.bytesOnDisk()).isGreaterThan(2 << 20);
        }
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 1)) {
            long slot = machine.applied(GROUP).slot();
            assertThat(slot).as("whole entries").isBetween(1L, 40L);
            assertThat(machine.get(GROUP, bytes("k" + slot), 99)).isNotNull();
            assertThat(machine.get(GROUP, bytes("k" + (slot + 1)), 99)).isNull();
        }
    }

    @Test
    void anInterruptedReaderDoesNotCloseTheFile() throws Exception {
        long version;
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            version = machine.checkpoint().version();
        }
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), version)) {
            CountDownLatch done = new CountDownLatch(1);
            AtomicReference<byte[]> read = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                Thread.currentThread().interrupt();
                read.set(machine.get(GROUP, bytes("a"), 1));
                done.countDown();
            });
            reader.start();
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(read.get()).isEqualTo(bytes("1"));
            machine.apply(GROUP, position(2, 2), List.of(put("b", 2, "2")));
            machine.checkpoint();
            machine.verify();
        }
    }

    @Test
    void aScanThatWasNotClosedIsReportedAndLetGo() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(VersionScan.class);
        log.start();
        logger.addAppender(log);
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            machine.scan(new KeyRange(GROUP, ALL, ALL), 1, false).close();
            leak(machine);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (log.list.isEmpty() && System.nanoTime() < end) {
                System.gc();
                Thread.onSpinWait();
            }
            assertThat(log.list)
                    .hasSize(1)
                    .allSatisfy(event -> assertThat(event.getFormattedMessage()).contains("a scan was not closed"));
        } finally {
            logger.detachAppender(log);
        }
    }

    private static void leak(MvStateMachine machine) {
        assertThat(machine.scan(new KeyRange(GROUP, ALL, ALL), 1, false).next()).isTrue();
    }

    @Test
    void aClosedScanIsRefused() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, options(1, 0), 0)) {
            RowIterator rows = machine.scan(new KeyRange(GROUP, ALL, ALL), 1, false);
            rows.close();
            rows.close();
            assertThatThrownBy(rows::next).isInstanceOf(IllegalStateException.class);
        }
    }
}
