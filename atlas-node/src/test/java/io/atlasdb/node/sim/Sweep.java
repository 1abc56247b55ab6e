package io.atlasdb.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Runs a simulation with one seed after the other, on as many threads as there are processors, two at the most. */
final class Sweep {
    private static final int THREADS_MAX = 2;

    /** What is simulated. */
    private final String name;

    private final int steps;
    private final Simulation simulation;

    /** Makes a run of a seed. */
    @FunctionalInterface
    interface Simulation {
        Run run(long seed, boolean tracing);
    }

    /** One run. */
    interface Run {
        /** Runs so many steps with faults, and as many as are needed without. */
        Summary run(int steps);

        /** The last lines of the trace. */
        String trace();
    }

    /** What a run came to. */
    record Summary(long events, long operations, int faults, String more) {}

    Sweep(String name, int steps, Simulation simulation) {
        this.name = name;
        this.steps = Integer.getInteger("atlas.steps", steps);
        this.simulation = simulation;
    }

    /**
     * {@code -Datlas.seed=} runs that one only, {@code -Datlas.seeds=} and {@code -Datlas.steps=} change the budget, {@code
     * -Datlas.seedFrom=} begins elsewhere.
     */
    void run(int seeds) {
        Long only = Long.getLong("atlas.seed");
        if (only != null) {
            System.out.println(one(only));
            return;
        }
        long from = Long.getLong("atlas.seedFrom", 0);
        long to = from + Long.getLong("atlas.seeds", seeds);
        long startNanos = System.nanoTime();
        LongAdder events = new LongAdder();
        LongAdder operations = new LongAdder();
        each(from, to, seed -> {
            Summary summary = one(seed);
            events.add(summary.events());
            operations.add(summary.operations());
            return null;
        });
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "simulation of %s: %d seeds of %d steps and more, %d steps, %d requests, %.0f steps/s%n",
                name,
                to - from,
                steps,
                events.sum(),
                operations.sum(),
                events.sum() / seconds);
    }

    private static void each(long from, long to, LongFunction<@Nullable Void> work) {
        int threads = Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
        AtomicLong next = new AtomicLong(from);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    for (long seed = next.getAndIncrement(); seed < to; seed = next.getAndIncrement()) {
                        try {
                            work.apply(seed);
                        } catch (AssertionError failure) {
                            next.set(to);
                            throw failure;
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Runs one seed; when it fails it is run again to tell how. */
    Summary one(long seed) {
        try {
            return simulation.run(seed, false).run(steps);
        } catch (RuntimeException | AssertionError failure) {
            Run again = simulation.run(seed, true);
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

    /** Runs seeds from 0 on until one fails: how many that took and what was violated; null when none fails. */
    @Nullable
    String failure(int seeds) {
        for (long seed = 0; seed < seeds; seed++) {
            try {
                simulation.run(seed, false).run(steps);
            } catch (Violation violation) {
                return seed + 1 + "|" + violation.invariant() + "|" + violation.getMessage();
            } catch (RuntimeException | AssertionError thrown) {
                return seed + 1 + "|the code itself stops|" + thrown;
            }
        }
        return null;
    }
}
