package io.atlasdb.node.sim;

import io.atlasdb.node.replica.Replica;

/** Breaks things, one after the other, and mends most of them after a while. */
final class Nemesis {
    /** The last kind of fault. */
    private static final int LAST = 14;

    private final World world;
    private int faults;

    Nemesis(World world) {
        this.world = world;
    }

    int faults() {
        return faults;
    }

    void start() {
        for (SimNode node : world.nodes()) {
            clock(node);
        }
        later();
        housekeepLater();
    }

    private void later() {
        int every = world.plan().faultEveryMs() * 1_000;
        world.events().after(world.chance().micros(every / 4, every * 2L), () -> {
            if (!world.isCalm()) {
                act();
                later();
            }
        });
    }

    private void housekeepLater() {
        int most = world.plan().theme() == Plan.Theme.MEMBERS ? 50_000 : 300_000;
        world.events().after(world.chance().micros(5_000, most), () -> {
            world.chance().of(world.nodes()).checkpoint();
            if (!world.isCalm()) {
                world.admin().act();
                world.admin().depart();
                housekeepLater();
            }
        });
    }

    private void act() {
        faults++;
        Chance chance = world.chance();
        SimNode node = chance.of(world.nodes());
        switch (draw()) {
            case 0, 1, 2 -> crash(node);
            case 3 -> pause(node);
            case 4, 5 -> partition();
            case 6 -> isolate(node, chance.between(0, 2));
            case 7 -> world.network().clog(node.id, chance.of(world.nodes()).id, chance.micros(1_000, 600_000));
            case 8 -> slow(node);
            case 9 -> clock(node);
            case 10 -> pauseOwner();
            case 11 -> campaign(node);
            case 12 -> leaveSome();
            case 13 -> leaseAttack();
            default -> lose(node);
        }
    }

    private int draw() {
        Chance chance = world.chance();
        boolean special = chance.percent(70);
        return switch (world.plan().theme()) {
            case DUELS -> special ? chance.of(11, 11, 12, 12, 7) : chance.between(0, LAST);
            case LEASES -> special ? chance.of(0, 5, 6, 10, 11, 13, 13, 13) : chance.between(0, LAST);
            case MEMBERS -> special ? chance.of(11, 11, 12, 0, 13, 14) : chance.between(0, LAST);
            case MIXED -> chance.between(0, LAST);
        };
    }

    /** A node wants to own a group, whoever owns it. */
    private void campaign(SimNode node) {
        long group = world.chance().between(1, world.plan().groups());
        Replica replica = node.isUp() ? node.replica(group) : null;
        if (replica != null && node.isUp()) {
            replica.execute(replica::campaign);
        }
    }

    /** What an owner says reaches one node only, for a while; another wants to own the group then. */
    private void leaveSome() {
        SimNode owner = world.chance().of(world.nodes());
        for (SimNode node : world.nodes()) {
            owner = node.isUp() && node.ownsSomething() && world.chance().percent(60) ? node : owner;
        }
        SimNode friend = world.chance().of(world.nodes());
        SimNode cutOff = owner;
        world.trace(() -> "node " + cutOff.id + " reaches node " + friend.id + " only");
        for (SimNode other : world.nodes()) {
            if (other != cutOff && other != friend) {
                world.network().cut(cutOff.id, other.id);
            }
        }
        SimNode next = world.chance().of(world.nodes());
        world.events().after(world.chance().micros(1_000, 60_000), () -> campaign(next));
        world.events()
                .after(
                        world.chance().micros(1_000, 100_000),
                        () -> world.network().heal());
    }

    /** An owner told a client that it is done: a good moment to go, before others know. */
    void acknowledged(SimNode owner, long group) {
        Chance chance = world.chance();
        if (world.isCalm() || world.plan().theme() != Plan.Theme.DUELS || !chance.percent(30)) {
            return;
        }
        faults++;
        if (chance.percent(50)) {
            world.events().after(chance.micros(0, 300), () -> crash(owner));
        } else {
            isolate(owner, chance.between(0, 2));
        }
        claim(group);
    }

    /** Some other voter wants to own the group soon, and again. */
    private void claim(long group) {
        SimNode next = world.node(
                world.chance().of(world.judge(group).newest().voters()).node());
        for (int again = 0; again < 3; again++) {
            world.events().after(world.chance().micros(500, 20_000L << (2 * again)), () -> {
                Replica replica = next.isUp() ? next.replica(group) : null;
                if (replica != null && !world.isCalm()) {
                    replica.execute(replica::campaign);
                }
            });
        }
    }

    /** An owner with a lease is cut off, others may be restarted, and one of them wants to own the group. */
    private void leaseAttack() {
        for (long group = 1; group <= world.plan().groups(); group++) {
            for (SimNode node : world.nodes()) {
                Replica replica = node.isUp() ? node.replica(group) : null;
                if (replica != null && replica.isReady() && world.chance().percent(60)) {
                    cutOff(node, group);
                    return;
                }
            }
        }
    }

    /** The owner of a group is cut off, and somebody else wants to own the group. */
    void cutOff(SimNode owner, long group) {
        isolate(owner, 0);
        boolean restarts = world.chance().percent(50);
        for (SimNode other : world.nodes()) {
            if (restarts && other != owner && other.isUp() && world.chance().percent(70)) {
                other.crash(false);
                world.events().after(world.chance().micros(500, 8_000), () -> restart(other));
            }
        }
        claim(group);
    }

    private void crash(SimNode node) {
        if (node.isUp()) {
            node.crash(world.chance().percent(60));
            long most = world.chance().of(10_000, 400_000);
            world.events().after(world.chance().micros(2_000, most), () -> restart(node));
        }
    }

    private void restart(SimNode node) {
        node.crashNot();
        if (!node.isUp() && !node.isGone()) {
            world.trace(() -> "node " + node.id + " starts");
            node.start();
        }
    }

    private void pause(SimNode node) {
        if (node.isUp() && !node.isPaused()) {
            node.pause();
            world.events().after(world.chance().micros(5_000, 500_000), node::resume);
        }
    }

    private void pauseOwner() {
        for (SimNode node : world.nodes()) {
            if (node.isUp() && node.ownsSomething() && world.chance().percent(50)) {
                pause(node);
                return;
            }
        }
    }

    private void partition() {
        int side = world.chance().between(1, (1 << world.nodes().size()) - 2);
        world.trace(() -> "partition " + Integer.toBinaryString(side));
        for (SimNode a : world.nodes()) {
            for (SimNode b : world.nodes()) {
                if ((side >> (a.id - 1) & 1) != (side >> (b.id - 1) & 1)) {
                    world.network().cut(a.id, b.id);
                }
            }
        }
        healLater();
    }

    /** @param way 0 for both directions, 1 for what leaves, 2 for what comes */
    private void isolate(SimNode node, int way) {
        world.trace(() -> "node " + node.id + " is cut off, way " + way);
        for (SimNode other : world.nodes()) {
            if (other != node) {
                if (way != 1) {
                    world.network().cut(other.id, node.id);
                }
                if (way != 2) {
                    world.network().cut(node.id, other.id);
                }
            }
        }
        healLater();
    }

    private void healLater() {
        world.events().after(world.chance().micros(10_000, 700_000), () -> {
            world.trace(() -> "all links are whole");
            world.network().heal();
        });
    }

    private void slow(SimNode node) {
        node.journal.slowMicros = world.chance().micros(1_000, 80_000);
        world.events().after(world.chance().micros(10_000, 500_000), () -> node.journal.slowMicros = 0);
    }

    private void clock(SimNode node) {
        Chance chance = world.chance();
        if (world.plan().clocksInBound()) {
            node.clock.drift(0.9905 + 0.019 * chance.fraction());
        } else {
            node.clock.drift(0.5 + 1.5 * chance.fraction());
            if (chance.percent(30)) {
                node.clock.jump(chance.between(0, 2_000));
            }
        }
        node.clock.setWall(chance.between(-500, 500) + (chance.percent(5) ? 3_000 : 0));
        node.clockChanged();
    }

    private void lose(SimNode node) {
        if (world.chance().percent(30) && !node.isGone() && world.admin().canLose(node)) {
            world.trace(() -> "node " + node.id + " loses its disk");
            node.lose();
        }
    }

    /** Everything that was broken is mended. */
    void calm() {
        world.network().calm();
        for (SimNode node : world.nodes()) {
            node.journal.slowMicros = 0;
            node.clock.drift(1);
            node.clockChanged();
            node.resume();
            restart(node);
        }
    }
}
