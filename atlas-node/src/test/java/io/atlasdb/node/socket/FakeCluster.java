package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import java.util.List;
import java.util.OptionalLong;

/** Two nodes, the second of which does not answer. */
final class FakeCluster implements ClusterInfo {
    private static final NodeStatus FIRST = new NodeStatus(1, "local", true, 3, "localhost", 4444);
    private static final NodeStatus SECOND = new NodeStatus(2, "iad", false, 42, "iad.example", 4445);

    @Override
    public List<NodeStatus> nodes() {
        return List.of(FIRST, SECOND);
    }

    @Override
    public Quorums quorums(long group) {
        return new Quorums(List.of(FIRST), List.of(FIRST));
    }

    @Override
    public OptionalLong ping(long id) {
        if (id == 2) {
            throw ErrorCode.CANNOT_CONNECT.error("iad.example:4445", "refused");
        }
        return id == 1 ? OptionalLong.of(3) : OptionalLong.empty();
    }
}
