package io.atlasdb.node.sim;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Replica;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Asks one thing after the other, of the owner as far as it knows, and makes a node campaign when none is found. A write that
 * was proposed is never asked again: its outcome may stay unknown.
 */
final class Client {
    private static final long PATIENCE_MICROS = 1_500_000;
    private static final int KEYS = 3;

    private final World world;
    private final int number;
    private long made;

    private @Nullable Operation operation;
    private long group;
    private int target;
    /** Counts attempts, so that late answers to earlier ones are known. */
    private long attempt;

    private @Nullable Entry proposed;
    private int proposedAt;
    private final Map<Long, Long> lastRead = new TreeMap<>();
    /** Groups in which a write and a read have succeeded since the faults stopped. */
    private final TreeSet<Long> written = new TreeSet<>();

    private final TreeSet<Long> read = new TreeSet<>();

    Client(World world, int number) {
        this.world = world;
        this.number = number;
        this.target = 1 + number % world.plan().members();
    }

    void start() {
        world.events().after(world.chance().micros(0, 20_000), this::next);
    }

    /** Whether everything that it wanted since the faults stopped was done. */
    boolean isContent() {
        int groups = world.plan().groups();
        return written.size() == groups && read.size() == groups;
    }

    @Override
    public String toString() {
        return "client " + number + " wrote " + written + " read " + read + " asks node " + target + " " + operation
                + (proposed == null ? "" : " proposed in slot " + proposed.slot());
    }

    private void next() {
        Chance chance = world.chance();
        group = chance.between(1, world.plan().groups());
        long key = chance.between(1, KEYS);
        Operation.Kind kind = chance.of(
                java.util.List.of(Operation.Kind.WRITE, Operation.Kind.READ, Operation.Kind.READ, Operation.Kind.SWAP));
        if (world.isCalm()) {
            group = 1;
            while (group <= world.plan().groups() && written.contains(group) && read.contains(group)) {
                group++;
            }
            if (group > world.plan().groups()) {
                group = chance.between(1, world.plan().groups()); // so that members that lag hear something
            }
            kind = written.contains(group) && chance.percent(70) ? Operation.Kind.READ : Operation.Kind.WRITE;
        }
        long value = number * 1_000_000L + ++made;
        long expected = kind == Operation.Kind.SWAP ? lastRead.getOrDefault(group * 100 + key, 0L) : -1;
        Operation one =
                new Operation(kind, group, key, value, expected, world.events().nowMicros());
        operation = one;
        proposed = null;
        world.record(one);
        world.events().after(PATIENCE_MICROS, () -> {
            if (operation == one) {
                giveUp(one);
            }
        });
        if (chance.percent(15)) {
            target = anyVoter();
        }
        attempt();
    }

    private int anyVoter() {
        return world.chance().of(world.judge(group).newest().voters()).node();
    }

    private void giveUp(Operation one) {
        one.refused = proposed == null && one.kind != Operation.Kind.READ;
        again();
    }

    private void again() {
        operation = null;
        attempt++;
        long pause = world.isCalm() && isContent() ? 500_000 : 15_000;
        world.events().after(world.chance().micros(500, pause), this::next);
    }

    private void retry(int at, long lowMicros, long highMicros) {
        target = at;
        long mine = ++attempt;
        Operation one = operation;
        world.events().after(world.chance().micros(lowMicros, highMicros), () -> {
            if (operation == one && mine == attempt) {
                attempt();
            }
        });
    }

    private void attempt() {
        Operation one = operation;
        if (one == null || proposed != null) {
            return;
        }
        SimNode node = world.node(target);
        Replica replica = node.isUp() ? node.replica(group) : null;
        if (replica == null) {
            retry(anyVoter(), 2_000, 60_000);
            return;
        }
        long mine = ++attempt;
        world.events()
                .after(
                        world.chance().micros(50, 500),
                        () -> replica.execute(() -> {
                            if (operation == one && mine == attempt && proposed == null) {
                                ask(node, replica, one);
                            }
                        }));
        world.events().after(400_000, () -> {
            if (operation == one && mine == attempt && proposed == null) {
                target = anyVoter();
                attempt();
            }
        });
    }

    private void ask(SimNode node, Replica replica, Operation one) {
        if (!replica.isReady()) {
            lookForOwner(node, replica);
        } else if (one.kind == Operation.Kind.READ) {
            read(node, replica, one);
        } else {
            proposedAt = node.id;
            Entry entry = replica.propose(
                    Entry.Kind.COMMAND,
                    replica.nextTimestamp(),
                    new Command(one.key, one.value, one.expected).encode());
            proposed = entry;
            world.judge(one.group).assigned(entry);
            if (world.chance().percent(40)) {
                node.fill(replica);
            }
            if (world.chance().percent(5)) {
                handOver(replica);
            }
        }
    }

    private void handOver(Replica replica) {
        int to = anyVoter();
        if (world.isCalm()) {
            return;
        }
        if (world.chance().percent(50)) {
            replica.letGo(to, gone -> world.trace(() -> "group " + group + " was let go for " + to + ": " + gone));
        } else if (replica.handOver(to)) {
            world.trace(() -> "group " + group + " is handed over to " + to);
        }
    }

    private void lookForOwner(SimNode node, Replica replica) {
        int owner = replica.owner();
        if (owner != 0 && owner != node.id && world.chance().percent(70)) {
            retry(owner, 300, 10_000);
            return;
        }
        if (world.chance().percent(5)) {
            replica.stopCampaign();
        }
        if (!replica.isCampaigning()) {
            replica.campaign();
        }
        retry(world.chance().percent(80) ? node.id : anyVoter(), 5_000, 120_000);
    }

    private void read(SimNode node, Replica replica, Operation one) {
        long timestamp = world.chance().percent(50)
                ? HybridClock.of(node.clock.wallMs())
                : replica.applied().timestamp();
        replica.confirm(timestamp, () -> {
            world.judge(one.group).read(timestamp);
            if (world.chance().percent(30) && operation == one) {
                readElsewhere(replica.applied().slot(), one);
            } else {
                found(node, one);
            }
        });
        if (world.chance().percent(5)) {
            handOver(replica);
        }
    }

    /** At another node, once it has applied what the owner had. */
    private void readElsewhere(long slot, Operation one) {
        SimNode other = world.node(anyVoter());
        world.events().after(world.chance().micros(100, 9_000), () -> {
            Replica replica = other.isUp() ? other.replica(one.group) : null;
            if (replica != null) {
                replica.execute(() -> replica.whenApplied(slot, () -> found(other, one)));
            }
        });
    }

    private void found(SimNode node, Operation one) {
        if (operation == one) {
            long value = node.machine.register(one.group, one.key);
            lastRead.put(one.group * 100 + one.key, value);
            done(one, value);
        }
    }

    private void done(Operation one, long result) {
        one.end(world.events().nowMicros(), result);
        world.trace(() -> "client " + number + ": " + one);
        if (world.isCalm()) {
            (one.kind == Operation.Kind.READ ? read : written).add(one.group);
        }
        again();
    }

    /** A node has applied an entry, perhaps in the slot of what was proposed there. */
    void applied(SimNode node, long inGroup, Entry entry, boolean success) {
        Entry mine = proposed;
        Operation one = operation;
        if (one == null
                || mine == null
                || one.group != inGroup
                || node.id != proposedAt
                || entry.slot() != mine.slot()) {
            return;
        }
        if (entry.hash().equals(mine.hash())) {
            world.judge(inGroup).acknowledged(entry.slot());
            world.nemesis().acknowledged(node, inGroup);
            done(one, success ? 1 : 0);
        } else {
            one.refused = true;
            again();
        }
    }
}
