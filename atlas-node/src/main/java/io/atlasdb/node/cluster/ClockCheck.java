package io.atlasdb.node.cluster;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether the clock of this node can be trusted: not when it differs by too much from those of most other nodes. Then it owns
 * nothing, since its timestamps would pull all clocks along, or lie behind.
 */
final class ClockCheck {
    private ClockCheck() {}

    /** The refusal of a node whose clock is off by so much. */
    static AtlasException refusal(long offsetMs, String where, long offsetMsMax) {
        return ErrorCode.MEMBERSHIP.error("the clock of the joining node is " + offsetMs + " ms " + where + ", at most "
                + offsetMsMax + " are taken; set the time");
    }

    /**
     * Why this node may own nothing; null when its clock is well. Of two nodes that differ nobody can say which is wrong; the one
     * with the higher number yields.
     *
     * @param others the nodes whose clocks count
     * @param offsetMsMax by how much clocks may differ; more is no drift but a fault
     */
    static @Nullable String complaint(int self, Collection<Integer> others, Peers peers, long offsetMsMax) {
        List<String> far = new ArrayList<>();
        int known = 0;
        int lowest = Integer.MAX_VALUE;
        for (int other : others) {
            OptionalLong offsetMs = other == self ? OptionalLong.empty() : peers.clockOffsetMs(other);
            if (offsetMs.isPresent()) {
                known++;
                lowest = Math.min(lowest, other);
                if (Math.abs(offsetMs.getAsLong()) > offsetMsMax) {
                    far.add("node " + other + " by " + -offsetMs.getAsLong() + " ms");
                }
            }
        }
        boolean most = far.size() * 2 > known;
        boolean alone = known == 1 && self < lowest;
        return most && !alone ? "the clock of this node differs from " + String.join(", ", far) : null;
    }
}
