package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Message;
import java.util.List;
import java.util.TreeMap;

/** What the journal says of one group, gathered record by record. */
final class Replayed {
    private final TreeMap<Long, Message.Accepted> accepted = new TreeMap<>();
    Ballot promised = Ballot.NONE;
    long ownRound;
    long committed;
    Position base = Position.START;
    /** The last configuration below {@link #base}; empty when the log holds all from slot 1 on. */
    byte[] configuration = new byte[0];

    void promise(LogRecord.Promise record) {
        promised = max(promised, record.ballot());
        ownRound = Math.max(ownRound, record.ownRound());
    }

    void accept(LogRecord.Accept record) {
        long slot = record.entry().slot();
        accepted.tailMap(slot, true).clear();
        accepted.put(slot, new Message.Accepted(record.ballot(), record.entry()));
        accepted.subMap(committed, false, slot, true)
                .replaceAll((any, below) -> new Message.Accepted(record.ballot(), below.entry()));
        promised = max(promised, record.ballot());
    }

    void commit(long slot) {
        committed = Math.max(committed, slot);
    }

    void state(LogRecord.GroupState record) {
        promised = max(promised, record.promised());
        ownRound = Math.max(ownRound, record.ownRound());
        if (record.applied().slot() >= base.slot()) {
            base = record.applied();
            configuration = record.configuration();
            accepted.headMap(base.slot(), true).clear();
        }
        commit(base.slot());
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
