package io.atlasdb.node.server;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.socket.ClusterInfo;
import java.util.List;
import java.util.OptionalLong;

/** The cluster as a node that is alone in it sees it: one node, which is every quorum. */
final class LocalCluster implements ClusterInfo {
    private final NodeStatus self;

    LocalCluster(int nodeId, AtlasConfig config) {
        self = new NodeStatus(
                nodeId,
                config.region(),
                true,
                0,
                config.advertise().host(),
                config.advertise().port());
    }

    @Override
    public List<NodeStatus> nodes() {
        return List.of(self);
    }

    @Override
    public Quorums quorums(long group) {
        return new Quorums(List.of(self), List.of(self));
    }

    @Override
    public OptionalLong ping(long id) {
        return id == self.id() ? OptionalLong.of(0) : OptionalLong.empty();
    }
}
