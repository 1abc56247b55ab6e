package io.atlasdb.node.cluster.policy;

import java.util.Locale;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What an owner knows of the use of one group, and what it makes of it. One thread. */
final class GroupTracker {
    private static final int NOWHERE = -1;
    /** For so long a group that is being let go is not decided about again, milliseconds. */
    private static final long LEAVING_MS = 5_000;

    private final PolicySettings settings;
    private final Rates rates;
    private final long ownedSinceMs;
    /** 1, doubled each time the group came back soon after it was let go. */
    private final double residenceScale;

    private int wishedZone = NOWHERE;
    private long wishedSinceMs;
    private long wishedOperations;
    private String lastRefusal = "";
    private long leavingUntilMs = Long.MIN_VALUE;

    /**
     * @param nowMs when this node was first seen as the owner
     * @param residenceScale by how much it stays longer than the cost of a move asks
     */
    GroupTracker(PolicySettings settings, long nowMs, double residenceScale) {
        this.settings = settings;
        this.rates = new Rates(settings.halfLifeMs(), nowMs);
        this.ownedSinceMs = nowMs;
        this.residenceScale = residenceScale;
    }

    double residenceScale() {
        return residenceScale;
    }

    SortedMap<Integer, Double> rates() {
        return rates.all();
    }

    boolean isQuiet() {
        return rates.isQuiet();
    }

    /**
     * Takes in the operations since the last call and decides.
     *
     * @param nowMs never goes back; milliseconds
     * @return a move, or a refusal that was not told before; null when all is well
     */
    @Nullable
    Decision decide(Situation situation, AccessCounts counts, long nowMs) {
        rates.add(counts, nowMs);
        if (nowMs < leavingUntilMs) {
            return null;
        }
        Decision decision = switch (situation.policy().kind()) {
            case PIN -> pinned(situation);
            case IMMEDIATE -> immediate(situation, counts);
            case FOLLOW -> follow(situation, counts, nowMs);
        };
        if (decision == null) {
            lastRefusal = "";
            return null;
        }
        if (decision.moved()) {
            leavingUntilMs = nowMs + LEAVING_MS;
            return decision;
        }
        String told = decision.toZone() + decision.reason();
        if (told.equals(lastRefusal)) {
            return null;
        }
        lastRefusal = told;
        return decision;
    }

    private static @Nullable Decision pinned(Situation situation) {
        String region = situation.policy().region();
        int zone = situation.zoneOf(region);
        if (zone == situation.self().zone()) {
            return null;
        }
        if (zone < 0) {
            return situation.refuse(0, NOWHERE, "pinned to " + region + ", where the group has no voter", 0);
        }
        int node = situation.voterIn(zone);
        return node == 0 ? unreachable(situation, zone, 0) : situation.move(node, zone, "pinned to " + region, 0);
    }

    private static @Nullable Decision immediate(Situation situation, AccessCounts counts) {
        int zone = counts.busiest();
        if (zone < 0
                || zone == situation.self().zone()
                || !situation.configuration().sizes().containsKey(zone)) {
            return null;
        }
        int node = situation.voterIn(zone);
        String reason = "used most from " + situation.regionOf().apply(zone);
        return node == 0 ? unreachable(situation, zone, 0) : situation.move(node, zone, reason, 0);
    }

    private @Nullable Decision follow(Situation situation, AccessCounts counts, long nowMs) {
        QuorumCosts quorums = new QuorumCosts(situation.configuration(), situation.rtts());
        int here = situation.self().zone();
        double present = rates.cost(here, situation.rtts(), quorums.phase2Ms(here));
        int best = here;
        double least = present;
        for (int zone : situation.configuration().sizes().keySet()) {
            double cost = rates.cost(zone, situation.rtts(), quorums.phase2Ms(zone));
            if (cost < least) {
                best = zone;
                least = cost;
            }
        }
        double gain = present > 0 ? 1 - least / present : 0;
        if (best == here || !(gain > settings.gainMin())) {
            wishedZone = NOWHERE;
            return null;
        }
        if (best != wishedZone) {
            wishedZone = best;
            wishedSinceMs = nowMs;
            wishedOperations = 0;
        }
        wishedOperations += counts.total();
        return weigh(situation, quorums, gain, nowMs);
    }

    /** A better place is known: whether it is time to go there. */
    private @Nullable Decision weigh(Situation situation, QuorumCosts quorums, double gain, long nowMs) {
        if (nowMs - wishedSinceMs < settings.sustainMs()) {
            return null;
        }
        if (wishedOperations < settings.operationsMin()) {
            String reason = "fewer than " + settings.operationsMin() + " operations so far";
            return situation.refuse(situation.voterIn(wishedZone), wishedZone, reason, gain);
        }
        int node = situation.voterIn(wishedZone);
        if (node == 0) {
            return unreachable(situation, wishedZone, gain);
        }
        double moveMs = quorums.phase1Ms(wishedZone)
                + situation.rtts().ms(situation.self().zone(), wishedZone);
        if (Double.isNaN(moveMs)) {
            return situation.refuse(node, wishedZone, "the round trips of its quorums are not known", gain);
        }
        long residenceMs =
                Math.min(settings.residenceMsMax(), Math.round(settings.residenceFactor() * moveMs * residenceScale));
        if (nowMs - ownedSinceMs < residenceMs) {
            return situation.refuse(
                    node,
                    wishedZone,
                    "an owner stays " + residenceMs + " ms at least"
                            + (residenceScale > 1 ? ", longer since it came back soon" : ""),
                    gain);
        }
        return situation.move(node, wishedZone, reason(situation), gain);
    }

    private String reason(Situation situation) {
        StringBuilder reason = new StringBuilder("operations a second:");
        rates.all()
                .forEach((zone, rate) -> reason.append(String.format(
                        Locale.ROOT, " %s %.1f,", situation.regionOf().apply(zone), rate)));
        reason.setLength(reason.length() - 1);
        return reason.toString();
    }

    private static Decision unreachable(Situation situation, int zone, double gain) {
        return situation.refuse(0, zone, "no voter in " + situation.regionOf().apply(zone) + " can be reached", gain);
    }
}
