package io.atlasdb.node.storage;

import io.atlasdb.node.replica.StateMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by the oracle and by the one on disk, so that neither is laxer. */
class StateMachineContractTest {
    @Nested
    class InMemory extends StateMachineContract {
        @Override
        StateMachine create() {
            return new InMemoryStateMachine();
        }

        @Override
        StateMachine restarted(StateMachine machine) {
            return machine;
        }
    }

    @Nested
    class SnapshotsInMemory extends SnapshotContract {
        @Override
        StateMachine create() {
            return new InMemoryStateMachine();
        }

        @Override
        StateMachine restarted(StateMachine machine) {
            return machine;
        }
    }

    @Nested
    class SnapshotsOnDisk extends SnapshotContract {
        @TempDir
        private Path temporary = Path.of("");

        private final Map<StateMachine, Path> directories = new IdentityHashMap<>();

        @Override
        StateMachine create() throws Exception {
            return open(Files.createTempDirectory(temporary, "store"), 0);
        }

        @Override
        StateMachine restarted(StateMachine machine) throws Exception {
            long version = machine.checkpoint().version();
            machine.close();
            return open(java.util.Objects.requireNonNull(directories.remove(machine)), version);
        }

        private StateMachine open(Path directory, long checkpoint) throws Exception {
            StateMachine opened = StateMachineContractTest.open(directory, checkpoint);
            directories.put(opened, directory);
            return opened;
        }
    }

    @Nested
    class OnDisk extends StateMachineContract {
        @TempDir
        private Path temporary = Path.of("");

        private Path directory = Path.of("");

        @Override
        StateMachine create() throws Exception {
            directory = Files.createTempDirectory(temporary, "store");
            return open(0);
        }

        @Override
        StateMachine restarted(StateMachine machine) throws Exception {
            long version = machine.checkpoint().version();
            machine.close();
            return open(version);
        }

        private StateMachine open(long checkpoint) throws Exception {
            return StateMachineContractTest.open(directory, checkpoint);
        }
    }

    /** Nothing is forced: this is about what is read, and disks are slow. */
    private static StateMachine open(Path directory, long checkpoint) throws Exception {
        return MvStateMachine.open(directory, StorageOptions.defaults(), checkpoint, config -> new PageFile(config) {
            @Override
            void force() {}
        });
    }
}
