package io.atlasdb.node.cluster.policy;

/**
 * What was decided about the owner of a group, and why.
 *
 * @param atMs milliseconds since 1970
 * @param from the node that owns the group
 * @param to the node that shall own it, or would if the move were not refused; 0 when none was found
 * @param toZone its zone
 * @param moved whether the group is let go
 * @param gain the share of the present cost that the move saves, 0 to 1; 0 when it was not a matter of cost
 */
public record Decision(
        long atMs, long group, int from, int fromZone, int to, int toZone, boolean moved, String reason, double gain) {
    /** The same as a refusal. */
    public Decision refused(String why) {
        return new Decision(atMs, group, from, fromZone, to, toZone, false, why, gain);
    }
}
