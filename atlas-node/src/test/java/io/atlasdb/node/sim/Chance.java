package io.atlasdb.node.sim;

import java.util.List;
import java.util.SplittableRandom;

/** All chance of a run, from its seed. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
    }

    boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    boolean perMille(int perMille) {
        return random.nextInt(1000) < perMille;
    }

    /** From {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    long micros(long low, long high) {
        return random.nextLong(low, high + 1);
    }

    double fraction() {
        return random.nextDouble();
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    int of(int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
