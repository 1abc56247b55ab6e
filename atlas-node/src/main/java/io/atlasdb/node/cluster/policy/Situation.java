package io.atlasdb.node.cluster.policy;

import io.atlasdb.node.consensus.Configuration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * What a decision about one group rests on.
 *
 * @param atMs the moment, milliseconds since 1970
 * @param self the owner: this node
 * @param reachable whether a node can be reached, as far as this one knows
 * @param regionOf the region of a zone, for reasons; for unknown zones some text
 */
record Situation(
        long group,
        long atMs,
        Configuration.Voter self,
        Configuration configuration,
        OwnerPolicy policy,
        RttMatrix rtts,
        IntPredicate reachable,
        IntFunction<String> regionOf) {

    /** A voter of the zone that can be reached, 0 for none; groups are spread over those of a zone. */
    int voterIn(int zone) {
        List<Configuration.Voter> voters = configuration.voters().stream()
                .filter(voter -> voter.zone() == zone && reachable.test(voter.node()))
                .toList();
        return voters.isEmpty()
                ? 0
                : voters.get((int) Math.floorMod(group, (long) voters.size())).node();
    }

    /** The zone of a region among those of the voters; -1 for none. */
    int zoneOf(String region) {
        for (int zone : configuration.sizes().keySet()) {
            if (regionOf.apply(zone).equalsIgnoreCase(region)) {
                return zone;
            }
        }
        return -1;
    }

    Decision move(int node, int zone, String reason, double gain) {
        return new Decision(atMs, group, self.node(), self.zone(), node, zone, true, reason, gain);
    }

    Decision refuse(int node, int zone, String reason, double gain) {
        return new Decision(atMs, group, self.node(), self.zone(), node, zone, false, reason, gain);
    }
}
