package io.atlasdb.node.cluster.policy;

import io.atlasdb.node.consensus.Configuration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * How long the phases of the protocol take at an owner in a zone, by the grid quorums of a configuration: as many zones as the
 * phase needs, the nearest first, and the round trip to the farthest of these.
 */
public final class QuorumCosts {
    private final Configuration configuration;
    private final SortedMap<Integer, Integer> sizes;
    private final RttMatrix rtts;

    public QuorumCosts(Configuration configuration, RttMatrix rtts) {
        this.configuration = configuration;
        this.sizes = configuration.sizes();
        this.rtts = rtts;
    }

    /** A round trip to the cheapest phase-1 quorum of an owner in the zone, milliseconds; NaN when too few are known. */
    public double phase1Ms(int zone) {
        return quorumMs(zone, sizes.size() - configuration.fz(), true);
    }

    /** A round trip to the cheapest phase-2 quorum of an owner in the zone, milliseconds; NaN when too few are known. */
    public double phase2Ms(int zone) {
        return quorumMs(zone, configuration.fz() + 1, false);
    }

    private double quorumMs(int owner, int zonesNeeded, boolean phase1) {
        List<Double> costs = new ArrayList<>();
        for (Map.Entry<Integer, Integer> zone : sizes.entrySet()) {
            double ms = zone.getKey() == owner && votersNeeded(zone.getValue(), phase1) == 1
                    ? 0
                    : rtts.ms(owner, zone.getKey());
            if (!Double.isNaN(ms)) {
                costs.add(ms);
            }
        }
        Collections.sort(costs);
        return costs.size() < zonesNeeded ? Double.NaN : costs.get(zonesNeeded - 1);
    }

    /** Of the voters of a zone, the owner itself among them. */
    private int votersNeeded(int size, boolean phase1) {
        int failures = Math.min(configuration.fn(), (size - 1) / 2);
        return phase1 ? failures + 1 : size - failures;
    }
}
