package io.atlasdb.node.server;

import io.atlasdb.node.cluster.Cluster;
import io.atlasdb.node.cluster.NodeRecord;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What statements may ask of the regions and owners of this cluster. */
final class ClusterPlacements implements Placements {
    private static final long MOVE_MS = 10_000;
    private static final long LOOK_MS = 5;

    private final Cluster cluster;
    private final Replicas replicas;
    private final Link link;

    ClusterPlacements(Cluster cluster, Replicas replicas, Link link) {
        this.cluster = cluster;
        this.replicas = replicas;
        this.link = link;
    }

    @Override
    public void check(Placement placement) {
        try {
            cluster.genesis(placement);
        } catch (AtlasException e) {
            throw e.code() == ErrorCode.MEMBERSHIP ? ErrorCode.INVALID_DEFINITION.error(e, e.getMessage()) : e;
        }
    }

    @Override
    public void check(long group, Placement placement) {
        check(placement);
        Replica replica = replicas.find(group);
        Configuration members = replica == null ? null : replica.configuration();
        if (members == null || placement.fz().isPresent()) {
            return;
        }
        long regions = cluster.nodes().values().stream()
                .filter(node -> node.state() != NodeRecord.State.REMOVED)
                .map(NodeRecord::region)
                .filter(region -> placement.regions().isEmpty()
                        || placement.regions().stream().anyMatch(region::equalsIgnoreCase))
                .distinct()
                .count();
        if (regions < 2L * members.fz() + 1) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "it tolerates fz = " + members.fz() + " regions' failure, which needs " + (2 * members.fz() + 1)
                            + " of them; say fz = 0 to give that up");
        }
    }

    @Override
    public void moveOwner(long group, Target target) {
        Replica replica = replicas.find(group);
        Configuration members = replica == null ? null : replica.configuration();
        if (replica == null || members == null) {
            throw ErrorCode.UNSUPPORTED.error("moving the owner of a group of which this node is no member");
        }
        Configuration.Voter voter = voter(members, target, group);
        if (voter == null) {
            throw ErrorCode.INVALID_DEFINITION.error(target + " has no voter of the group that can be reached");
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOVE_MS);
        while (owner(replica) != voter.node()) {
            ask(replica, voter.node(), deadlineNanos);
        }
    }

    private int owner(Replica replica) {
        return replica.isReady() ? cluster.self().id() : replica.owner();
    }

    private Configuration.@Nullable Voter voter(Configuration members, Target target, long group) {
        SortedMap<Integer, NodeRecord> nodes = cluster.nodes();
        Configuration.Voter found = null;
        for (Configuration.Voter voter : members.voters()) {
            NodeRecord node = nodes.get(voter.node());
            boolean wanted = target.node() == 0
                    ? node != null && node.region().equalsIgnoreCase(target.region())
                    : target.node() == voter.node();
            boolean reachable = voter.node() == cluster.self().id() || link.isConnected(voter.node());
            if (wanted && reachable && (found == null || (group + voter.node()) % 2 == 0)) {
                found = voter;
            }
        }
        return found;
    }

    /** Asks the present owner once and looks whether it went; an owner that is gone or unknown is replaced by campaigning. */
    private void ask(Replica replica, int target, long deadlineNanos) {
        int owner = owner(replica);
        try {
            if (System.nanoTime() > deadlineNanos) {
                throw ErrorCode.OWNER_MOVED.error(
                        "group " + replica.group(), "node " + target + " did not take it in " + MOVE_MS + " ms");
            }
            cluster.moveOwner(owner == 0 ? target : owner, replica.group(), target)
                    .get(MOVE_MS, TimeUnit.MILLISECONDS);
            for (int i = 0; i < 100 && owner(replica) != target; i++) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AtlasException known
                    ? known
                    : ErrorCode.UNREACHABLE.error(e, owner, String.valueOf(e.getMessage()));
        } catch (TimeoutException e) {
            throw ErrorCode.UNREACHABLE.error(e, owner, "no answer");
        }
    }
}
