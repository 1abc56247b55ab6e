package io.atlasdb.node.sim;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.kv.KvStore;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.node.storage.InMemoryStateMachine;
import io.atlasdb.sql.store.Store;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A node that serves transactions: its disk over all lives, and what runs of it in this life. Its store loses nothing. */
final class KvNode {
    private static final long TICK_MICROS = 200_000;

    final int id;
    final SimClock clock;
    final SimJournal journal;
    private final InMemoryStateMachine machine = new InMemoryStateMachine();
    private final Configuration.Voter self;
    private final KvWorld world;
    private int life;
    private boolean paused;
    private @Nullable Life running;

    private record Life(SimDriver driver, KvWire wire, KvStore store, Replicas replicas) {}

    KvNode(Configuration.Voter self, KvWorld world) {
        this.id = self.node();
        this.self = self;
        this.world = world;
        this.clock = new SimClock(world.events());
        this.journal = new SimJournal(world.events(), world.chance(), record -> {});
    }

    boolean isUp() {
        return running != null;
    }

    boolean isPaused() {
        return paused;
    }

    int life() {
        return life;
    }

    private Life running() {
        Life now = running;
        if (now == null) {
            throw new AssertionError("node " + id + " is down");
        }
        return now;
    }

    KvStore store() {
        return running().store();
    }

    Replicas replicas() {
        return running().replicas();
    }

    StateMachine machine() {
        return machine;
    }

    /** The links of this life; null while it is down. */
    @Nullable
    KvWire wire() {
        Life now = running;
        return now == null ? null : now.wire();
    }

    void start() {
        life++;
        int mine = life;
        paused = false;
        SimDriver driver = new SimDriver(world.events(), world.chance(), clock);
        KvWire wire = new KvWire(world, this, mine);
        HybridClock hybrid = new HybridClock(clock::wallMs);
        KvStore store = new KvStore(
                id,
                hybrid,
                wire,
                placement -> world.members(),
                new SplittableRandom(world.chance().micros(0, Long.MAX_VALUE - 1)));
        Replicas replicas = Replicas.open(
                new Replicas.Options(self, world.settings(), List.of(driver)),
                journal,
                version -> machine,
                store::applier,
                wire,
                hybrid);
        replicas.exchangeSnapshots(
                wire,
                task -> world.events().after(world.chance().micros(100, 3_000), () -> {
                    if (life == mine && running != null) {
                        task.run();
                    }
                }),
                mine * 1_000_000L);
        replicas.make(Store.SYSTEM_GROUP, world.members());
        running = new Life(driver, wire, store, replicas);
        replicas.start();
        store.open(replicas);
        tickLater(mine);
    }

    private void tickLater(int inLife) {
        world.events().after(TICK_MICROS, () -> {
            Life now = running;
            if (life == inLife && now != null) {
                now.store().tick();
                if (world.chance().percent(10)) {
                    now.replicas().checkpoint();
                }
                tickLater(inLife);
            }
        });
    }

    void crash() {
        Life now = running;
        if (now != null) {
            now.driver().die();
            running = null;
            journal.crash();
        }
    }

    void pause(boolean stop) {
        Life now = running;
        if (now != null && paused != stop) {
            paused = stop;
            if (stop) {
                now.driver().pause();
            } else {
                now.driver().resume();
            }
        }
    }
}
