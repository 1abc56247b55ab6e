package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The nodes of the cluster and who decides for a group. Safe for any number of threads. */
public interface ClusterInfo {
    /** All known nodes, by ascending id. */
    List<NodeStatus> nodes();

    /** The quorums that decide for a group now. */
    Quorums quorums(long group);

    /**
     * Asks a node for a sign of life; blocks for at most a few seconds.
     *
     * @return the round trip, milliseconds; empty when there is no such node
     * @throws io.atlasdb.proto.AtlasException {@code CANNOT_CONNECT} when it does not answer
     */
    OptionalLong ping(long id);

    /**
     * The snapshots on their way to a node; blocks for at most a few seconds.
     *
     * @return empty when there are none, or the node does not answer
     */
    default Optional<Arriving> arriving(long id) {
        return Optional.empty();
    }

    /** Groups that a node takes from others: how many, and about how many rows of how many have come. */
    record Arriving(int groups, long bytes, long rows, long rowsEstimate) {}

    /** What an operator asks for a node. */
    enum Change {
        /** It owns nothing any more. */
        DRAIN,
        /** It may own groups again. */
        ACTIVATE,
        /** It leaves the cluster for ever. */
        REMOVE
    }

    /**
     * Changes what a node is to the cluster; blocks until that is registered, the groups follow.
     *
     * @return false when there is no such node
     * @throws io.atlasdb.proto.AtlasException {@code MEMBERSHIP} with the reason when it is refused
     */
    default boolean change(long id, Change change) {
        throw ErrorCode.MEMBERSHIP.error("this node is alone; start it with credentials, so that others can join");
    }

    /**
     * A node.
     *
     * @param rttMs the last measured round trip, milliseconds
     * @param host what others reach it by
     */
    record NodeStatus(long id, String region, boolean active, long rttMs, String host, int port) {}

    /** The nodes of a phase-1 and of a phase-2 quorum. */
    record Quorums(List<NodeStatus> phase1, List<NodeStatus> phase2) {
        public Quorums {
            phase1 = List.copyOf(phase1);
            phase2 = List.copyOf(phase2);
        }
    }
}
