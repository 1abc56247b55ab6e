package io.atlasdb.node.server;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.config.ConfigLoader;
import io.atlasdb.node.log.JournalOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A node on a real log and store in a folder of its own, which goes at the end. */
public final class TestNode implements AutoCloseable {
    private final Path folder;
    private final JournalOptions journal;
    private Node node;

    private TestNode(Path folder, JournalOptions journal) {
        this.folder = folder;
        this.journal = journal;
        node = start(folder, journal);
    }

    public static TestNode start() {
        try {
            return new TestNode(Files.createTempDirectory("atlas-test-"), JournalOptions.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node start(Path folder, JournalOptions journal) {
        return Node.start(config(folder.resolve("data")), journal);
    }

    /** A configuration with {@code data} as its folder and free ports. */
    static AtlasConfig config(Path data) {
        return ConfigLoader.load(null, Map.of(), Map.of("db_path", data.toString(), "client_listen", "127.0.0.1:0"));
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

    /** The URL with what stands behind the slash, such as {@code ?transport=http}. */
    public String url(String rest) {
        return url() + rest;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /** Ends the node in good order and starts it again on the same folder. */
    public void restart() {
        restart(journal);
    }

    /** The same with other options of the log. */
    void restart(JournalOptions options) {
        node.close();
        node = start(folder, options);
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
