package io.atlasdb.node.sim;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.replica.Ownership;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A node: its disk over all lives, and what runs of it in this life. */
final class SimNode {
    /** Written and never read. */
    private static final long FILLER_KEY = 9;

    final int id;
    final int zone;
    final SimClock clock;
    final SimJournal journal;
    final SimMachine machine;
    private final World world;

    private int life;
    private boolean up;
    private boolean paused;
    /** Its disk is lost, so it never comes back. */
    private boolean gone;

    private @Nullable SimDriver driver;
    private @Nullable Replicas replicas;
    private @Nullable SimLink link;
    private final Set<Long> listened = new TreeSet<>();

    SimNode(Configuration.Voter self, World world) {
        this.id = self.node();
        this.zone = self.zone();
        this.world = world;
        this.clock = new SimClock(world.events());
        this.journal = new SimJournal(world.events(), world.chance(), world::appended);
        this.machine = new SimMachine((group, state, snapshot) -> {
            world.judge(group).applied(this, state);
            if (snapshot) {
                world.countSnapshot();
            }
        });
    }

    int life() {
        return life;
    }

    boolean isUp() {
        return up;
    }

    boolean isGone() {
        return gone;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether it has, or had until it lost its disk, an entry durably. */
    boolean holds(long group, long slot, Hash hash) {
        return !machine.isDeparted(group)
                && (machine.durable(group).slot() >= slot || journal.held(group).holds(slot, hash));
    }

    void start() {
        life++;
        up = true;
        paused = false;
        listened.clear();
        SimDriver loop = new SimDriver(world.events(), world.chance(), clock);
        driver = loop;
        int mine = life;
        Replicas opened = Replicas.open(
                new Replicas.Options(
                        new Configuration.Voter(id, zone), world.plan().settings(), List.of(loop)),
                journal,
                version -> machine,
                store -> new SimApplier(machine, (group, entry, success) -> applied(mine, group, entry, success)),
                (to, group, message) -> world.network().send(this, to, group, message),
                new HybridClock(clock::wallMs));
        replicas = opened;
        SimLink talk = new SimLink(world, this, life);
        link = talk;
        opened.exchangeSnapshots(talk, disk(life), life * 1_000_000L);
        for (long group = 1; group <= world.plan().groups(); group++) {
            if (world.plan().genesis().hasMember(id)) {
                opened.make(group, world.plan().genesis());
            }
            listen(group);
        }
        for (Replica replica : opened.all()) {
            world.judge(replica.group()).restored(this, replica);
        }
        opened.start();
    }

    /** Runs what works on the store, a while later, in order. */
    private Executor disk(int inLife) {
        long[] freeMicros = {0};
        return task -> {
            long now = world.events().nowMicros();
            freeMicros[0] = Math.max(now, freeMicros[0]) + world.chance().micros(100, 5_000);
            world.events().after(freeMicros[0] - now, () -> {
                if (up && life == inLife) {
                    task.run();
                }
            });
        };
    }

    /** The link of this life; null when there is none. */
    @Nullable
    SimLink link() {
        return up ? link : null;
    }

    private void applied(int inLife, long group, Entry entry, boolean success) {
        if (up && inLife == life) {
            world.clients().forEach(client -> client.applied(this, group, entry, success));
        }
    }

    private void listen(long group) {
        Replica replica = replica(group);
        if (replica != null && listened.add(group)) {
            replica.execute(() -> replica.listen(new Ownership() {
                @Override
                public void gained() {
                    world.trace(() -> "node " + id + " owns group " + group);
                    world.judge(group).gained(SimNode.this, replica.applied().slot());
                    if (world.plan().theme() == Plan.Theme.DUELS && !world.isCalm()) {
                        replica.execute(() -> fill(replica));
                    }
                }

                @Override
                public void lost() {
                    world.trace(() -> "node " + id + " owns group " + group + " no more");
                }
            }));
        }
    }

    /** Proposes what nobody waits for, so that several entries are on their way. */
    void fill(Replica replica) {
        for (int more = world.chance().between(1, 5); more > 0 && replica.isReady(); more--) {
            byte[] payload = new Command(FILLER_KEY, world.events().done(), -1).encode();
            world.judge(replica.group())
                    .assigned(replica.propose(Entry.Kind.COMMAND, replica.nextTimestamp(), payload));
        }
    }

    @Nullable
    Replica replica(long group) {
        Replicas open = replicas;
        return open == null ? null : open.find(group);
    }

    Replicas replicas() {
        Replicas open = replicas;
        if (open == null) {
            throw new AssertionError("node " + id + " is down");
        }
        return open;
    }

    void receive(int from, long group, Message message) {
        Replica replica = replica(group);
        if (replica != null && replica.hasFailed()) {
            throw new Violation(
                    Invariant.ONE_VALUE, "group " + group + ": node " + id + " found that logs contradict each other");
        }
        replicas().receive(from, group, message);
        listen(group);
    }

    /** Crashes now, or after some tasks of its loop. */
    void crash(boolean later) {
        SimDriver loop = driver;
        if (later && loop != null && !paused) {
            loop.crashAfter(world.chance().between(0, 12), () -> crash(false));
        } else if (up && loop != null) {
            world.trace(() -> "node " + id + " crashes");
            up = false;
            loop.die();
            replicas = null;
            driver = null;
            journal.crash();
            machine.crash(world.chance().percent(30));
        }
    }

    /** A crash that was to come does not. */
    void crashNot() {
        SimDriver loop = driver;
        if (loop != null) {
            loop.crashAfter(-1, () -> {});
        }
    }

    void lose() {
        crash(false);
        gone = true;
    }

    void pause() {
        SimDriver loop = driver;
        if (up && loop != null) {
            world.trace(() -> "node " + id + " pauses");
            paused = true;
            loop.pause();
        }
    }

    void resume() {
        SimDriver loop = driver;
        if (paused && loop != null) {
            world.trace(() -> "node " + id + " goes on");
            loop.resume();
        }
        paused = false;
    }

    void clockChanged() {
        SimDriver loop = driver;
        if (loop != null) {
            loop.clockChanged();
        }
    }

    boolean ownsSomething() {
        Replicas open = replicas;
        return open != null && open.all().stream().anyMatch(Replica::isReady);
    }

    void checkpoint() {
        Replicas open = replicas;
        if (open != null) {
            open.checkpoint();
        }
    }
}
