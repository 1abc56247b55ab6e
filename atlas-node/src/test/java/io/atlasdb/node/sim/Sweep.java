package io.atlasdb.node.sim;

import java.util.Locale;

/** Runs the simulation with one seed after the other. */
final class Sweep {
    private Sweep() {}

    /**
     * {@code -Datlas.seed=} runs that one only, {@code -Datlas.seeds=} and {@code -Datlas.steps=} change the budget, {@code
     * -Datlas.seedFrom=} begins elsewhere.
     */
    static void run(int seeds, int steps) {
        int stepsEach = Integer.getInteger("atlas.steps", steps);
        Long only = Long.getLong("atlas.seed");
        if (only != null) {
            System.out.println(one(only, stepsEach));
            return;
        }
        long from = Long.getLong("atlas.seedFrom", 0);
        long to = from + Long.getLong("atlas.seeds", seeds);
        long startNanos = System.nanoTime();
        long events = 0;
        long operations = 0;
        for (long seed = from; seed < to; seed++) {
            World.Summary summary = one(seed, stepsEach);
            events += summary.events();
            operations += summary.operations();
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "simulation: %d seeds of %d steps and more, %d steps, %d requests, %.0f steps/s%n",
                to - from,
                stepsEach,
                events,
                operations,
                events / seconds);
    }

    /** Runs one seed; when it fails it is run again to tell how. */
    static World.Summary one(long seed, int steps) {
        try {
            return new World(seed, new Spoiled(), false).run(steps);
        } catch (RuntimeException | AssertionError failure) {
            World again = new World(seed, new Spoiled(), true);
            try {
                again.run(steps);
            } catch (RuntimeException | AssertionError same) {
                throw new AssertionError(
                        "fails with -Datlas.seed=" + seed + " -Datlas.steps=" + steps + ": " + same.getMessage() + "\n"
                                + again.trace(),
                        same);
            }
            throw new AssertionError("seed " + seed + " failed only once", failure);
        }
    }
}
