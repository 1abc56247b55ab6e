package io.atlasdb.node.demo;

import io.atlasdb.node.config.AtlasConfig;

/** Starts nodes in this process; found by {@code java.util.ServiceLoader}. */
public interface NodeStarter {
    /**
     * Returns once the node takes connections.
     *
     * @throws io.atlasdb.proto.AtlasException when it cannot start, saying why
     */
    RunningNode start(AtlasConfig config);
}
