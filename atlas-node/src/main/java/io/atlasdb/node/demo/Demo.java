package io.atlasdb.node.demo;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.config.ConfigLoader;
import io.atlasdb.node.server.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A node with sample data in a folder of its own, which goes with it. */
public final class Demo implements AutoCloseable {
    private final Path directory;
    private final Node node;

    private Demo(Path directory, Node node) {
        this.directory = directory;
        this.node = node;
    }

    /**
     * Starts the node and loads the sample tables.
     *
     * @throws SQLException when the sample data cannot be loaded
     */
    public static Demo start() throws IOException, SQLException {
        Path directory = Files.createTempDirectory("atlas-demo-");
        Node node;
        try {
            AtlasConfig config = ConfigLoader.load(
                    null,
                    Map.of(),
                    Map.of("db_path", directory.resolve("data").toString(), "client_listen", "127.0.0.1:0"));
            node = Node.start(config);
        } catch (RuntimeException e) {
            delete(directory);
            throw e;
        }
        Demo demo = new Demo(directory, node);
        try {
            SampleData.load(demo.url());
            return demo;
        } catch (SQLException | RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    /** What the driver connects to. */
    public String url() {
        return "jdbc:atlas://127.0.0.1:" + node.clientPort() + "/";
    }

    public Path socketPath() {
        return node.socketPath();
    }

    /** Ends the node and removes its folder. */
    @Override
    public void close() {
        try {
            node.close();
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + directory + " cannot be removed", e);
        }
    }
}
