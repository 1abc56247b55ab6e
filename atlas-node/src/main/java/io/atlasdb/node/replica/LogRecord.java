package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Effects;
import io.atlasdb.node.consensus.Entry;
import java.util.Map;

/** A record of the journal. */
public sealed interface LogRecord {
    /** Invariant: promise and ceiling are never below earlier ones of the same group. */
    record Promise(long group, Ballot ballot, long ownRound, long ceiling) implements LogRecord {}

    /**
     * An accepted entry. It replaces what stood at its slot and above it, and lifts the ballot of every uncommitted slot
     * below to its own; it raises the promise to its ballot.
     */
    record Accept(long group, Ballot ballot, Entry entry) implements LogRecord {}

    /** All slots up to this one are chosen. */
    record Commit(long group, long slot) implements LogRecord {}

    /**
     * The state of a group at the time its older records were given up.
     *
     * @param applied what the state machine holds durably
     * @param configuration as the entry of its configuration holds it; empty when there was none
     */
    @SuppressWarnings("ArrayRecordComponent")
    record GroupState(long group, Ballot promised, long ownRound, long ceiling, Position applied, byte[] configuration)
            implements LogRecord {}

    /** The state machine has made durable, as its version, what was applied up to these positions, by group. */
    record Checkpoint(long version, Map<Long, Position> applied) implements LogRecord {}

    /** The record of a change that the core asks for. */
    static LogRecord of(long group, Effects.Durable durable) {
        if (durable instanceof Effects.Durable.Promise promise) {
            return new Promise(group, promise.ballot(), promise.ownRound(), promise.ceiling());
        }
        if (durable instanceof Effects.Durable.Accept accept) {
            return new Accept(group, accept.ballot(), accept.entry());
        }
        return new Commit(group, ((Effects.Durable.Commit) durable).slot());
    }
}
