package io.atlasdb.node.cluster;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.sql.store.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the members of the groups that this node owns to what registry and placement want, a bounded number of steps at a
 * time. {@link #tick} is called by one thread about twice a second and never waits.
 */
final class MembershipDriver {
    private static final Logger LOG = LoggerFactory.getLogger(MembershipDriver.class);
    /** Groups that are looked at closely in one round. */
    private static final int STEPS_MAX = 64;
    /** Groups that catch up at new nodes at the same time, as far as this node owns them. */
    private static final int LEARNING_MAX = 16;
    /** Rounds between two looks at all groups while nothing seems to have changed. */
    private static final int IDLE_ROUNDS = 20;
    /** A learner this many entries behind becomes a voter; the rest comes while the change is on its way. */
    private static final long BEHIND_SLOTS_MAX = 64;

    private static final long CAMPAIGN_MS_MAX = 10_000;
    private static final long HEIR_LOOK_MS = 5;

    private final int self;
    private final Replicas replicas;
    private final Link link;
    private final Placement placement;
    /** Changes that were proposed, by group: the slot. */
    private final Map<Long, Long> proposed = new ConcurrentHashMap<>();
    /** Groups that this node tries to own since nobody does, by group: since when. */
    private final Map<Long, Long> campaigns = new ConcurrentHashMap<>();

    private @Nullable SortedMap<Integer, NodeRecord> settled;
    private int idleRounds;
    private int learning;

    /**
     * What holds in one round.
     *
     * @param systemFz the zone failures that group 0 was asked to tolerate; negative for the default
     * @param mayOwn whether this node may own groups
     */
    record Round(SortedMap<Integer, NodeRecord> nodes, int systemFz, boolean mayOwn) {}

    MembershipDriver(int self, Replicas replicas, Link link, Placement placement) {
        this.self = self;
        this.replicas = replicas;
        this.link = link;
        this.placement = placement;
    }

    void tick(Round round) {
        if (round.nodes() == settled && round.mayOwn() && ++idleRounds < IDLE_ROUNDS) {
            return;
        }
        idleRounds = 0;
        learning = 0;
        int steps = 0;
        Map<List<String>, SortedMap<Integer, Integer>> members = new java.util.HashMap<>();
        for (Replica replica : replicas.all()) {
            Configuration present = replica.configuration();
            if (present == null || replica.isDeparted()) {
                continue;
            }
            Wanted wanted = wanted(replica.group(), present, round, members);
            boolean leave = replica.isReady() && !round.mayOwn();
            if (isDone(present, wanted) && !leave) {
                continue;
            }
            steps++;
            if (replica.isReady()) {
                learning += present.learners().isEmpty() ? 0 : 1;
                boolean learn = learning < LEARNING_MAX || !present.learners().isEmpty();
                replica.execute(() -> step(replica, wanted, round, learn));
            } else {
                campaignForOrphan(replica, present, round);
            }
            if (steps >= STEPS_MAX) {
                return;
            }
        }
        settled = steps == 0 ? round.nodes() : null;
    }

    private Wanted wanted(
            long group, Configuration present, Round round, Map<List<String>, SortedMap<Integer, Integer>> members) {
        io.atlasdb.sql.store.Placement wish =
                group == Store.SYSTEM_GROUP ? io.atlasdb.sql.store.Placement.DEFAULT : placement.of(group);
        SortedMap<Integer, Integer> in = members.computeIfAbsent(
                wish.regions(), any -> Wanted.members(round.nodes().values(), Set.copyOf(wish.regions())));
        if (in.isEmpty()) {
            // Nothing is known of the nodes yet, or the group's regions have none: it stays where it is.
            in = new TreeMap<>();
            for (Configuration.Voter voter : present.voters()) {
                in.put(voter.node(), voter.zone());
            }
        }
        int fz = wish.fz().orElse(present.fz());
        if (group == Store.SYSTEM_GROUP) {
            fz = Math.max(fz, round.systemFz() >= 0 ? round.systemFz() : Wanted.defaultFz(voterZones(present)));
        }
        return new Wanted(in, wish.fn().orElse(present.fn()), fz);
    }

    private static SortedMap<Integer, Integer> voterZones(Configuration present) {
        SortedMap<Integer, Integer> zones = new TreeMap<>();
        present.voters().forEach(voter -> zones.put(voter.node(), voter.zone()));
        return zones;
    }

    private static boolean isDone(Configuration present, Wanted wanted) {
        return present.learners().isEmpty()
                && present.fz() == wanted.fz()
                && present.fn() == wanted.fn()
                && voterZones(present).keySet().equals(wanted.members().keySet());
    }

    /** On the loop of the group. */
    private void step(Replica replica, Wanted wanted, Round round, boolean learn) {
        Configuration present = replica.configuration();
        Long slot = proposed.get(replica.group());
        if (slot != null && replica.isReady() && replica.applied().slot() < slot) {
            return;
        }
        proposed.remove(replica.group());
        campaigns.remove(replica.group());
        if (present == null || !replica.isReady()) {
            return;
        }
        if (!round.mayOwn()) {
            giveUp(replica, present, round.nodes(), gone -> {});
            return;
        }
        long end = replica.applied().slot();
        MembershipPlan.Situation situation = new MembershipPlan.Situation(
                self, link::isConnected, node -> replica.match(node) + BEHIND_SLOTS_MAX >= end);
        MembershipPlan.Step step = MembershipPlan.next(present, wanted, situation);
        if (step instanceof MembershipPlan.HandOver heir) {
            replica.letGo(heir.to(), gone -> {});
        } else if (step instanceof MembershipPlan.Change change) {
            boolean learns =
                    change.next().learners().size() > present.learners().size();
            if (!learns || learn) {
                LOG.info("group {}: {}", replica.group(), change.why());
                proposed.put(replica.group(), replica.reconfigure(change.next()).slot());
            }
        }
    }

    /**
     * Begins to let go of the groups that were used lately, since this node stops: nobody else can own them while their leases
     * last. Returns for each the future of its next owner's ballot here.
     */
    List<CompletableFuture<Boolean>> leave(SortedMap<Integer, NodeRecord> nodes) {
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (Replica replica : replicas.all()) {
            Configuration present = replica.configuration();
            if (present != null && replica.canRead(0)) {
                CompletableFuture<Boolean> gone = new CompletableFuture<>();
                all.add(gone);
                replica.execute(() -> giveUp(replica, present, nodes, left -> awaitHeir(replica, left, gone)));
            }
        }
        return all;
    }

    private void awaitHeir(Replica replica, boolean left, CompletableFuture<Boolean> gone) {
        if (!left || replica.owner() != self || gone.isDone()) {
            gone.complete(left);
        } else {
            replica.later(HEIR_LOOK_MS, () -> awaitHeir(replica, true, gone));
        }
    }

    /** Lets the group go to a voter that may own it. On the loop of the group. */
    private void giveUp(
            Replica replica, Configuration present, SortedMap<Integer, NodeRecord> nodes, Consumer<Boolean> outcome) {
        SortedMap<Integer, Integer> active = new TreeMap<>();
        nodes.values().forEach(node -> {
            if (node.state() == NodeRecord.State.ACTIVE) {
                active.put(node.id(), node.zone());
            }
        });
        int heir = MembershipPlan.heir(
                present,
                new Wanted(active, present.fn(), present.fz()),
                new MembershipPlan.Situation(self, link::isConnected, node -> true));
        if (heir != 0) {
            replica.letGo(heir, outcome);
        } else {
            outcome.accept(false);
        }
    }

    /** A group that nobody owns, and whose members should change: the owner of group 0 takes it. */
    private void campaignForOrphan(Replica replica, Configuration present, Round round) {
        Replica system = replicas.find(Store.SYSTEM_GROUP);
        int owner = replica.owner();
        boolean orphan = owner == 0 || owner == self || !link.isConnected(owner);
        if (!orphan || !round.mayOwn() || system == null || !system.isReady() || !present.hasVoter(self)) {
            return;
        }
        long since = campaigns.computeIfAbsent(replica.group(), any -> replica.nowMs());
        replica.execute(() -> {
            if (replica.nowMs() - since > CAMPAIGN_MS_MAX) {
                campaigns.remove(replica.group());
                replica.stopCampaign();
            } else if (!replica.isReady()) {
                replica.campaign();
            }
        });
    }

    /** Refuses the removal of a node that would leave a group here without quorums or without a node in its regions. */
    void checkRemoval(NodeRecord gone, Collection<NodeRecord> nodes) {
        for (Replica replica : replicas.all()) {
            Configuration present = replica.configuration();
            if (present == null || !present.hasVoter(gone.id())) {
                continue;
            }
            String why = whyNot(present, gone, nodes);
            if (why != null) {
                throw io.atlasdb.proto.ErrorCode.MEMBERSHIP.error(
                        "without node " + gone.id() + " group " + replica.group() + " cannot go on: " + why);
            }
        }
    }

    private @Nullable String whyNot(Configuration present, NodeRecord gone, Collection<NodeRecord> nodes) {
        Set<Integer> leaving = new java.util.TreeSet<>();
        leaving.add(gone.id());
        nodes.forEach(node -> {
            if (node.state() == NodeRecord.State.REMOVED) {
                leaving.add(node.id());
            }
        });
        List<Configuration.Voter> stay = present.voters().stream()
                .filter(voter -> !leaving.contains(voter.node()))
                .toList();
        String why = MembershipPlan.whyNot(stay, present.fz());
        if (why != null) {
            return why;
        }
        Set<Integer> reachable = new java.util.TreeSet<>();
        present.voters().forEach(voter -> {
            if (voter.node() == self || link.isConnected(voter.node())) {
                reachable.add(voter.node());
            }
        });
        if (!present.isPhase1(reachable) || !present.isPhase2(reachable)) {
            return "of its voters only " + reachable + " can be reached, which decide nothing; start others first";
        }
        Configuration after = new Configuration(stay, present.fn(), present.fz());
        reachable.removeAll(leaving);
        return after.isPhase1(reachable) && after.isPhase2(reachable)
                ? null
                : "of those that stay only " + reachable + " can be reached, which decide nothing";
    }
}
