package io.atlasdb.node.cluster;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what other nodes ask of the cluster. */
final class ClusterService implements Link.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterService.class);

    private final String cluster;
    private final Registry registry;
    private final Replicas replicas;
    private final Executor executor;
    private final LongSupplier wallMs;
    private final long clockOffsetMsMax;
    private final Runnable changed;
    private final OwnershipRequests ownership;

    /** What other nodes may ask about owners. */
    interface OwnershipRequests {
        /** The round trips from here, as {@link Distances} encodes them. */
        byte[] distances();

        /** The last decisions of this node. */
        byte[] decisions();

        /** A member is reached elsewhere now. */
        void moved(int node, String host, int port);

        /** A node asks that a group be handed over; begins to, and does not wait. */
        void move(long group, int node, int asker);
    }

    /** {@code executor} runs what waits; {@code changed} is told when a node was registered. */
    ClusterService(
            String cluster,
            Registry registry,
            Replicas replicas,
            Executor executor,
            LongSupplier wallMs,
            long clockOffsetMsMax,
            Runnable changed,
            OwnershipRequests ownership) {
        this.cluster = cluster;
        this.registry = registry;
        this.replicas = replicas;
        this.executor = executor;
        this.wallMs = wallMs;
        this.clockOffsetMsMax = clockOffsetMsMax;
        this.changed = changed;
        this.ownership = ownership;
    }

    @Override
    public CompletableFuture<byte[]> handle(int from, byte[] request) {
        ClusterMessage message;
        try {
            message = ClusterMessage.decode(request);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(ErrorCode.PROTOCOL.error(e, "a request to the cluster is damaged"));
        }
        if (message instanceof ClusterMessage.Join join) {
            return CompletableFuture.supplyAsync(() -> join(join), executor);
        }
        if (message instanceof ClusterMessage.Memberships asked) {
            return CompletableFuture.completedFuture(
                    ByteBuffer.allocate(4).putInt(memberships(asked.node())).array());
        }
        if (message instanceof ClusterMessage.Arrivals) {
            return CompletableFuture.completedFuture(
                    Arriving.of(replicas.snapshots()).encode());
        }
        if (message instanceof ClusterMessage.Distances) {
            return CompletableFuture.completedFuture(ownership.distances());
        }
        if (message instanceof ClusterMessage.MoveOwner move) {
            ownership.move(move.group(), move.node(), from);
            return CompletableFuture.completedFuture(new byte[0]);
        }
        if (message instanceof ClusterMessage.AskDecisions) {
            return CompletableFuture.completedFuture(ownership.decisions());
        }
        if (message instanceof ClusterMessage.Here here) {
            ownership.moved(from, here.host(), here.port());
            return CompletableFuture.completedFuture(new byte[0]);
        }
        if (message instanceof ClusterMessage.AskStanding asked) {
            return Departures.Standing.of(replicas.find(asked.group()));
        }
        return CompletableFuture.completedFuture(
                ByteBuffer.allocate(8).putLong(wallMs.getAsLong()).array());
    }

    private byte[] join(ClusterMessage.Join join) {
        long aheadMs = join.wallMs() - wallMs.getAsLong();
        if (aheadMs > clockOffsetMsMax) {
            throw ClockCheck.refusal(aheadMs, "ahead of that of the member that it asked", clockOffsetMsMax);
        }
        NodeRecord self = known(join);
        if (self == null) {
            self = registry.register(join.uuid(), join.region(), join.host(), join.port());
            LOG.info("{} is registered", self);
            changed.run();
        } else {
            ownership.moved(self.id(), join.host(), join.port());
        }
        List<NodeRecord> nodes = List.copyOf(registry.nodes().values());
        return new ClusterMessage.Joined(cluster, self, nodes).encode();
    }

    /**
     * A member that comes back, with the address that it tells; null when it must be registered or refused first. It writes its address
     * itself once it is up: a quorum that needs it would be waited for in vain until then.
     */
    private @Nullable NodeRecord known(ClusterMessage.Join join) {
        NodeRecord found = null;
        for (NodeRecord node : registry.nodes().values()) {
            if (node.uuid().equals(join.uuid())) {
                found = node;
            } else if (node.state() != NodeRecord.State.REMOVED
                    && node.host().equals(join.host())
                    && node.port() == join.port()) {
                return null;
            }
        }
        if (found == null
                || found.state() == NodeRecord.State.REMOVED
                || !found.region().equals(join.region())) {
            return null;
        }
        return found.at(join.host(), join.port());
    }

    private int memberships(int node) {
        int count = 0;
        for (Replica replica : replicas.all()) {
            Configuration members = replica.configuration();
            count += members != null && members.hasMember(node) ? 1 : 0;
        }
        return count;
    }
}
