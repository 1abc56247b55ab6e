package io.atlasdb.node.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every defect of the lists is found within a fixed number of seeds. {@code -Datlas.mutant=words} tries those only whose names
 * have the words; the table is printed.
 */
class MutationTest {
    /** Within so many seeds of so many steps, by simulation. */
    private static final Map<String, int[]> BUDGETS =
            Map.of("consensus", new int[] {1_000, 2_000}, "transactions", new int[] {60, 20_000});

    /** What became of a mutant; {@code found} is null when no seed failed. */
    private record Result(Mutant mutant, @Nullable String found) {
        String row() {
            if (!mutant.absent().isEmpty()) {
                return "| " + mutant.name() + " | | " + mutant.absent() + " |";
            }
            String[] parts = Objects.requireNonNullElse(found, "|not found|").split("\\|", 3);
            return "| " + mutant.name() + " | " + parts[0] + " | " + parts[1] + " |";
        }
    }

    @Test
    void everyDefectOfTheListsIsFound() throws Exception {
        List<Mutant> mutants = new ArrayList<>(read("consensus"));
        mutants.addAll(read("transactions"));
        String wanted = System.getProperty("atlas.mutant", "");
        mutants.removeIf(one -> !one.name().contains(wanted));
        long startNanos = System.nanoTime();
        List<Result> results = tryAll(mutants);
        StringBuilder table = new StringBuilder("| Defect | Seeds | Found by |\n|---|---|---|\n");
        results.forEach(one -> table.append(one.row()).append('\n'));
        System.out.print(table);
        System.out.printf(
                Locale.ROOT, "mutants: %d in %.0f s%n", results.size(), (System.nanoTime() - startNanos) / 1e9);
        if (!wanted.isEmpty()) {
            results.forEach(one -> System.out.println(one.found()));
        }
        assertThat(results)
                .filteredOn(one -> one.mutant().absent().isEmpty() && one.found() == null)
                .as("defects that were not found")
                .isEmpty();
    }

    private static List<Result> tryAll(List<Mutant> mutants) throws Exception {
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.min(2, Runtime.getRuntime().availableProcessors()));
        try {
            List<Future<Result>> running = new ArrayList<>();
            mutants.forEach(one -> running.add(pool.submit(() -> tryOne(one))));
            List<Result> results = new ArrayList<>();
            for (Future<Result> one : running) {
                results.add(one.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Result tryOne(Mutant mutant) {
        if (!mutant.absent().isEmpty()) {
            return new Result(mutant, null);
        }
        PatchedLoader loader = new PatchedLoader(mutant.sources(PatchedLoader::read));
        int[] budget = Objects.requireNonNull(BUDGETS.get(mutant.simulation()), mutant.simulation());
        Object found = loader.call(
                "io.atlasdb.node.sim.Simulations",
                "failure",
                new Class<?>[] {String.class, int.class, int.class},
                mutant.simulation().toUpperCase(Locale.ROOT),
                budget[0],
                budget[1]);
        return new Result(mutant, (String) found);
    }

    private static List<Mutant> read(String simulation) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(MutationTest.class.getResourceAsStream(simulation + ".txt"), simulation),
                StandardCharsets.UTF_8))) {
            return Mutant.parse(simulation, lines.lines().toList());
        }
    }
}
