package io.atlasdb.node.consensus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks for. Order of duty: {@link #persist} is appended to the journal in order; {@link #now} may leave at once;
 * {@link #afterForce} may leave, or reach this node itself, only when everything persisted so far is forced; {@link #chosen}
 * may be applied at once.
 */
public final class Effects {
    /** A change of durable state. */
    public sealed interface Durable {
        /** See {@link GroupCore}: the promise, the highest round of the node's own ballots, and the ceiling. */
        record Promise(Ballot ballot, long ownRound, long ceiling) implements Durable {}

        /**
         * An accepted entry; replaces what stood at its slot and above, and lifts the ballots of uncommitted entries below to
         * its own.
         */
        record Accept(Ballot ballot, Entry entry) implements Durable {}

        /** All slots up to this one are chosen. Need not be forced: it is found again by phase 1. */
        record Commit(long slot) implements Durable {}
    }

    /** A message and its receiver. */
    public record Send(int node, Message message) {}

    public final List<Durable> persist = new ArrayList<>();
    public final List<Send> now = new ArrayList<>();
    public final List<Send> afterForce = new ArrayList<>();
    public final List<Entry> chosen = new ArrayList<>();
    /** A member to take a snapshot from, since entries that are needed here are no longer held there; 0 for none. */
    public int snapshotFrom;
    /** What shows that the logs of two members contradict each other; then this replica must stop. */
    public @Nullable String corruption;

    /** Whether nothing is asked for. */
    public boolean isEmpty() {
        return persist.isEmpty()
                && now.isEmpty()
                && afterForce.isEmpty()
                && chosen.isEmpty()
                && snapshotFrom == 0
                && corruption == null;
    }

    void send(int node, Message message) {
        now.add(new Send(node, message));
    }

    void sendForced(int node, Message message) {
        afterForce.add(new Send(node, message));
    }
}
