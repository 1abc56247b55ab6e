package io.atlasdb.node.server;

import io.atlasdb.node.config.ConfigLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A node on a real log and store in a folder of its own, which goes at the end. */
public final class TestNode implements AutoCloseable {
    private final Path folder;
    private Node node;

    private TestNode(Path folder) {
        this.folder = folder;
        node = start(folder);
    }

    public static TestNode start() {
        try {
            return new TestNode(Files.createTempDirectory("atlas-test-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node start(Path folder) {
        return Node.start(ConfigLoader.load(
                null, Map.of(), Map.of("db_path", folder.resolve("data").toString(), "client_listen", "127.0.0.1:0")));
    }

    public Node node() {
        return node;
    }

    public Path data() {
        return folder.resolve("data");
    }

    /** What the driver connects to. */
    public String url() {
        return "jdbc:atlas://127.0.0.1:" + node.clientPort() + "/";
    }

    /** Ends the node in good order and starts it again on the same folder. */
    public void restart() {
        node.close();
        node = start(folder);
    }

    @Override
    public void close() {
        node.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
