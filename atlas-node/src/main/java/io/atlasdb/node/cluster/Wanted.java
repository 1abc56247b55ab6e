package io.atlasdb.node.cluster;

import io.atlasdb.node.consensus.Configuration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who should be a voter of a group, by the registry and the group's placement.
 *
 * @param members zone by node
 * @param fn node failures to tolerate in each zone
 * @param fz zone failures to tolerate
 */
public record Wanted(SortedMap<Integer, Integer> members, int fn, int fz) {
    /** From three regions on one of them may fail, unless somebody says otherwise. */
    private static final int ZONES_FOR_FZ = 3;

    /**
     * The nodes in a group's regions.
     *
     * @param regions where the group may be; empty for everywhere
     */
    public static SortedMap<Integer, Integer> members(Collection<NodeRecord> nodes, Set<String> regions) {
        SortedMap<Integer, Integer> members = new TreeMap<>();
        for (NodeRecord node : nodes) {
            if (node.state() != NodeRecord.State.REMOVED && (regions.isEmpty() || isIn(node, regions))) {
                members.put(node.id(), node.zone());
            }
        }
        return members;
    }

    /** Names of regions are compared without regard to case, since SQL writes them in its own. */
    private static boolean isIn(NodeRecord node, Set<String> regions) {
        return regions.stream().anyMatch(node.region()::equalsIgnoreCase);
    }

    /** The zone failures that a group tolerates when nobody says a number. */
    public static int defaultFz(SortedMap<Integer, Integer> members) {
        return members.values().stream().distinct().count() >= ZONES_FOR_FZ ? 1 : 0;
    }

    /** As the configuration of a group that begins. */
    public Configuration genesis() {
        return new Configuration(voters(), fn, fz);
    }

    List<Configuration.Voter> voters() {
        List<Configuration.Voter> voters = new ArrayList<>();
        members.forEach((node, zone) -> voters.add(new Configuration.Voter(node, zone)));
        return voters;
    }
}
