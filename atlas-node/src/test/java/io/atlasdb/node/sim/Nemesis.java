package io.atlasdb.node.sim;

/** Breaks things, one after the other, and mends most of them after a while. */
final class Nemesis {
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
        world.events().after(world.chance().micros(20_000, 300_000), () -> {
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
        switch (chance.between(0, 11)) {
            case 0, 1, 2 -> crash(node);
            case 3 -> pause(node);
            case 4, 5 -> partition();
            case 6 -> isolate(node, chance.between(0, 2));
            case 7 -> world.network().clog(node.id, chance.of(world.nodes()).id, chance.micros(1_000, 600_000));
            case 8 -> slow(node);
            case 9 -> clock(node);
            case 10 -> pauseOwner();
            default -> lose(node);
        }
    }

    private void crash(SimNode node) {
        if (node.isUp()) {
            node.crash(world.chance().percent(60));
            world.events().after(world.chance().micros(5_000, 400_000), () -> restart(node));
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
