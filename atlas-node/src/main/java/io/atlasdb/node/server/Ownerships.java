package io.atlasdb.node.server;

import io.atlasdb.node.cluster.Cluster;
import io.atlasdb.node.cluster.HandOvers;
import io.atlasdb.node.cluster.NodeRecord;
import io.atlasdb.node.cluster.policy.Accesses;
import io.atlasdb.node.cluster.policy.Decision;
import io.atlasdb.node.cluster.policy.DecisionLog;
import io.atlasdb.node.cluster.policy.OwnerPolicy;
import io.atlasdb.node.cluster.policy.OwnershipDriver;
import io.atlasdb.node.cluster.policy.OwnershipPolicy;
import io.atlasdb.node.cluster.policy.PolicySettings;
import io.atlasdb.node.cluster.policy.RttMatrix;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Store;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the groups that this node owns go where their work is: counts, decides once a second, and hands over. */
final class Ownerships implements AutoCloseable, OwnershipPolicy.View, HandOvers {
    private static final Logger LOG = LoggerFactory.getLogger(Ownerships.class);
    private static final long TICK_MS = 1_000;
    private static final long NANOS_PER_MS = 1_000_000;

    private final Cluster cluster;
    private final Replicas replicas;
    private final Link link;
    private final Accesses accesses = new Accesses();
    private final DecisionLog log = new DecisionLog();
    private final OwnershipPolicy policy = new OwnershipPolicy(PolicySettings.DEFAULT, accesses, log);
    private final OwnershipDriver driver;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "atlas-ownership");
        thread.setDaemon(true);
        return thread;
    });

    Ownerships(Cluster cluster, Replicas replicas, Link link) {
        this.cluster = cluster;
        this.replicas = replicas;
        this.link = link;
        this.driver = new OwnershipDriver(policy, this, replicas);
    }

    void start() {
        ticker.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** Counts an operation that came from a node, on a group that is owned here. From any thread. */
    void used(long group, int node, boolean isWrite) {
        NodeRecord from = cluster.nodes().get(node);
        if (from != null && group != Store.SYSTEM_GROUP) {
            accesses.count(group, from.zone(), isWrite);
        }
    }

    private void tick() {
        try {
            driver.tick(System.nanoTime() / NANOS_PER_MS, System.currentTimeMillis());
        } catch (RuntimeException e) {
            LOG.error("deciding about owners failed", e);
        }
    }

    /** Lets go of a group that is owned here since somebody asked for it. */
    @Override
    public void handOver(long group, NodeRecord to, String reason) {
        Configuration.Voter self = self();
        long now = System.currentTimeMillis();
        driver.carryOut(new Decision(now, group, self.node(), self.zone(), to.id(), to.zone(), true, reason, 0));
    }

    /**
     * Hands over whatever is owned here to its nearest voter that can be reached, and waits until it has gone: the others need no
     * time-out then to find out that this node has left. What has nobody to go to stays.
     *
     * @param waitMsMax how long to wait at most, milliseconds
     */
    void leave(long waitMsMax) {
        ticker.shutdownNow();
        long until = System.nanoTime() + waitMsMax * NANOS_PER_MS;
        Set<Long> leaving = new HashSet<>();
        for (Replica replica : replicas.all()) {
            NodeRecord heir = heir(replica.group());
            if (heir != null) {
                leaving.add(replica.group());
                handOver(replica.group(), heir, "node " + cluster.self().id() + " leaves");
            }
        }
        while (leaving.stream().anyMatch(group -> owned(group) != null)) {
            if (System.nanoTime() - until > 0) {
                LOG.warn(
                        "{} groups are owned here still, and are taken over by others when they miss this node",
                        leaving.stream().filter(group -> owned(group) != null).count());
                return;
            }
            LockSupport.parkNanos(10 * NANOS_PER_MS);
        }
        if (!leaving.isEmpty()) {
            LOG.info("handed {} groups over", leaving.size());
        }
    }

    /** Who takes over a group that is owned here; null when it is not, or there is nobody. */
    private @Nullable NodeRecord heir(long group) {
        Configuration members = owned(group);
        if (members == null) {
            return null;
        }
        int self = cluster.self().id();
        return members.voters().stream()
                .filter(voter -> voter.node() != self && isReachable(voter.node()))
                .min(Comparator.comparingDouble(voter -> cluster.rtts().ms(self, voter.node())))
                .map(voter -> cluster.nodes().get(voter.node()))
                .orElse(null);
    }

    @Override
    public List<Decision> decisions() {
        return log.all();
    }

    SortedMap<Integer, Double> rates(long group) {
        return policy.rates(group);
    }

    @Override
    public Configuration.Voter self() {
        return new Configuration.Voter(cluster.self().id(), cluster.self().zone());
    }

    @Override
    public @Nullable Configuration owned(long group) {
        Replica replica = replicas.find(group);
        return replica != null && replica.isReady() ? replica.configuration() : null;
    }

    @Override
    public OwnerPolicy policy(long group) {
        try {
            return OwnerPolicy.parse(placement(group).ownerPolicy());
        } catch (AtlasException e) {
            return OwnerPolicy.FOLLOW;
        }
    }

    /** Where a group may live, as this node has applied group 0. */
    Placement placement(long group) {
        return Membership.placement(replicas, group);
    }

    @Override
    public RttMatrix rtts() {
        return cluster.rtts();
    }

    @Override
    public boolean isReachable(int node) {
        NodeRecord record = cluster.nodes().get(node);
        return record != null && record.state() == NodeRecord.State.ACTIVE && link.isConnected(node);
    }

    @Override
    public String region(int zone) {
        for (NodeRecord node : cluster.nodes().values()) {
            if (node.zone() == zone) {
                return node.region();
            }
        }
        return "zone " + zone;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
