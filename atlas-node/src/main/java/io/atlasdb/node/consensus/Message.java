package io.atlasdb.node.consensus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the members of a group say to each other, themselves included (WPaxos §3; names of the field). */
public sealed interface Message {
    /**
     * Asks for a promise not to follow lower ballots.
     *
     * @param from the sender's commit index plus one
     * @param release the ballot of an owner that let go of the group for this sender, which overrides that owner's lease;
     *     {@link Ballot#NONE} when there is none
     */
    record Prepare(Ballot ballot, long from, Ballot release) implements Message {}

    /**
     * The promise, with all that was accepted above the commit index and from the asked slot on.
     *
     * @param commit the sender's commit index; what is at or below it is final, and can be fetched
     * @param entries by slot, without gaps
     * @param ceiling no earlier owner promised a read at a timestamp above it, as far as the sender knows
     */
    record Promise(Ballot ballot, long commit, long ceiling, List<Accepted> entries) implements Message {
        public Promise {
            entries = List.copyOf(entries);
        }

        /** What is reported of a slot; null when nothing is. */
        @Nullable
        Accepted at(long slot) {
            long index = entries.isEmpty() ? -1 : slot - entries.get(0).entry().slot();
            return index < 0 || index >= entries.size() ? null : entries.get((int) index);
        }
    }

    /** An entry with the ballot under which it was accepted last. */
    record Accepted(Ballot ballot, Entry entry) {}

    /** Another owner's lease has this long to run here; the sender of the Prepare keeps its ballot and asks again. */
    record LeaseHeld(Ballot ballot, long remainingMs) implements Message {}

    /**
     * Entries to accept, in order and without gaps.
     *
     * @param previous the chain hash of the slot before the first entry
     * @param commit the owner's commit index
     * @param stable every member holds what is at or below this slot
     * @param leaseMs how long the acceptor will make no promise to another node; 0 for no lease
     */
    record Accept(Ballot ballot, Hash previous, List<Entry> entries, long commit, long stable, long leaseMs)
            implements Message {
        public Accept {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The sender holds, forced, everything up to {@code match} as the owner of {@code ballot} proposed it.
     *
     * @param commit the sender's commit index
     * @param leased whether it was an Accept, which grants a lease, that is answered
     */
    record Vote(Ballot ballot, long match, long commit, boolean leased) implements Message {}

    /** The receiver's ballot is too old. */
    record Nack(Ballot ballot, Ballot promised) implements Message {}

    /** Entries from {@code from} on are missing here, or differ. */
    record Need(Ballot ballot, long from) implements Message {}

    /** Everything up to {@code slot} is chosen, and the chain hash there is {@code hash}. */
    record Commit(Ballot ballot, long slot, Hash hash, long stable) implements Message {}

    /**
     * Asks whether the ballot still stands, and for a lease and a ceiling.
     *
     * @param round counts the owner's rounds under this ballot
     * @param ceiling the timestamp up to which the owner wants to promise reads; durable at the acceptor before it answers
     */
    record Confirm(Ballot ballot, long round, long ceiling, long leaseMs) implements Message {}

    /** The ballot stood when the Confirm of this round came. */
    record Confirmed(Ballot ballot, long round) implements Message {}

    /** Asks for chosen entries from {@code from} on. */
    record Fetch(long from) implements Message {}

    /** Chosen entries, in order and without gaps. */
    record Chosen(List<Entry> entries) implements Message {
        public Chosen {
            entries = List.copyOf(entries);
        }
    }

    /** What was asked for is no longer held as entries: the receiver takes a snapshot from the sender. */
    record Compacted(long slot) implements Message {}

    /**
     * The owner has let go of the group, which is drained, for the receiver to own it.
     *
     * @param ballot of the owner, which uses neither it nor its lease again
     * @param ceiling the largest timestamp at which it promised a read
     */
    record HandOver(Ballot ballot, long ceiling) implements Message {}
}
