package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Configuration;
import java.util.Set;
import java.util.TreeMap;

/** Grid quorums, counted apart from the code that is tested. */
final class Quorums {
    private Quorums() {}

    /** Whether these nodes may make a new owner. */
    static boolean isPhase1(Configuration of, Set<Integer> nodes) {
        return zones(of, nodes, true) >= zones(of) - of.fz();
    }

    /** Whether what these nodes hold is chosen. */
    static boolean isPhase2(Configuration of, Set<Integer> nodes) {
        return zones(of, nodes, false) > of.fz();
    }

    private static int zones(Configuration of) {
        return (int)
                of.voters().stream().map(Configuration.Voter::zone).distinct().count();
    }

    private static int zones(Configuration of, Set<Integer> nodes, boolean phase1) {
        TreeMap<Integer, int[]> counts = new TreeMap<>();
        for (Configuration.Voter voter : of.voters()) {
            int[] count = counts.computeIfAbsent(voter.zone(), any -> new int[2]);
            count[0]++;
            count[1] += nodes.contains(voter.node()) ? 1 : 0;
        }
        int enough = 0;
        for (int[] count : counts.values()) {
            int mayFail = Math.min(of.fn(), (count[0] + 1) / 2 - 1);
            int needed = phase1 ? mayFail + 1 : count[0] - mayFail;
            enough += count[1] >= needed ? 1 : 0;
        }
        return enough;
    }
}
