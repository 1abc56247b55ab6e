package io.atlasdb.node.consensus;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The voters of a group and the failures that it tolerates (WPaxos §2.2, grid quorums).
 *
 * <p>With n voters in a zone, {@code f = min(fn, ⌊(n−1)/2⌋)} of them may fail. A phase-1 quorum holds f + 1 voters in each of
 * Z − fz zones, a phase-2 quorum n − f voters in each of fz + 1 zones. Invariant: every phase-1 quorum meets every phase-2
 * quorum, since they share a zone and in it a voter.
 *
 * @param fn node failures tolerated in each zone
 * @param fz zone failures tolerated; fewer than half the zones
 */
public record Configuration(List<Voter> voters, int fn, int fz) {
    /** A node that votes, and its zone. */
    public record Voter(int node, int zone) {}

    public Configuration {
        voters = List.copyOf(voters);
        if (voters.isEmpty() || fn < 0 || fz < 0) {
            throw new IllegalArgumentException("voters " + voters + ", fn " + fn + ", fz " + fz);
        }
        long zones = voters.stream().mapToInt(Voter::zone).distinct().count();
        if (zones < 2L * fz + 1) {
            throw new IllegalArgumentException(
                    fz + " zone failures need at least " + (2 * fz + 1) + " zones, there are " + zones);
        }
        if (voters.stream().mapToInt(Voter::node).distinct().count() != voters.size()) {
            throw new IllegalArgumentException("a node votes twice in " + voters);
        }
    }

    /** Whether these nodes form a phase-1 quorum; nodes that do not vote are ignored. */
    public boolean isPhase1(Set<Integer> nodes) {
        return zonesSatisfied(nodes, true) >= sizes().size() - fz;
    }

    /** Whether these nodes form a phase-2 quorum; nodes that do not vote are ignored. */
    public boolean isPhase2(Set<Integer> nodes) {
        return zonesSatisfied(nodes, false) >= fz + 1;
    }

    /** Whether the node votes. */
    public boolean hasVoter(int node) {
        return voters.stream().anyMatch(voter -> voter.node() == node);
    }

    /** Voters by zone. */
    public SortedMap<Integer, Integer> sizes() {
        SortedMap<Integer, Integer> sizes = new TreeMap<>();
        voters.forEach(voter -> sizes.merge(voter.zone(), 1, Integer::sum));
        return sizes;
    }

    private int zonesSatisfied(Set<Integer> nodes, boolean phase1) {
        int satisfied = 0;
        for (var zone : sizes().entrySet()) {
            int size = zone.getValue();
            int failures = Math.min(fn, (size - 1) / 2);
            long present = voters.stream()
                    .filter(voter -> voter.zone() == zone.getKey() && nodes.contains(voter.node()))
                    .count();
            if (present >= (phase1 ? failures + 1 : size - failures)) {
                satisfied++;
            }
        }
        return satisfied;
    }
}
