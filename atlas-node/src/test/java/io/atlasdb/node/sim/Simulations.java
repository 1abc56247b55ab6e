package io.atlasdb.node.sim;

import org.jspecify.annotations.Nullable;

/** What is simulated. */
public enum Simulations {
    /** Consensus and replicas over registers: everything that happens to a group is judged at every step. */
    CONSENSUS(World::new),
    /** The real {@code kv} over several groups: histories of transactions are judged in the end. */
    TRANSACTIONS(KvWorld::new);

    private final Sweep.Simulation simulation;

    Simulations(Sweep.Simulation simulation) {
        this.simulation = simulation;
    }

    Sweep sweep(int steps) {
        return new Sweep(name().toLowerCase(java.util.Locale.ROOT), steps, simulation);
    }

    /**
     * Runs seeds from 0 on until one fails. For callers from another class loader, hence only texts.
     *
     * @return how many seeds that took, what was violated and how, between bars; null when none fails
     */
    public static @Nullable String failure(String simulation, int seeds, int steps) {
        return valueOf(simulation).sweep(steps).failure(seeds);
    }
}
