package io.atlasdb.node.consensus;

import java.util.ArrayList;
import java.util.List;

/**
 * What a step asks for. Order of duty: {@link #persist} is appended to the journal in order; {@link #now} may leave at once;
 * {@link #afterForce} may leave, or reach this node itself, only when everything persisted so far is forced; {@link #chosen}
 * may be applied at once.
 */
public final class Effects {
    /** A change of durable state. */
    public sealed interface Durable {
        /** See {@link GroupCore}: the promise, and the highest round of the node's own ballots. */
        record Promise(Ballot ballot, long ownRound) implements Durable {}

        /** An accepted entry; replaces what stood at its slot and above. */
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

    /** Whether nothing is asked for. */
    public boolean isEmpty() {
        return persist.isEmpty() && now.isEmpty() && afterForce.isEmpty() && chosen.isEmpty();
    }
}
