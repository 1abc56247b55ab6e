package io.atlasdb.node.bench;

import java.util.List;
import java.util.Locale;

/**
 * The values of several rounds: their median, and how far they lie apart.
 *
 * @param sorted ascending
 */
record Spread(List<Double> sorted) {
    Spread {
        sorted = sorted.stream().sorted().toList();
    }

    /** Half of them are below and half above; 0 when there are none. */
    double median() {
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return 0;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * The median with the least and the greatest behind it; a dash when there are none.
     *
     * @param format of one number
     */
    String text(String format) {
        return sorted.isEmpty()
                ? "–"
                : String.format(
                        Locale.ROOT,
                        format + " (" + format + "–" + format + ")",
                        median(),
                        sorted.get(0),
                        sorted.get(sorted.size() - 1));
    }

    /** The values of one system over those of another, round by round. */
    static Spread ratios(List<Double> ours, List<Double> theirs) {
        return new Spread(java.util.stream.IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToObj(i -> ours.get(i) / theirs.get(i))
                .toList());
    }
}
