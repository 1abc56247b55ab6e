package io.atlasdb.node.demo;

import java.nio.file.Path;

/** A node of this process. */
public interface RunningNode extends AutoCloseable {
    /** The port for JDBC and HTTP. */
    int clientPort();

    /** The Unix socket. */
    Path socketPath();

    /** Returns when the node has ended. */
    void awaitShutdown() throws InterruptedException;

    /** Finishes what is under way and ends the node. */
    @Override
    void close();
}
