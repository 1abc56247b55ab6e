package io.atlasdb.node.storage;

import static io.atlasdb.node.storage.History.position;
import static io.atlasdb.node.storage.History.put;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.Seeds;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash, a damaged file and a failing disk do to the store. */
class MvRecoveryTest {
    private static final int BLOCK_BYTES = 4096;
    private static final long GROUP = 1;

    @TempDir
    private Path temporary = Path.of("");

    /** Random entries of one group, applied to a store, with the state after every one of them. */
    private static final class Run {
        final History history;
        final MvStateMachine machine;

        Run(Path directory, RandomGenerator random) throws IOException {
            history = new History(random, 400);
            machine = open(directory, 0);
        }

        void apply(int entries) {
            for (int i = 0; i < entries; i++) {
                history.next();
            }
            History.apply(machine, GROUP, history.steps(), history.steps().size());
        }

        /** What stands after an entry, by the oracle. */
        String expected(long slot, long timestamp) {
            InMemoryStateMachine oracle = new InMemoryStateMachine();
            History.apply(oracle, GROUP, history.steps(), (int) slot);
            return StateHash.of(oracle, GROUP, timestamp);
        }

        void assertSame(MvStateMachine other) {
            long slot = other.applied(GROUP).slot();
            for (long timestamp = 0; timestamp <= history.timestamp(); timestamp += 7) {
                assertThat(StateHash.of(other, GROUP, timestamp)).isEqualTo(expected(slot, timestamp));
            }
        }
    }

    /** Nothing is forced: crashes are played by copies of the file, and disks are slow. */
    private static MvStateMachine open(Path directory, long checkpoint) throws IOException {
        return MvStateMachine.open(directory, StorageOptions.defaults(), checkpoint, config -> new PageFile(config) {
            @Override
            void force() {}
        });
    }

    private Path copy(byte[] file) throws IOException {
        Path directory = Files.createTempDirectory(temporary, "copy");
        Files.write(directory.resolve(StoreFile.NAME), file);
        return directory;
    }

    private static byte[] content(Path directory) throws IOException {
        return Files.readAllBytes(directory.resolve(StoreFile.NAME));
    }

    @Test
    void whatWasNotCheckpointedIsLeftToTheLog() throws Exception {
        LogRecord.Checkpoint checkpoint;
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 0)) {
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            checkpoint = machine.checkpoint();
            machine.apply(GROUP, position(2, 2), List.of(put("a", 2, "2")));
        }
        assertThat(checkpoint.applied()).isEqualTo(Map.of(GROUP, position(1, 1)));
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), checkpoint.version())) {
            assertThat(machine.positions()).isEqualTo(checkpoint.applied());
            assertThat(machine.setAside()).isNull();
            assertThat(machine.get(GROUP, History.bytes("a"), 9)).isEqualTo(History.bytes("1"));
        }
    }

    @Test
    void aStoreAheadOfTheCheckpointIsKept() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 0)) {
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            machine.checkpoint();
            machine.apply(GROUP, position(2, 2), List.of(put("a", 2, "2")));
            machine.checkpoint(); // its record never reached the journal
        }
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 1)) {
            assertThat(machine.applied(GROUP)).isEqualTo(position(2, 2));
        }
    }

    @Test
    void aStoreThatIsGoneOrBehindItsCheckpointIsBuiltAnew() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 5)) {
            assertThat(machine.positions()).isEmpty();
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            machine.checkpoint();
        }
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 50)) {
            assertThat(machine.positions()).isEmpty();
            assertThat(machine.setAside()).exists();
        }
    }

    /** The blocks that were written after the last force reach the disk or do not, each for itself. */
    @Test
    void anUnforcedEndIsKeptWholeOrGivenUpWhole() {
        Seeds.forAll(40, random -> {
            Path directory = Files.createTempDirectory(temporary, "run");
            Run run = new Run(directory, random);
            run.apply(random.nextInt(200));
            long checkpoint = run.machine.checkpoint().version();
            byte[] forced = content(directory);
            long forcedSlot = run.machine.applied(GROUP).slot();
            for (int i = random.nextInt(3); i >= 0; i--) {
                run.apply(1 + random.nextInt(80));
                run.machine.checkpoint(); // stands for a write that was never forced
            }
            byte[] written = content(directory);
            run.machine.close();

            try (MvStateMachine machine = open(copy(mix(random, forced, written)), checkpoint)) {
                assertThat(machine.setAside()).isNull();
                assertThat(machine.applied(GROUP).slot()).isGreaterThanOrEqualTo(forcedSlot);
                run.assertSame(machine);
                History.apply(
                        machine, GROUP, run.history.steps(), run.history.steps().size());
                machine.checkpoint();
                run.assertSame(machine);
                machine.verify();
            }
        });
    }

    private static byte[] mix(RandomGenerator random, byte[] forced, byte[] written) {
        byte[] mixed = Arrays.copyOf(forced, Math.max(forced.length, written.length));
        double share = random.nextDouble();
        for (int at = 0; at < written.length; at += BLOCK_BYTES) {
            if (random.nextDouble() < share) {
                System.arraycopy(written, at, mixed, at, Math.min(BLOCK_BYTES, written.length - at));
            }
        }
        return mixed;
    }

    /** After a rollback the abandoned end must not come back, whatever crashes follow. */
    @Test
    void anAbandonedFutureNeverComesBack() {
        Seeds.forAll(20, random -> {
            Path directory = Files.createTempDirectory(temporary, "run");
            Run run = new Run(directory, random);
            run.apply(100);
            long checkpoint = run.machine.checkpoint().version();
            run.apply(60);
            run.machine.checkpoint();
            byte[] written = content(directory);
            run.machine.close();

            Path copied = copy(damageAfter(written, checkpoint));
            try (MvStateMachine machine = open(copied, checkpoint)) {
                assertThat(machine.applied(GROUP).slot()).isEqualTo(100);
                machine.apply(GROUP, position(101, 10_000), List.of(put("other", 10_000, "future")));
                checkpoint = machine.checkpoint().version();
            }
            try (MvStateMachine machine = open(copied, checkpoint)) {
                assertThat(machine.applied(GROUP)).isEqualTo(position(101, 10_000));
                machine.verify();
            }
        });
    }

    /** Overwrites the middle of the chunk that was written after a version, between its head and its end, which stay. */
    private static byte[] damageAfter(byte[] file, long checkpoint) {
        int newest = -1;
        for (int at = 2 * BLOCK_BYTES; at < file.length; at += BLOCK_BYTES) {
            String head = new String(file, at, 200, ISO_8859_1);
            if (head.startsWith("chunk:") && head.contains("version:" + Long.toHexString(checkpoint + 1))) {
                newest = at;
            }
        }
        assertThat(newest).isPositive();
        byte[] damaged = file.clone();
        Arrays.fill(damaged, newest + BLOCK_BYTES, newest + BLOCK_BYTES + 64, (byte) 0x5A);
        return damaged;
    }

    @Test
    void noFlippedBitIsEverReadAsData() throws Exception {
        Path directory = Files.createTempDirectory(temporary, "run");
        int[] outcomes = new int[3];
        Seeds.forAll(1, random -> {
            Run run = new Run(directory, random);
            for (int i = 0; i < 6; i++) {
                run.apply(80);
                run.machine.checkpoint();
            }
            long checkpoint = run.machine.checkpoint().version();
            byte[] whole = content(directory);
            run.machine.close();
            String expected = run.expected(run.history.steps().size(), run.history.timestamp());
            for (int i = 0; i < Integer.getInteger("atlas.flips", 150); i++) {
                byte[] flipped = whole.clone();
                int bit = random.nextInt(whole.length * 8);
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                outcomes[read(copy(flipped), checkpoint, expected, run.history.timestamp())]++;
            }
        });
        assertThat(outcomes[0]).as("flips in free space and dead pages").isPositive();
        assertThat(outcomes[1]).as("flips that a read met").isPositive();
    }

    /** 0 when all is as expected, 1 when a read said that it is damaged, 2 when the file was set aside. */
    private static int read(Path directory, long checkpoint, String expected, long timestamp) throws IOException {
        try (MvStateMachine machine = open(directory, checkpoint)) {
            if (machine.setAside() != null) {
                assertThat(machine.positions()).isEmpty();
                return 2;
            }
            assertThat(StateHash.of(machine, GROUP, timestamp)).isEqualTo(expected);
            return 0;
        } catch (AtlasException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            return 1;
        } finally {
            Files.delete(directory.resolve(StoreFile.NAME));
        }
    }

    @Test
    void aDamagedPageIsRefusedAndTheStoreCanBeBuiltAnew() throws Exception {
        long checkpoint;
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 0)) {
            for (int slot = 1; slot <= 50; slot++) {
                machine.apply(
                        GROUP, position(slot, slot), List.of(put("k" + slot, slot, "a text to be found " + slot)));
            }
            checkpoint = machine.checkpoint().version();
        }
        overwrite(temporary.resolve(StoreFile.NAME), "a text to be found 17", "a text to be lost! 17");
        MvStateMachine damaged = MvStateMachine.open(temporary, StorageOptions.defaults(), checkpoint);
        assertThatThrownBy(() -> damaged.get(GROUP, History.bytes("k17"), 99))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
        assertThatThrownBy(damaged::verify).isInstanceOf(AtlasException.class);
        damaged.close();
        assertThat(MvStateMachine.setAside(temporary)).exists();
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), checkpoint)) {
            assertThat(machine.positions()).isEmpty();
        }
    }

    private static void overwrite(Path path, String present, String other) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        int at = new String(bytes, ISO_8859_1).indexOf(present);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(History.bytes(other)), at);
        }
    }

    @Test
    void rubbishIsSetAside() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(temporary.resolve(StoreFile.NAME).toFile(), "rw")) {
            file.write(new byte[50_000]);
        }
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 0)) {
            assertThat(machine.setAside()).exists();
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1")));
            assertThat(machine.checkpoint().applied()).containsOnlyKeys(GROUP);
        }
    }

    @Test
    void aStoreInUseIsNotTakenForADamagedOne() throws Exception {
        try (MvStateMachine machine = MvStateMachine.open(temporary, StorageOptions.defaults(), 0)) {
            assertThatThrownBy(() -> MvStateMachine.open(temporary, StorageOptions.defaults(), 0))
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY));
            assertThat(machine.positions()).isEmpty();
        }
    }
}
