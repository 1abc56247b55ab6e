package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the forced records of a node say of one group; written apart from the code that is tested. */
final class Held {
    final TreeMap<Long, Message.Accepted> accepted = new TreeMap<>();
    Ballot promised = Ballot.NONE;
    long ownRound;
    long ceiling;
    long committed;
    Position applied = Position.START;
    private byte[] configuration = new byte[0];

    void add(LogRecord record) {
        if (record instanceof LogRecord.Promise promise) {
            raise(promise.ballot(), promise.ownRound(), promise.ceiling());
        } else if (record instanceof LogRecord.Accept accept) {
            long slot = accept.entry().slot();
            raise(accept.ballot(), 0, 0);
            accepted.tailMap(slot, true).clear();
            accepted.replaceAll((any, below) -> below.ballot().compareTo(accept.ballot()) < 0
                    ? new Message.Accepted(accept.ballot(), below.entry())
                    : below);
            accepted.put(slot, new Message.Accepted(accept.ballot(), accept.entry()));
        } else if (record instanceof LogRecord.Commit commit) {
            committed = Math.max(committed, commit.slot());
        } else if (record instanceof LogRecord.GroupState state) {
            raise(state.promised(), state.ownRound(), state.ceiling());
            if (state.applied().slot() >= applied.slot()) {
                configuration = state.configuration();
                forget(state.applied());
            }
        }
    }

    private void raise(Ballot ballot, long round, long granted) {
        promised = ballot.compareTo(promised) > 0 ? ballot : promised;
        ownRound = Math.max(ownRound, round);
        ceiling = Math.max(ceiling, granted);
    }

    /** Whether the entry of that hash, or what was chosen in its slot, is held. */
    boolean holds(long slot, Hash hash) {
        Message.Accepted one = accepted.get(slot);
        return slot <= applied.slot() || (one != null && one.entry().hash().equals(hash));
    }

    /** The state machine holds durably what is applied up to this position. */
    void forget(Position position) {
        if (position.slot() < applied.slot()) {
            return;
        }
        for (Message.Accepted one : accepted.headMap(position.slot(), true).values()) {
            if (one.entry().kind() == Entry.Kind.CONFIGURATION) {
                configuration = one.entry().payload();
            }
        }
        accepted.headMap(position.slot(), true).clear();
        applied = position;
        committed = Math.max(committed, position.slot());
    }

    /** The records that stand for all that were forced. */
    List<LogRecord> compacted(long group) {
        List<LogRecord> records = new ArrayList<>();
        records.add(new LogRecord.GroupState(group, promised, ownRound, ceiling, applied, configuration));
        accepted.values().forEach(one -> records.add(new LogRecord.Accept(group, one.ballot(), one.entry())));
        records.add(new LogRecord.Commit(group, committed));
        return records;
    }

    /** The configuration at the applied position; null when it is not on record. */
    @Nullable
    Configuration configuration() {
        return configuration.length == 0 ? null : Configuration.decode(configuration);
    }
}
