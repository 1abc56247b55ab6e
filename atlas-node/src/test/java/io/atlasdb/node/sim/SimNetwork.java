package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Links between nodes: each may be cut in one direction, clogged for a time, lossy, slow; messages overtake each other. */
final class SimNetwork {
    private final World world;
    private final Set<Long> cut = new HashSet<>();
    private final Map<Long, Long> cloggedUntil = new HashMap<>();
    private final Set<Long> wakes = new HashSet<>();
    private int lossPerMille;
    private int duplicatePerMille;
    /** Whether members seldom learn what is chosen, but by the next entries. */
    private final boolean losesCommits;

    SimNetwork(World world, int lossPerMille) {
        this.world = world;
        this.lossPerMille = lossPerMille;
        this.duplicatePerMille = lossPerMille / 2;
        this.losesCommits = world.plan().theme() == Plan.Theme.DUELS;
    }

    private static long link(int from, int to) {
        return from * 1_000L + to;
    }

    void cut(int from, int to) {
        cut.add(link(from, to));
    }

    void clog(int from, int to, long micros) {
        cloggedUntil.merge(link(from, to), world.events().nowMicros() + micros, Math::max);
    }

    void heal() {
        cut.clear();
    }

    /** No more faults. */
    void calm() {
        heal();
        lossPerMille = 0;
        duplicatePerMille = 0;
    }

    boolean isCut(int from, int to) {
        return cut.contains(link(from, to));
    }

    /** Whether what is sent now does not arrive. */
    boolean loses(int from, int to) {
        return isCut(from, to) || world.chance().perMille(lossPerMille);
    }

    void send(SimNode from, int to, long group, Message message) {
        if (!from.isUp()) {
            return;
        }
        world.judge(group).sent(from, message);
        world.trace(() -> from.id + " -> " + to + " g" + group + " " + Show.message(message));
        if (losesCommits
                && !world.isCalm()
                && message instanceof Message.Commit
                && world.chance().percent(80)) {
            return;
        }
        if (loses(from.id, to)) {
            wakeLater(from.id, to);
            return;
        }
        deliver(from.id, to, group, message);
        if (world.chance().perMille(duplicatePerMille)) {
            deliver(from.id, to, group, message);
        }
    }

    /** Lets a message arrive some time. */
    void deliver(int from, int to, long group, Message message) {
        world.events().after(delayMicros(from, to), () -> {
            SimNode receiver = world.node(to);
            if (receiver.isUp()) {
                receiver.receive(from, group, message);
            } else {
                wakeLater(from, to);
            }
        });
    }

    long delayMicros(int from, int to) {
        boolean near = world.node(from).zone == world.node(to).zone;
        Chance chance = world.chance();
        long delay = near ? chance.micros(100, 900) : chance.micros(3_000, 9_000);
        if (chance.perMille(lossPerMille)) {
            delay += chance.micros(0, 200_000);
        }
        long clogged =
                cloggedUntil.getOrDefault(link(from, to), 0L) - world.events().nowMicros();
        return Math.max(delay, Math.max(0, clogged) + chance.micros(0, 500));
    }

    /** A lost message means a broken connection: once there is one again, both ends hear of it. */
    private void wakeLater(int from, int to) {
        if (wakes.add(link(from, to))) {
            world.events().after(world.chance().micros(50_000, 250_000), () -> {
                wakes.remove(link(from, to));
                SimNode sender = world.node(from);
                SimNode receiver = world.node(to);
                if (!sender.isUp() || sender.isGone() || receiver.isGone()) {
                    return;
                }
                if (isCut(from, to) || !receiver.isUp()) {
                    wakeLater(from, to);
                } else {
                    sender.replicas().wake(to);
                }
            });
        }
    }
}
