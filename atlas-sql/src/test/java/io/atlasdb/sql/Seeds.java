package io.atlasdb.sql;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs a property under many seeds; a failure names the seed.
 *
 * <p>{@code -Datlas.seed=42} repeats exactly one run; {@code -Datlas.seeds=100000} runs longer.
 */
public final class Seeds {
    private Seeds() {}

    public static void forAll(Consumer<RandomGenerator> property) {
        Long only = Long.getLong("atlas.seed");
        long first = only != null ? only : 0;
        long count = only != null ? 1 : Long.getLong("atlas.seeds", 1_000L);
        for (long seed = first; seed < first + count; seed++) {
            try {
                property.accept(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
            } catch (Throwable failure) {
                throw new AssertionError("failed with -Datlas.seed=" + seed, failure);
            }
        }
    }
}
