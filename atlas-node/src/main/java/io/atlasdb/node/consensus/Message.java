package io.atlasdb.node.consensus;

import java.util.List;

/** What the members of a group say to each other, themselves included (WPaxos §3; names of the field). */
public sealed interface Message {
    /** Asks for a promise not to follow lower ballots. {@code from} is the sender's commit index plus one. */
    record Prepare(Ballot ballot, long from) implements Message {}

    /**
     * The promise, with all that was accepted from the asked slot on, committed entries included.
     *
     * @param commit the sender's commit index
     */
    record Promise(Ballot ballot, long commit, List<Accepted> entries) implements Message {}

    /** An entry with the ballot under which it was accepted last. */
    record Accepted(Ballot ballot, Entry entry) {}

    /**
     * Entries to accept, in order and without gaps.
     *
     * @param previous the chain hash of the slot before the first entry
     * @param commit the owner's commit index
     */
    record Accept(Ballot ballot, Hash previous, List<Entry> entries, long commit) implements Message {}

    /** The sender holds, forced, everything up to {@code match} as the owner of {@code ballot} proposed it. */
    record Vote(Ballot ballot, long match) implements Message {}

    /** The receiver's ballot is too old. */
    record Nack(Ballot ballot, Ballot promised) implements Message {}

    /** Entries from {@code from} on are missing here, or differ. */
    record Need(Ballot ballot, long from) implements Message {}

    /** Everything up to {@code slot} is chosen, and the chain hash there is {@code hash}. */
    record Commit(Ballot ballot, long slot, Hash hash) implements Message {}
}
