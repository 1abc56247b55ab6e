package io.atlasdb.node.consensus;

/**
 * The number of an attempt to own a group (WPaxos §3). Ordered by round first, so that a later attempt wins; zone and node
 * make it unique, the incarnation tells a node from what it was before it lost its log.
 *
 * @param round 0 for {@link #NONE} only
 */
public record Ballot(long round, int zone, int node, int incarnation) implements Comparable<Ballot> {
    /** Below every real ballot. */
    public static final Ballot NONE = new Ballot(0, 0, 0, 0);

    @Override
    public int compareTo(Ballot other) {
        int order = Long.compare(round, other.round);
        if (order == 0) {
            order = Integer.compare(zone, other.zone);
        }
        if (order == 0) {
            order = Integer.compare(node, other.node);
        }
        return order != 0 ? order : Integer.compare(incarnation, other.incarnation);
    }
}
