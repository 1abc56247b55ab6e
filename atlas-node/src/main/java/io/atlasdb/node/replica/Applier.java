package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Entry;
import java.util.List;

/**
 * Turns entries into changes of state: the part of the state machine that knows what payloads mean. Its methods are called on
 * the thread of the group's loop, in slot order.
 */
public interface Applier {
    /**
     * The changes that an entry makes. A pure function of the entry and of what is applied below it, so that every replica
     * comes to the same; never throws on data.
     */
    Applied apply(long group, Entry entry);

    /** The changes are in the state machine. {@code outcome} is what {@link #apply} gave. */
    void applied(long group, Entry entry, Object outcome);

    /** A snapshot took the place of all that was applied of a group. */
    default void installed(long group) {}

    /**
     * No version that later entries give a key of a group has a timestamp below it, unless the entry's own is below it;
     * {@code Long.MAX_VALUE} when nothing is left open, such as a prepared transaction over several groups.
     */
    default long oldestOpen(long group) {
        return Long.MAX_VALUE;
    }

    /** What an entry does: its mutations, and what it means to whoever proposed it. */
    record Applied(List<Mutation> mutations, Object outcome) {}
}
