package io.atlasdb.node.server;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.config.ConfigLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A real node on free ports of the loopback interface, for tests. */
public final class RunningNode implements AutoCloseable {
    private final AtlasConfig config;
    private Node node;

    private RunningNode(AtlasConfig config) {
        this.config = config;
        node = Node.start(config);
    }

    /** A node whose data is kept in {@code directory}. */
    public static RunningNode in(Path directory) {
        return in(directory, Map.of());
    }

    /** A node with settings by their keys, such as {@code statement_memory}. */
    public static RunningNode in(Path directory, Map<String, String> settings) {
        return new RunningNode(config(directory, settings));
    }

    static AtlasConfig config(Path directory, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("db_path", directory.resolve("data").toString());
        all.put("client_listen", "127.0.0.1:0");
        return ConfigLoader.load(null, Map.of(), all);
    }

    /** The URL of the node. */
    public String url() {
        return url("");
    }

    /** The URL with what stands behind the slash, such as {@code ?transport=http}. */
    public String url(String rest) {
        return "jdbc:atlas://127.0.0.1:" + port() + "/" + rest;
    }

    public int port() {
        return node.clientPort();
    }

    public Path socket() {
        return node.socketPath();
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /** Ends the node and starts it again on the same folder. */
    void restart() {
        node.close();
        node = Node.start(config);
    }

    Node node() {
        return node;
    }

    @Override
    public void close() {
        node.close();
    }
}
