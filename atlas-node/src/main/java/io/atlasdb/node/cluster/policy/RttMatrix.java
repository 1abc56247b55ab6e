package io.atlasdb.node.cluster.policy;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Round trips between zones, milliseconds. What was not measured is {@link Double#NaN}. Immutable. */
public final class RttMatrix {
    /** What a round trip inside a zone counts for while it was not measured, milliseconds. */
    private static final double INSIDE_MS = 0.4;

    private final SortedMap<Integer, SortedMap<Integer, Double>> rows = new TreeMap<>();

    /**
     * From measured pairs; a pair that was measured in one direction only counts for both.
     *
     * @param ms round trips of 0 ms or more, by the zone they start from and the zone they end in
     */
    public RttMatrix(Map<Integer, ? extends Map<Integer, Double>> ms) {
        ms.forEach((from, row) -> row.forEach((to, value) -> {
            if (value >= 0) {
                put(from, to, value);
            }
        }));
        ms.forEach((from, row) -> row.forEach((to, value) -> {
            if (value >= 0 && Double.isNaN(ms(to, from))) {
                put(to, from, value);
            }
        }));
    }

    private void put(int from, int to, double value) {
        rows.computeIfAbsent(from, any -> new TreeMap<>()).put(to, value);
    }

    /** The round trip between two zones, milliseconds; NaN when it is not known. */
    public double ms(int from, int to) {
        SortedMap<Integer, Double> row = rows.get(from);
        Double value = row == null ? null : row.get(to);
        return value != null ? value : from == to ? INSIDE_MS : Double.NaN;
    }
}
