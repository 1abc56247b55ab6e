package io.atlasdb.node.consensus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as the journal and the state machine hold it.
 *
 * @param ceiling the highest that was granted here
 * @param configuration the newest one at or below {@code slot}; null when the group is only known by name
 * @param slot, hash what is applied; it counts as chosen
 * @param accepted entries above {@code slot}, in order
 */
public record Restored(
        Ballot promised,
        long ownRound,
        long ceiling,
        @Nullable Configuration configuration,
        long slot,
        Hash hash,
        List<Message.Accepted> accepted) {
    /** A group that this node never heard of. */
    public static Restored fresh(@Nullable Configuration configuration) {
        return new Restored(Ballot.NONE, 0, 0, configuration, 0, Hash.ZERO, List.of());
    }
}
