package io.atlasdb.node.consensus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an acceptor does with entries: takes those that follow from what it has, and says what it lacks.
 *
 * <p>Invariants: an entry is taken only behind the one that it was proposed behind. Whoever takes one vouches for all below it
 * under the same ballot. A vote ends with its batch, whatever stands above.
 */
final class Follower {
    private final AcceptedLog log;
    private final Acceptor acceptor;
    private final Chain chain;
    private final Settings settings;
    /** The highest ballot of an owner that spoke to this node in this life, promised or not: whom to tell of news. */
    private Ballot heard = Ballot.NONE;
    /** A ballot whose owner said that all up to the commit index is chosen, so under it or lower ones; null when none did. */
    private @Nullable Ballot witness;

    Follower(AcceptedLog log, Acceptor acceptor, Chain chain, Settings settings) {
        this.log = log;
        this.acceptor = acceptor;
        this.chain = chain;
        this.settings = settings;
    }

    void hear(Message message) {
        Ballot of = Ballot.NONE;
        if (message instanceof Message.Accept accept) {
            of = accept.ballot();
        } else if (message instanceof Message.Commit chosen) {
            of = chosen.ballot();
        }
        heard = of.compareTo(heard) > 0 ? of : heard;
    }

    /** The highest ballot of an owner that is known here. */
    Ballot heard() {
        return heard.compareTo(acceptor.promised()) > 0 ? heard : acceptor.promised();
    }

    /** Promises to follow no lower ballot, and tells what was accepted; or says why not. */
    boolean promise(long nowMs, int from, Message.Prepare prepare, long commit, Effects effects) {
        if (!acceptor.onPrepare(nowMs, from, prepare, effects)) {
            return false;
        }
        List<Message.Accepted> tail = log.from(Math.max(prepare.from(), commit + 1));
        effects.sendForced(from, new Message.Promise(prepare.ballot(), commit, acceptor.ceilingFor(prepare), tail));
        return true;
    }

    /**
     * Takes a batch whose ballot is not below the promise.
     *
     * @return up to which slot what is held is chosen; negative when the batch does not follow
     */
    long accept(long nowMs, int from, Message.Accept accept, long commit, Effects effects) {
        Ballot ballot = accept.ballot();
        long first = accept.entries().get(0).slot();
        long match = first + accept.entries().size() - 1;
        boolean raised = acceptor.promise(ballot);
        boolean follows = follows(accept, first, match, commit, effects);
        boolean recorded = follows && take(ballot, accept.entries(), commit, effects);
        if (raised && !recorded) {
            acceptor.persist(effects);
        }
        if (effects.corruption != null || isStale(accept, first, match, commit)) {
            // An owner that does not know yet that a later one has chosen something else.
            effects.send(from, new Message.Nack(ballot, heard()));
            return -1;
        }
        if (!follows) {
            // What is held may still follow: then only what is missing above it is asked for.
            effects.send(from, new Message.Need(ballot, first - 1 > log.lastSlot() ? log.lastSlot() + 1 : commit + 1));
            return -1;
        }
        acceptor.grantLease(nowMs, ballot, accept.leaseMs());
        log.restamp(commit + 1, match, ballot);
        witness = accept.commit() >= commit ? ballot : witness;
        return Math.min(accept.commit(), match);
    }

    /** Puts entries into the log, for good; whether any was new under this ballot. */
    boolean take(Ballot ballot, List<Entry> entries, long commit, Effects effects) {
        int next = 0;
        while (next < entries.size() && (entries.get(next).slot() <= commit || log.has(ballot, entries.get(next)))) {
            next++;
        }
        if (next == entries.size()) {
            return false;
        }
        for (Entry entry : entries.subList(next, entries.size())) {
            log.put(ballot, entry);
            effects.persist.add(new Effects.Durable.Accept(ballot, entry));
        }
        // A record replaces what stands above it, so what stays there is recorded again.
        for (Message.Accepted kept : log.from(entries.get(entries.size() - 1).slot() + 1)) {
            effects.persist.add(new Effects.Durable.Accept(kept.ballot(), kept.entry()));
        }
        return true;
    }

    /** Whether the batch follows from what is held here: from the slot before it, or from the commit index inside it. */
    private boolean follows(Message.Accept accept, long first, long match, long commit, Effects effects) {
        if (first > commit) {
            return accept.previous().equals(log.hash(first - 1));
        }
        boolean differs = isStale(accept, first, match, commit);
        if (differs && witness != null && accept.ballot().compareTo(witness) > 0) {
            effects.corruption = "slot " + Math.min(match, commit) + " was chosen with another value than ballot "
                    + accept.ballot() + " proposes";
        }
        return !differs;
    }

    /** Whether the batch holds another value than what was chosen, as only owners of lower ballots may propose. */
    private boolean isStale(Message.Accept accept, long first, long match, long commit) {
        long at = Math.min(match, commit);
        Hash held = first > commit ? null : log.hash(at);
        return held != null && !accept.entries().get((int) (at - first)).hash().equals(held);
    }

    /** All up to the commit index was chosen under a ballot or lower ones; null when it is not known under which. */
    void vouched(@Nullable Ballot by) {
        witness = by;
    }

    /** Whether what is said to be chosen is what is held here; if not, it is asked for. */
    boolean agrees(int from, Message.Commit chosen, long commit, Effects effects) {
        if (chosen.slot() <= commit || chosen.hash().equals(log.hash(chosen.slot()))) {
            witness = chosen.slot() >= commit ? chosen.ballot() : witness;
            return true;
        }
        long missing = chosen.slot() > log.lastSlot() ? log.lastSlot() + 1 : commit + 1;
        effects.send(from, new Message.Need(chosen.ballot(), missing));
        return false;
    }

    /** Gives chosen entries to a member that asks for them. */
    void fetch(int from, Message.Fetch fetch, long commit, Effects effects) {
        if (fetch.from() <= commit) {
            List<Entry> entries = log.hash(fetch.from() - 1) == null
                    ? List.of()
                    : log.between(fetch.from(), commit, settings.batchBytesMax());
            effects.send(from, entries.isEmpty() ? new Message.Compacted(commit) : new Message.Chosen(entries));
        }
    }

    /** Whether some chosen entry above the commit index is not what is held. */
    boolean isNews(List<Entry> entries, long commit) {
        return entries.stream()
                .anyMatch(entry -> entry.slot() > commit && !entry.hash().equals(log.hash(entry.slot())));
    }

    /** Takes chosen entries that follow the commit index. Returns up to which slot what is held is chosen. */
    long chosen(List<Entry> entries, long commit, Effects effects) {
        long to = commit;
        for (Entry entry : entries) {
            if (entry.slot() != to + 1) {
                continue;
            }
            Hash hash = chain.next(log.heldHash(to), entry.slot(), entry.kind(), entry.timestamp(), entry.payload());
            if (!hash.equals(entry.hash())) {
                effects.corruption = "slot " + entry.slot() + ", chosen elsewhere, does not follow from slot " + to;
                return to;
            }
            if (!entry.hash().equals(log.hash(entry.slot()))) {
                take(acceptor.promised(), List.of(entry), to, effects);
            }
            to = entry.slot();
            witness = null;
        }
        return to;
    }
}
