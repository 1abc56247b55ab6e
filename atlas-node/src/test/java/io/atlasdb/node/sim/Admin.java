package io.atlasdb.node.sim;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Changes the members of groups through their owners, and takes away disks as far as the configurations tolerate it. */
final class Admin {
    private final World world;
    /** Configurations that were proposed and may come into force, by group. */
    private final TreeMap<Long, List<Configuration>> proposed = new TreeMap<>();

    private int changes;
    private int departures;

    Admin(World world) {
        this.world = world;
    }

    int changes() {
        return changes;
    }

    void act() {
        long group = world.chance().between(1, world.plan().groups());
        for (SimNode node : world.nodes()) {
            Replica replica = node.isUp() ? node.replica(group) : null;
            if (replica != null && replica.isReady()) {
                replica.execute(() -> change(node, group, replica));
            }
        }
    }

    /** A node that left a group removes what it holds of it, once all who vote hold the change; as the cluster does. */
    void depart() {
        long group = world.chance().between(1, world.plan().groups());
        SimNode leaver = world.chance().of(world.nodes());
        Judge judge = world.judge(group);
        Configuration newest = judge.newest();
        Replica replica = leaver.isUp() ? leaver.replica(group) : null;
        if (replica == null || newest.hasMember(leaver.id) || replica.isDeparted() || judge.newestSlot() == 0) {
            return;
        }
        Position position = null;
        for (Configuration.Voter voter : newest.voters()) {
            SimNode node = world.node(voter.node());
            Replica other = node.isUp() ? node.replica(group) : null;
            if (other == null
                    || other.isInstalling()
                    || other.applied().slot() < judge.newestSlot()
                    || !node.holds(group, judge.newestSlot(), judge.newestHash())) {
                return;
            }
            position = position == null || other.applied().slot() > position.slot() ? other.applied() : position;
        }
        Position known = Objects.requireNonNull(position);
        leaver.replicas()
                .depart(group, known, newest)
                .thenAccept(done -> world.trace(() -> "node " + leaver.id + " leaves group " + group + ": " + done));
        departures++;
    }

    int departures() {
        return departures;
    }

    private void change(SimNode node, long group, Replica replica) {
        Configuration now = replica.configuration();
        if (world.isCalm() || !replica.isReady() || now == null) {
            return;
        }
        Configuration next = draw(now, replica);
        if (next != null && !next.equals(now) && isAlive(next)) {
            world.trace(() -> "group " + group + " is to have " + next);
            changes++;
            proposed.computeIfAbsent(group, any -> new ArrayList<>()).add(next);
            world.judge(group).assigned(replica.reconfigure(next));
            afterwards(node, group, replica);
        }
    }

    /** While the quorums change, reads are promised, and owners are cut off. */
    private void afterwards(SimNode node, long group, Replica replica) {
        Chance chance = world.chance();
        for (int reads = chance.between(0, 3); reads > 0; reads--) {
            long aheadMs = chance.between(0, (int) world.plan().settings().leaseMs());
            replica.later(chance.between(0, 4), () -> {
                long timestamp = HybridClock.of(node.clock.wallMs() + aheadMs);
                if (replica.isReady()) {
                    replica.confirm(timestamp, () -> world.judge(group).read(timestamp));
                }
            });
        }
        if (chance.percent(30)) {
            world.events().after(chance.micros(500, 30_000), () -> {
                if (!world.isCalm() && node.isUp()) {
                    world.nemesis().cutOff(node, group);
                }
            });
        }
    }

    private @Nullable Configuration draw(Configuration now, Replica replica) {
        Chance chance = world.chance();
        List<Configuration.Voter> voters = new ArrayList<>(now.voters());
        List<Configuration.Voter> learners = new ArrayList<>(now.learners());
        int fn = now.fn();
        int fz = now.fz();
        int what = chance.between(0, 9);
        if (!learners.isEmpty() && what < 6) {
            Configuration.Voter learner = learners.get(0);
            if (replica.match(learner.node()) < replica.applied().slot()) {
                return null;
            }
            learners.remove(learner);
            voters.add(learner);
            if (chance.percent(50)) {
                voters.remove(chance.of(voters));
            }
        } else if (what < 6) {
            List<Configuration.Voter> spare = new ArrayList<>(world.plan().nodes());
            spare.removeIf(
                    one -> now.hasMember(one.node()) || world.node(one.node()).isGone());
            if (spare.isEmpty()) {
                return null;
            }
            learners.add(chance.of(spare));
        } else if (what < 8) {
            voters.remove(chance.of(voters));
        } else if (what < 9) {
            // Quite other voters: whoever has all of the log may become one.
            List<Configuration.Voter> all = new ArrayList<>(voters);
            learners.removeIf(one -> {
                boolean holds = replica.match(one.node()) >= replica.applied().slot();
                return holds && all.add(one);
            });
            voters.clear();
            for (Configuration.Voter one : all) {
                (chance.percent(50) ? voters : learners).add(one);
            }
        } else {
            fn = chance.between(0, 2);
            fz = chance.between(0, 1);
        }
        try {
            return new Configuration(voters, learners, fn, fz);
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }

    /** Whether the nodes that still have their disks form both kinds of quorums. */
    private boolean isAlive(Configuration one) {
        Set<Integer> alive = new TreeSet<>();
        world.nodes().forEach(node -> {
            if (!node.isGone()) {
                alive.add(node.id);
            }
        });
        return Quorums.isPhase1(one, alive) && Quorums.isPhase2(one, alive);
    }

    /** Whether all groups live on without the disk of a node. */
    boolean canLose(SimNode lost) {
        for (long group = 1; group <= world.plan().groups(); group++) {
            Set<Integer> alive = alive(group, lost);
            Judge judge = world.judge(group);
            List<Configuration> all = new ArrayList<>(proposed.getOrDefault(group, List.of()));
            all.add(judge.newest());
            if (!all.stream().allMatch(one -> Quorums.isPhase1(one, alive) && Quorums.isPhase2(one, alive))
                    || !isHeldByPhase2(group, judge, lost)) {
                return false;
            }
        }
        return true;
    }

    /** The nodes that can speak for a group without one of them. One whose state is being replaced says nothing: it counts as failed. */
    private Set<Integer> alive(long group, SimNode without) {
        Set<Integer> alive = new TreeSet<>();
        for (SimNode node : world.nodes()) {
            Replica replica = node.isUp() ? node.replica(group) : null;
            boolean silent = node.machine.installing().contains(group) || (replica != null && replica.isInstalling());
            if (!node.isGone() && node != without && !silent) {
                alive.add(node.id);
            }
        }
        return alive;
    }

    private boolean isHeldByPhase2(long group, Judge judge, SimNode lost) {
        Set<Integer> holders = new TreeSet<>();
        for (SimNode node : world.nodes()) {
            if (node != lost && !node.isGone() && node.holds(group, judge.newestSlot(), judge.newestHash())) {
                holders.add(node.id);
            }
        }
        return Quorums.isPhase2(judge.newest(), holders);
    }
}
