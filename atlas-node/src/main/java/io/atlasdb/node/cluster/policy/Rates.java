package io.atlasdb.node.cluster.policy;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Exponentially weighted operations per second of one group, by the zone of the client. */
final class Rates {
    /** Below this a rate is taken for none, operations per second. */
    private static final double LEAST = 1e-4;

    private final long halfLifeMs;
    private final SortedMap<Integer, double[]> perSecond = new TreeMap<>();
    private long updatedMs;

    Rates(long halfLifeMs, long nowMs) {
        this.halfLifeMs = halfLifeMs;
        this.updatedMs = nowMs;
    }

    /** Takes in what was counted up to now; calls within the same millisecond count for one. */
    void add(AccessCounts counts, long nowMs) {
        long elapsedMs = Math.max(1, nowMs - updatedMs);
        updatedMs = nowMs;
        double kept = Math.pow(2, -(double) elapsedMs / halfLifeMs);
        double scale = (1 - kept) * 1_000 / elapsedMs;
        perSecond.values().forEach(rate -> {
            rate[0] *= kept;
            rate[1] *= kept;
        });
        for (int zone = 0; zone < counts.reads().length; zone++) {
            if (counts.reads()[zone] + counts.writes()[zone] > 0) {
                double[] rate = perSecond.computeIfAbsent(zone, any -> new double[2]);
                rate[0] += counts.reads()[zone] * scale;
                rate[1] += counts.writes()[zone] * scale;
            }
        }
        perSecond.values().removeIf(rate -> rate[0] + rate[1] < LEAST);
    }

    /** Operations per second, reads and writes, by zone; only zones that have any. */
    SortedMap<Integer, Double> all() {
        SortedMap<Integer, Double> all = new TreeMap<>();
        perSecond.forEach((zone, rate) -> all.put(zone, rate[0] + rate[1]));
        return all;
    }

    boolean isQuiet() {
        return perSecond.isEmpty();
    }

    /**
     * What the operations would wait in each second if the owner were in a zone, milliseconds: each goes to the owner and back,
     * and writes wait for a phase-2 quorum of it. NaN when a round trip in it is not known.
     */
    double cost(int owner, RttMatrix rtts, double phase2Ms) {
        double cost = 0;
        for (Map.Entry<Integer, double[]> zone : perSecond.entrySet()) {
            double[] rate = zone.getValue();
            cost += (rate[0] + rate[1]) * rtts.ms(zone.getKey(), owner) + rate[1] * phase2Ms;
        }
        return cost;
    }
}
