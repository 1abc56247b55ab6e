package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.consensus.Restored;
import java.util.List;
import java.util.TreeMap;

/** What the journal says of one group, gathered record by record. */
final class Replayed {
    private final TreeMap<Long, Message.Accepted> accepted = new TreeMap<>();
    Ballot promised = Ballot.NONE;
    long ownRound;
    long ceiling;
    long committed;
    Position base = Position.START;
    /** The last configuration below {@link #base}; empty when the log holds all from slot 1 on. */
    byte[] configuration = new byte[0];

    void promise(LogRecord.Promise record) {
        promised = max(promised, record.ballot());
        ownRound = Math.max(ownRound, record.ownRound());
        ceiling = Math.max(ceiling, record.ceiling());
    }

    void accept(LogRecord.Accept record) {
        long slot = record.entry().slot();
        accepted.tailMap(slot, true).clear();
        accepted.put(slot, new Message.Accepted(record.ballot(), record.entry()));
        accepted.subMap(Math.min(committed, slot), false, slot, true)
                .replaceAll((any, below) -> new Message.Accepted(max(record.ballot(), below.ballot()), below.entry()));
        promised = max(promised, record.ballot());
    }

    void commit(long slot) {
        committed = Math.max(committed, slot);
    }

    void state(LogRecord.GroupState record) {
        promised = max(promised, record.promised());
        ownRound = Math.max(ownRound, record.ownRound());
        ceiling = Math.max(ceiling, record.ceiling());
        if (record.applied().slot() >= base.slot()) {
            Message.Accepted there = accepted.get(record.applied().slot());
            if (there != null && !there.entry().hash().equals(record.applied().hash())) {
                accepted.clear(); // a snapshot brought another entry: what was accepted above this one was never chosen
            }
            base = record.applied();
            configuration = record.configuration();
            accepted.headMap(base.slot(), true).clear();
        }
        commit(base.slot());
    }

    /** What the core begins with, given how far the state machine is. */
    Restored state(Position position) {
        byte[] stored = configurationAt(position.slot());
        List<Message.Accepted> above = above(position.slot());
        if (stored.length == 0 && position.slot() == 0 && !above.isEmpty()) {
            // Slot 1 holds the configuration that the group begins with, whoever proposes it.
            stored = above.get(0).entry().payload();
        }
        return new Restored(
                promised,
                ownRound,
                ceiling,
                stored.length == 0 ? null : Configuration.decode(stored),
                position.slot(),
                position.hash(),
                above);
    }

    /** Gives up entries from a slot on. */
    void cut(long slot) {
        accepted.tailMap(slot, true).clear();
    }

    /** The last slot that the log knows of. */
    long lastSlot() {
        return accepted.isEmpty() ? base.slot() : Math.max(base.slot(), accepted.lastKey());
    }

    /** Entries above a slot, in order. */
    List<Message.Accepted> above(long slot) {
        return List.copyOf(accepted.tailMap(slot, false).values());
    }

    /** The newest configuration entry of the log up to a slot, or what stood before it. */
    byte[] configurationAt(long slot) {
        byte[] newest = configuration;
        for (Message.Accepted one : accepted.headMap(slot, true).values()) {
            if (one.entry().kind() == Entry.Kind.CONFIGURATION) {
                newest = one.entry().payload();
            }
        }
        return newest;
    }

    private static Ballot max(Ballot a, Ballot b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
