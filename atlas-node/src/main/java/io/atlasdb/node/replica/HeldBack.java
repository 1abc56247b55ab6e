package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Effects;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Message;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chosen entries that are not applied yet.
 *
 * <p>What the state machine makes durable must never lead beyond a configuration that the log may still lose: the node would
 * come back with the state of one and the quorums of another. So nothing is applied while the record of a configuration is not
 * forced, or the record of what takes the place of one that was not chosen. Everything else may be applied at once: a quorum
 * holds it.
 */
final class HeldBack {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    /** Slots of configurations that the log holds and that are not applied. */
    private final TreeSet<Long> configurations = new TreeSet<>();

    private int unforcedConfigurations;

    /** {@code accepted} is what the log holds above what is applied, at the start. */
    HeldBack(List<Message.Accepted> accepted) {
        for (Message.Accepted one : accepted) {
            if (one.entry().kind() == Entry.Kind.CONFIGURATION) {
                configurations.add(one.entry().slot());
            }
        }
    }

    /** Takes what was chosen; {@code forced} is to run when what was persisted with it is forced, if true is returned. */
    boolean add(Effects effects) {
        entries.addAll(effects.chosen);
        boolean some = false;
        for (Effects.Durable durable : effects.persist) {
            if (durable instanceof Effects.Durable.Accept accept) {
                some |= replaces(accept.entry());
            }
        }
        unforcedConfigurations += some ? 1 : 0;
        return some;
    }

    /** Whether a record changes which configurations the log holds: it takes the place of all at its slot and above. */
    private boolean replaces(Entry entry) {
        SortedSet<Long> gone = configurations.tailSet(entry.slot());
        boolean some = !gone.isEmpty();
        gone.clear();
        if (entry.kind() == Entry.Kind.CONFIGURATION) {
            configurations.add(entry.slot());
            some = true;
        }
        return some;
    }

    /** What was persisted with a configuration is forced. */
    void forced() {
        unforcedConfigurations--;
    }

    /** The next entry to apply; null when there is none or it has to wait. */
    @Nullable
    Entry next() {
        Entry next = unforcedConfigurations > 0 ? null : entries.poll();
        if (next != null) {
            configurations.headSet(next.slot(), true).clear();
        }
        return next;
    }

    /** A snapshot brought everything up to a slot. */
    void forget(long slot) {
        entries.removeIf(entry -> entry.slot() <= slot);
        configurations.headSet(slot, true).clear();
    }
}
