package io.atlasdb.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.examples.SocketClient;
import io.atlasdb.examples.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md promises of the data directory. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OperationsTest {
    @TempDir
    private Path folder;

    @Test
    void aCopyOfAStoppedNodesFolderIsABackup() throws IOException {
        Path original = folder.resolve("original");
        Path copy = folder.resolve("copy");
        try (TestNode node = TestNode.startIn(original);
                SocketClient client = new SocketClient(node.socket())) {
            client.put("FRUIT.PEAR", "before");
            assertThatThrownBy(() -> TestNode.startIn(original))
                    .hasMessageContaining("another Atlas process uses this folder");
        }
        copy(original, copy);
        try (TestNode node = TestNode.startIn(original);
                SocketClient client = new SocketClient(node.socket())) {
            client.put("FRUIT.PEAR", "after");
        }

        try (TestNode restored = TestNode.startIn(copy);
                SocketClient client = new SocketClient(restored.socket())) {
            assertThat(client.get("FRUIT.PEAR")).contains("before");
            client.put("FRUIT.PLUM", "new");
            assertThat(client.scan("FRUIT.")).isEqualTo(List.of("FRUIT.PEAR", "FRUIT.PLUM"));
        }
    }

    @Test
    void theDirectoryHoldsWhatThePageLists() throws IOException {
        Path data = folder.resolve("data");
        try (TestNode node = TestNode.startIn(data);
                Stream<Path> files = Files.list(data)) {
            assertThat(node.socket()).isEqualTo(data.resolve("atlas.sock"));
            List<String> names = files.map(file -> "`" + file.getFileName() + (Files.isDirectory(file) ? "/`" : "`"))
                    .toList();
            assertThat(Files.readString(Pages.TOP.resolve("docs/operations.md")))
                    .contains(names);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
