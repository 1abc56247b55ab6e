package io.atlasdb.node;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs a property under many seeds; a failure names its seed.
 *
 * <p>{@code -Datlas.seed=42} runs that one only, {@code -Datlas.seeds=100000} runs so many.
 */
public final class Seeds {
    private static final String ALGORITHM = "L64X128MixRandom";

    private Seeds() {}

    /** What must hold for every seed. */
    @FunctionalInterface
    public interface Property {
        void check(RandomGenerator random) throws Exception;
    }

    /** Checks the property under that many seeds, unless the command line says otherwise. */
    public static void forAll(int seeds, Property property) {
        Long only = Long.getLong("atlas.seed");
        if (only != null) {
            check(only, property);
            return;
        }
        long count = Long.getLong("atlas.seeds", seeds);
        for (long seed = 0; seed < count; seed++) {
            check(seed, property);
        }
    }

    private static void check(long seed, Property property) {
        try {
            property.check(RandomGeneratorFactory.of(ALGORITHM).create(seed));
        } catch (Exception | AssertionError failure) {
            throw new AssertionError("fails with -Datlas.seed=" + seed + ": " + failure.getMessage(), failure);
        }
    }
}
