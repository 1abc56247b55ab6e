package io.atlasdb.node.cluster;

import io.atlasdb.node.cluster.policy.Decision;
import io.atlasdb.node.cluster.policy.RttMatrix;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as a member of the cluster: tells its address, follows the registry, keeps peers and the members of groups as the
 * registry says, and owns nothing while it is drained or its clock is off.
 */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final long TICK_MS = 500;
    private static final int ANSWER_THREADS = 2;
    private static final int ANSWERS_WAITING_MAX = 256;
    private static final long PING_MS = 3_000;
    /** Between looks at groups that this node may have left, in ticks. */
    private static final int DEPARTURE_TICKS = 6;
    /** How long a node that stops waits for others to take its groups over. */
    private static final long LEAVE_MS = 3_000;

    private final Options options;
    private final Registry registry;
    private final Replicas replicas;
    private final Link link;
    private final Peers peers;
    private final MembershipDriver driver;
    private final Departures departures;
    private int ticks;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "atlas-cluster"));
    private final ThreadPoolExecutor answers;
    /** The addresses that the transport was told of. */
    private final Map<Integer, String> told = new ConcurrentHashMap<>();

    private volatile @Nullable String complaint;
    private final Distances distances;
    private volatile HandOvers handOvers = HandOvers.NONE;
    private boolean registered;

    /**
     * What a member is.
     *
     * @param cluster the name of the cluster
     * @param self this node with its present address
     * @param founder whether it began the cluster
     * @param fn node failures that new groups tolerate in each zone
     * @param fz zone failures that new groups and group 0 shall tolerate; negative: 1 from three regions on, else 0
     * @param wallMs the wall clock, milliseconds since 1970
     * @param clockOffsetMsMax by how much clocks of nodes may differ
     * @param removed runs when this node was removed and has left all groups
     */
    public record Options(
            String cluster,
            NodeRecord self,
            boolean founder,
            int fn,
            int fz,
            LongSupplier wallMs,
            long clockOffsetMsMax,
            Runnable removed) {}

    public Cluster(Options options, Registry registry, Replicas replicas, Link link, Peers peers, Placement placement) {
        this.options = options;
        this.registry = registry;
        this.replicas = replicas;
        this.link = link;
        this.peers = peers;
        this.distances = new Distances(options.self(), link);
        this.driver = new MembershipDriver(options.self().id(), replicas, link, placement);
        this.departures = new Departures(
                options.self().id(), replicas, link, placement, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        this.answers = new ThreadPoolExecutor(
                ANSWER_THREADS,
                ANSWER_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(ANSWERS_WAITING_MAX),
                task -> daemon(task, "atlas-cluster-answers"));
        answers.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to answer other nodes and to follow the registry. */
    public void start() {
        link.serve(
                Link.Service.CLUSTER,
                new ClusterService(
                        options.cluster(),
                        registry,
                        replicas,
                        answers,
                        options.wallMs(),
                        options.clockOffsetMsMax(),
                        this::tickSoon,
                        asked()));
        ticker.scheduleWithFixedDelay(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void tickSoon() {
        if (!ticker.isShutdown()) {
            ticker.execute(this::tick);
        }
    }

    private void tick() {
        try {
            SortedMap<Integer, NodeRecord> nodes = registry.nodes();
            tellPeers(nodes); // before the address is registered, for which the others are needed
            if (!registered) {
                tellOthers(nodes);
                register();
            }
            distances.tick(nodes, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            checkClock(nodes);
            driver.tick(new MembershipDriver.Round(nodes, options.fz(), mayOwn()));
            if (++ticks % DEPARTURE_TICKS == 0) {
                departures.tick(options.self().region());
            }
            NodeRecord self = nodes.get(options.self().id());
            if (self != null && self.state() == NodeRecord.State.REMOVED && hasLeft(nodes)) {
                LOG.warn("node {} was removed from the cluster and is in no group any more; it stops", self.id());
                options.removed().run();
            }
        } catch (AtlasException e) {
            LOG.info("the cluster is looked at again in {} ms: {}", TICK_MS, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("looking at the cluster failed", e);
        }
    }

    /** Tells the cluster where this node is; a founding node writes the first row. */
    private void register() {
        NodeRecord self = options.self();
        NodeRecord known = registry.nodes().get(self.id());
        if (known == null || !known.host().equals(self.host()) || known.port() != self.port()) {
            if (options.founder()) {
                registry.found(options.cluster(), self.uuid(), self.region(), self.host(), self.port());
            } else if (replicas.all().isEmpty()) {
                return; // group 0 has not come yet, and who took this node in has registered it
            } else {
                registry.register(self.uuid(), self.region(), self.host(), self.port());
            }
        }
        registered = true;
    }

    /** Lets nodes that can be reached reach this one, which may stand elsewhere than in its last life. */
    private void tellOthers(SortedMap<Integer, NodeRecord> nodes) {
        NodeRecord self = options.self();
        byte[] here = new ClusterMessage.Here(self.host(), self.port()).encode();
        for (NodeRecord node : nodes.values()) {
            if (node.id() != self.id() && node.state() != NodeRecord.State.REMOVED) {
                link.call(node.id(), Link.Service.CLUSTER, here, PING_MS)
                        .exceptionally(unreachable -> new byte[0]); // it is told again
            }
        }
    }

    private void tellPeers(SortedMap<Integer, NodeRecord> nodes) {
        nodes.values().forEach(node -> {
            int id = node.id();
            String address = node.host() + ":" + node.port();
            if (id == options.self().id()) {
                return;
            }
            if (node.state() != NodeRecord.State.REMOVED) {
                if (!address.equals(told.put(id, address))) {
                    peers.setPeer(id, node.host(), node.port());
                }
            } else if (told.containsKey(id) && !link.isConnected(id)) {
                told.remove(id);
                peers.removePeer(id);
            }
        });
    }

    private void checkClock(SortedMap<Integer, NodeRecord> nodes) {
        List<Integer> others = new ArrayList<>();
        nodes.values().forEach(node -> {
            if (node.state() != NodeRecord.State.REMOVED) {
                others.add(node.id());
            }
        });
        String before = complaint;
        String now = ClockCheck.complaint(options.self().id(), others, peers, options.clockOffsetMsMax());
        complaint = now;
        if (now != null && before == null) {
            LOG.error("this node owns nothing until its time is set: {}", now);
        } else if (now == null && before != null) {
            LOG.info("the clock of this node is well again");
        }
    }

    /** Whether no node that can be reached knows of a group that this one is in. */
    private boolean hasLeft(SortedMap<Integer, NodeRecord> nodes) {
        int asked = 0;
        byte[] question = new ClusterMessage.Memberships(options.self().id()).encode();
        for (NodeRecord node : nodes.values()) {
            if (node.state() == NodeRecord.State.REMOVED || !link.isConnected(node.id())) {
                continue;
            }
            try {
                byte[] answer = link.call(node.id(), Link.Service.CLUSTER, question, PING_MS)
                        .get(PING_MS, TimeUnit.MILLISECONDS);
                if (java.nio.ByteBuffer.wrap(answer).getInt() > 0) {
                    return false;
                }
                asked++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException | TimeoutException e) {
                return false;
            }
        }
        return asked > 0;
    }

    /** Whether this node may own groups. Cheap; from any thread. */
    public boolean mayOwn() {
        NodeRecord self = registry.nodes().get(options.self().id());
        return complaint == null && (self == null || self.state() == NodeRecord.State.ACTIVE);
    }

    /** All nodes that ever were, by id. */
    public SortedMap<Integer, NodeRecord> nodes() {
        return registry.nodes();
    }

    /** This node. */
    public NodeRecord self() {
        NodeRecord known = registry.nodes().get(options.self().id());
        return known == null ? options.self() : known;
    }

    /** Why this node owns nothing although it is active; null when it may. */
    public @Nullable String complaint() {
        return complaint;
    }

    /** How far the wall clock of a node is ahead of this one's, milliseconds. */
    public OptionalLong clockOffsetMs(int node) {
        return node == options.self().id() ? OptionalLong.of(0) : peers.clockOffsetMs(node);
    }

    /**
     * The members of a group that begins now.
     *
     * @param regions where it may be; empty for everywhere
     * @throws AtlasException {@code MEMBERSHIP} when no node stands there, or there are too few regions for Fz
     */
    public Configuration genesis(Set<String> regions) {
        SortedMap<Integer, Integer> members = Wanted.members(registry.nodes().values(), regions);
        if (members.isEmpty() && regions.isEmpty()) {
            members.put(options.self().id(), options.self().zone());
        }
        int fz = options.fz() >= 0 ? options.fz() : Wanted.defaultFz(members);
        Wanted wanted = new Wanted(members, options.fn(), fz);
        String why = members.isEmpty()
                ? "there is no node in " + String.join(", ", regions)
                : MembershipPlan.whyNot(wanted.voters(), fz);
        if (why != null) {
            throw ErrorCode.MEMBERSHIP.error("no group can begin like this: " + why);
        }
        return wanted.genesis();
    }

    /**
     * The members of a group that begins, or would, with a placement.
     *
     * @throws AtlasException {@code MEMBERSHIP} when it cannot be
     */
    public Configuration genesis(io.atlasdb.sql.store.Placement wish) {
        Set<String> regions = known(wish.regions());
        SortedMap<Integer, Integer> members = Wanted.members(registry.nodes().values(), regions);
        if (members.isEmpty() && regions.isEmpty()) {
            members.put(options.self().id(), options.self().zone());
        }
        int own = options.fz() >= 0 ? options.fz() : Wanted.defaultFz(members);
        // A group in fewer regions tolerates what these can bear, unless it says how much.
        int fz = wish.fz().orElse(regions.isEmpty() ? own : Math.min(own, Wanted.defaultFz(members)));
        Wanted wanted = new Wanted(members, wish.fn().orElse(options.fn()), fz);
        String why = MembershipPlan.whyNot(wanted.voters(), fz);
        if (why != null) {
            throw ErrorCode.MEMBERSHIP.error("no group can begin like this: " + why);
        }
        return wanted.genesis();
    }

    /** The regions as they are registered, whatever case they were written in; each must have a node. */
    private Set<String> known(List<String> wished) {
        Set<String> regions = new TreeSet<>();
        for (String wish : wished) {
            String found = registry.nodes().values().stream()
                    .filter(node -> node.state() != NodeRecord.State.REMOVED)
                    .map(NodeRecord::region)
                    .filter(wish::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow(() -> ErrorCode.MEMBERSHIP.error("there is no node in region " + wish));
            regions.add(found);
        }
        return regions;
    }

    /** Round trips between zones as they are known now. */
    public RttMatrix rtts() {
        return distances.matrix(registry.nodes());
    }

    /** Takes who lets go of groups. */
    public void handOvers(HandOvers by) {
        handOvers = by;
    }

    /** What this node and those that answer in time decided of late about owners, the oldest first. Waits. */
    public List<Decision> decisions() {
        return Decisions.gather(
                handOvers.decisions(),
                link,
                registry.nodes().values(),
                options.self().id());
    }

    /** Asks a node, which may be this one, to hand a group over; completes when it begins to. */
    public CompletableFuture<byte[]> moveOwner(int asked, long group, int target) {
        if (asked == options.self().id()) {
            move(group, target, asked);
            return CompletableFuture.completedFuture(new byte[0]);
        }
        byte[] request = new ClusterMessage.MoveOwner(group, target).encode();
        return link.call(asked, Link.Service.CLUSTER, request, PING_MS);
    }

    private void move(long group, int target, int asker) {
        Replica replica = replicas.find(group);
        NodeRecord node = registry.nodes().get(target);
        if (replica == null || node == null) {
            return;
        }
        if (replica.isReady() && target != options.self().id()) {
            handOvers.handOver(group, node, "asked for at node " + asker);
        } else if (!replica.isReady() && target == options.self().id()) {
            replica.execute(replica::campaign);
        }
    }

    private ClusterService.OwnershipRequests asked() {
        return new ClusterService.OwnershipRequests() {
            @Override
            public byte[] distances() {
                return Distances.encode(distances.own(registry.nodes()));
            }

            @Override
            public byte[] decisions() {
                return Decisions.encode(handOvers.decisions());
            }

            @Override
            public void moved(int node, String host, int port) {
                NodeRecord known = registry.nodes().get(node);
                if (known != null
                        && known.state() != NodeRecord.State.REMOVED
                        && node != options.self().id()) {
                    peers.setPeer(node, host, port);
                }
            }

            @Override
            public void move(long group, int node, int asker) {
                Cluster.this.move(group, node, asker);
            }
        };
    }

    /** Asks a node for a sign of life. Waits. Returns the round trip, milliseconds. */
    public long ping(int node) {
        long begin = System.nanoTime();
        if (node != options.self().id()) {
            ask(node, new ClusterMessage.Ping());
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /**
     * The snapshots on their way to a node; blocks for at most a few seconds.
     *
     * @throws AtlasException {@code CANNOT_CONNECT} when it does not answer
     */
    public Arriving arriving(int node) {
        return node == options.self().id()
                ? Arriving.of(replicas.snapshots())
                : Arriving.decode(ask(node, new ClusterMessage.Arrivals()));
    }

    private byte[] ask(int node, ClusterMessage question) {
        try {
            return link.call(node, Link.Service.CLUSTER, question.encode(), PING_MS)
                    .get(PING_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        } catch (ExecutionException | TimeoutException e) {
            throw ErrorCode.CANNOT_CONNECT.error(e, "node " + node, "it does not answer");
        }
    }

    /** Lets a node own nothing any more. Waits until that is registered. */
    public NodeRecord drain(int node) {
        NodeRecord drained = registry.change(node, NodeRecord.State.DRAINING, nodes -> {
            if (nodes.stream().noneMatch(other -> other.id() != node && other.state() == NodeRecord.State.ACTIVE)) {
                throw ErrorCode.MEMBERSHIP.error("node " + node + " is the last that owns groups");
            }
        });
        tickSoon();
        return drained;
    }

    /** Lets a drained node own groups again. */
    public NodeRecord activate(int node) {
        NodeRecord active = registry.change(node, NodeRecord.State.ACTIVE, nodes -> {});
        tickSoon();
        return active;
    }

    /**
     * Removes a node for ever. Waits until that is registered; the groups follow.
     *
     * @throws AtlasException {@code MEMBERSHIP} when a group could not go on without it
     */
    public NodeRecord remove(int node) {
        NodeRecord removed = registry.change(node, NodeRecord.State.REMOVED, nodes -> {
            if (nodes.stream().noneMatch(other -> other.id() != node && other.state() == NodeRecord.State.ACTIVE)) {
                throw ErrorCode.MEMBERSHIP.error("node " + node + " is the last of the cluster");
            }
            for (NodeRecord other : nodes) {
                if (other.id() == node) {
                    driver.checkRemoval(other, nodes);
                }
            }
        });
        tickSoon();
        return removed;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        try {
            if (!ticker.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the cluster's thread did not end within 10 s");
            }
            CompletableFuture.allOf(driver.leave(registry.nodes()).toArray(CompletableFuture[]::new))
                    .get(LEAVE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("not every group that this node owned was taken over by another one within {} ms", LEAVE_MS);
        }
        answers.shutdownNow();
    }
}
