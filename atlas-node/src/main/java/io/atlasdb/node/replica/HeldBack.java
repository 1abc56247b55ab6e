package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Effects;
import io.atlasdb.node.consensus.Entry;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Chosen entries that are not applied yet.
 *
 * <p>What the state machine makes durable must never lead beyond a configuration that the log may still lose: the node would
 * come back with the state of one and the quorums of another. So nothing is applied while the record of a configuration is not
 * forced. Everything else may be applied at once: a quorum holds it.
 */
final class HeldBack {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private int unforcedConfigurations;

    /** Takes what was chosen; {@code forced} is to run when what was persisted with it is forced, if true is returned. */
    boolean add(Effects effects) {
        entries.addAll(effects.chosen);
        for (Effects.Durable durable : effects.persist) {
            if (durable instanceof Effects.Durable.Accept accept
                    && accept.entry().kind() == Entry.Kind.CONFIGURATION) {
                unforcedConfigurations++;
                return true;
            }
        }
        return false;
    }

    /** What was persisted with a configuration is forced. */
    void forced() {
        unforcedConfigurations--;
    }

    /** The next entry to apply; null when there is none or it has to wait. */
    @Nullable
    Entry next() {
        return unforcedConfigurations > 0 ? null : entries.poll();
    }

    /** A snapshot brought everything up to a slot. */
    void forget(long slot) {
        entries.removeIf(entry -> entry.slot() <= slot);
    }
}
