package io.atlasdb.node.cluster;

import io.atlasdb.node.cluster.policy.Decision;
import java.util.List;

/** Lets go of groups that this node owns. */
public interface HandOvers {
    /** Of a node that has not begun. */
    HandOvers NONE = new HandOvers() {
        @Override
        public void handOver(long group, NodeRecord node, String reason) {}

        @Override
        public List<Decision> decisions() {
            return List.of();
        }
    };

    /** What was decided of late, the oldest first. */
    List<Decision> decisions();

    /** Begins to hand a group over to a voter; does not wait. */
    void handOver(long group, NodeRecord node, String reason);
}
