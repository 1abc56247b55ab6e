package io.atlasdb.node.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Atlas itself: a node that runs already, or one of our own. */
final class AtlasPeer implements Peer {
    private static final String HTTP = "?transport=http";

    private final String url;

    @Nullable
    private final NodeProcess node;

    private AtlasPeer(String url, @Nullable NodeProcess node) {
        this.url = url;
        this.node = node;
    }

    /** A node that somebody else started. */
    static AtlasPeer at(String url) {
        return new AtlasPeer(url, null);
    }

    /** A node of our own. */
    static AtlasPeer start(Path folder, int heapMb) throws IOException {
        NodeProcess node = NodeProcess.start(folder, heapMb);
        return new AtlasPeer(node.url(), node);
    }

    /** A node of our own that is talked to by HTTP; with a table of its own, it can be measured beside the other. */
    static AtlasPeer startHttp(Path folder, int heapMb) throws IOException {
        NodeProcess node = NodeProcess.start(folder, heapMb);
        return new AtlasPeer(node.url() + HTTP, node);
    }

    @Override
    public String name() {
        if (url.endsWith(HTTP)) {
            return "Atlas HTTP";
        }
        return url.startsWith("jdbc:atlas:") ? "Atlas" : url.split(":", 3)[1];
    }

    @Override
    public String durability() {
        return url.startsWith("jdbc:atlas:")
                ? "every commit is forced (fdatasync of the log) before it is answered"
                : "as " + url + " says";
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
    }
}
