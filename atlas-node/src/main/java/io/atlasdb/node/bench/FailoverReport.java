package io.atlasdb.node.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What clients saw around one moment, in which something broke. */
final class FailoverReport {
    private static final long STEP_MS = 250;
    private static final int MESSAGES_MAX = 8;

    private final List<FailoverLoad.Outcome> outcomes;
    private final long zeroNanos;

    /**
     * Takes what clients saw.
     *
     * @param outcomes at the nodes that are looked at
     * @param zeroNanos when it broke, by {@link System#nanoTime}
     */
    FailoverReport(List<FailoverLoad.Outcome> outcomes, long zeroNanos) {
        this.outcomes = outcomes;
        this.zeroNanos = zeroNanos;
    }

    /** Prints acknowledged writes and errors in steps of {@value #STEP_MS} ms; steps without change are left out. */
    void timeline(PrintStream out, long beforeMs, long afterMs) {
        int steps = (int) ((beforeMs + afterMs) / STEP_MS);
        int[] acknowledged = new int[steps];
        int[] errors = new int[steps];
        for (FailoverLoad.Outcome outcome : outcomes) {
            long step = Math.floorDiv(millis(outcome.endNanos()) + beforeMs, STEP_MS);
            if (step >= 0 && step < steps) {
                (outcome.acknowledged() ? acknowledged : errors)[(int) step]++;
            }
        }
        out.println("    from ms  acknowledged  errors");
        for (int i = 0; i < steps; i++) {
            out.printf(Locale.ROOT, "    %7d  %12d  %6d%n", i * STEP_MS - beforeMs, acknowledged[i], errors[i]);
        }
    }

    /** Each error with the node, how often it came and how long the first took. */
    void messages(PrintStream out) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Double> seconds = new TreeMap<>();
        for (FailoverLoad.Outcome outcome : outcomes) {
            if (!outcome.acknowledged()) {
                String text = "node " + outcome.node() + ": " + outcome.error();
                counts.merge(text, 1, Integer::sum);
                seconds.putIfAbsent(text, (outcome.endNanos() - outcome.beginNanos()) / 1e9);
            }
        }
        counts.entrySet().stream()
                .limit(MESSAGES_MAX)
                .forEach(one -> out.printf(
                        Locale.ROOT,
                        "    %d x after %.2f s, %s%n",
                        one.getValue(),
                        seconds.getOrDefault(one.getKey(), 0.0),
                        one.getKey()));
    }

    /** Seconds until a node acknowledged a write that was sent after the break; empty when it did not. */
    OptionalDouble secondsToFirstWrite(int node) {
        return outcomes.stream()
                .filter(one -> one.node() == node && one.acknowledged() && one.beginNanos() - zeroNanos >= 0)
                .mapToDouble(one -> (one.endNanos() - zeroNanos) / 1e9)
                .min();
    }

    /** The longest time without an acknowledged write at any of the nodes, in seconds, from the last one before the break. */
    double longestPauseSeconds() {
        long[] times = outcomes.stream()
                .filter(FailoverLoad.Outcome::acknowledged)
                .mapToLong(FailoverLoad.Outcome::endNanos)
                .map(nanos -> nanos - zeroNanos)
                .sorted()
                .toArray();
        long longest = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] >= 0) {
                longest = Math.max(longest, times[i] - times[i - 1]);
            }
        }
        return longest / 1e9;
    }

    private long millis(long nanos) {
        return Math.floorDiv(nanos - zeroNanos, TimeUnit.MILLISECONDS.toNanos(1));
    }
}
