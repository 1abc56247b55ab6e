package io.atlasdb.node.consensus;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One group at one node: acceptor, candidate and owner of WPaxos.
 *
 * <p>Inputs are {@link #campaign}, {@link #propose}, {@link #receive} and {@link #applied}; each changes the state and returns
 * {@link Effects}. A node speaks to itself by messages too, so a group of one voter takes the same way as one of many.
 *
 * <p>Invariants: {@code promised} never goes back. An entry is accepted only when the chain hash of the slot before it equals
 * the owner's, hence logs have no gaps, and equal hashes mean equal logs below. An owner proposes only after a phase-1 quorum
 * promised its ballot and everything those promises reported was proposed again. A slot is chosen when a phase-2 quorum holds
 * it, forced, under the owner's ballot.
 */
public final class GroupCore {
    /** What the node is to the group. */
    public enum Role {
        FOLLOWER,
        /** Waits for a phase-1 quorum. */
        CANDIDATE,
        OWNER
    }

    private final int node;
    private final int zone;
    private final int incarnation;
    private final Configuration configuration;
    private final Chain chain;
    private final AcceptedLog log;

    private Ballot promised;
    /** The highest round that this node ever used itself; forced before a Prepare leaves, so that none is used twice. */
    private long ownRound;

    private long commit;
    private Role role = Role.FOLLOWER;
    /** The own ballot while candidate or owner. */
    private Ballot ballot = Ballot.NONE;

    private final SortedMap<Integer, Message.Promise> promises = new TreeMap<>();
    private final SortedMap<Integer, Long> matches = new TreeMap<>();

    /**
     * A group as the journal and the state machine hold it.
     *
     * @param slot, hash what is applied; it counts as chosen
     * @param accepted entries above {@code slot}, in order
     */
    public GroupCore(
            Configuration.Voter self,
            int incarnation,
            Configuration configuration,
            Chain chain,
            Ballot promised,
            long ownRound,
            long slot,
            Hash hash,
            List<Message.Accepted> accepted) {
        this.node = self.node();
        this.zone = self.zone();
        this.incarnation = incarnation;
        this.configuration = configuration;
        this.chain = chain;
        this.promised = promised;
        this.ownRound = ownRound;
        this.commit = slot;
        this.log = new AcceptedLog(slot, hash);
        accepted.forEach(one -> log.append(one.ballot(), one.entry()));
    }

    public Role role() {
        return role;
    }

    /** The slot that the next proposed entry takes. */
    public long nextSlot() {
        return log.lastSlot() + 1;
    }

    /** The chain hash that the next proposed entry follows. */
    public Hash tailHash() {
        return log.lastHash();
    }

    public long commitIndex() {
        return commit;
    }

    public Ballot promised() {
        return promised;
    }

    /** Tries to become the owner, with a ballot above every one seen. */
    public Effects campaign() {
        Effects effects = new Effects();
        ownRound = Math.max(promised.round(), ownRound) + 1;
        ballot = new Ballot(ownRound, zone, node, incarnation);
        role = Role.CANDIDATE;
        promises.clear();
        matches.clear();
        effects.persist.add(new Effects.Durable.Promise(promised, ownRound));
        for (Configuration.Voter voter : configuration.voters()) {
            effects.afterForce.add(new Effects.Send(voter.node(), new Message.Prepare(ballot, commit + 1)));
        }
        return effects;
    }

    /** Proposes entries whose slots and hashes follow the tail. Only for the owner. */
    public Effects propose(List<Entry> entries) {
        assert role == Role.OWNER : "a " + role + " proposes";
        Effects effects = new Effects();
        proposeAs(entries, effects);
        return effects;
    }

    private void proposeAs(List<Entry> entries, Effects effects) {
        Hash previous = log.heldHash(entries.get(0).slot() - 1);
        for (Entry entry : entries) {
            log.append(ballot, entry);
            effects.persist.add(new Effects.Durable.Accept(ballot, entry));
        }
        Message accept = new Message.Accept(ballot, previous, List.copyOf(entries), commit);
        for (Configuration.Voter voter : configuration.voters()) {
            if (voter.node() != node) {
                effects.now.add(new Effects.Send(voter.node(), accept));
            }
        }
        effects.afterForce.add(new Effects.Send(node, new Message.Vote(ballot, log.lastSlot())));
    }

    /** Takes a message of a member, this node included. */
    public Effects receive(int from, Message message) {
        Effects effects = new Effects();
        if (message instanceof Message.Prepare prepare) {
            onPrepare(from, prepare, effects);
        } else if (message instanceof Message.Promise promise) {
            onPromise(from, promise, effects);
        } else if (message instanceof Message.Accept accept) {
            onAccept(from, accept, effects);
        } else if (message instanceof Message.Vote vote) {
            onVote(from, vote, effects);
        } else if (message instanceof Message.Nack nack) {
            onNack(nack);
        } else if (message instanceof Message.Need need) {
            onNeed(from, need, effects);
        } else if (message instanceof Message.Commit chosen) {
            onCommit(from, chosen, effects);
        }
        return effects;
    }

    /** Everything up to a slot is applied and no longer needed here. */
    public void applied(long slot) {
        assert slot <= commit : "applied " + slot + " above chosen " + commit;
        log.forgetTo(slot);
    }

    private void onPrepare(int from, Message.Prepare prepare, Effects effects) {
        if (prepare.ballot().compareTo(promised) < 0) {
            effects.now.add(new Effects.Send(from, new Message.Nack(prepare.ballot(), promised)));
            return;
        }
        promise(prepare.ballot());
        effects.persist.add(new Effects.Durable.Promise(promised, ownRound));
        effects.afterForce.add(
                new Effects.Send(from, new Message.Promise(prepare.ballot(), commit, log.from(prepare.from()))));
    }

    private void onPromise(int from, Message.Promise promise, Effects effects) {
        if (role != Role.CANDIDATE || !promise.ballot().equals(ballot)) {
            return;
        }
        promises.put(from, promise);
        if (!configuration.isPhase1(promises.keySet())) {
            return;
        }
        Hash hash = log.heldHash(commit);
        List<Entry> recovered = Recovery.entries(promises, commit, hash, chain);
        role = Role.OWNER;
        promises.clear();
        if (!recovered.isEmpty()) {
            proposeAs(recovered, effects);
        }
    }

    private void onAccept(int from, Message.Accept accept, Effects effects) {
        if (accept.ballot().compareTo(promised) < 0) {
            effects.now.add(new Effects.Send(from, new Message.Nack(accept.ballot(), promised)));
            return;
        }
        promise(accept.ballot());
        long first = accept.entries().get(0).slot();
        if (!accept.previous().equals(log.hash(first - 1))) {
            effects.now.add(new Effects.Send(from, new Message.Need(accept.ballot(), commit + 1)));
            return;
        }
        for (Entry entry : accept.entries()) {
            if (entry.slot() > commit) {
                log.append(accept.ballot(), entry);
                effects.persist.add(new Effects.Durable.Accept(accept.ballot(), entry));
            } else {
                assert entry.hash().equals(log.hash(entry.slot())) || log.get(entry.slot()) == null
                        : "slot " + entry.slot() + " was chosen with another value";
            }
        }
        log.restamp(commit + 1, accept.ballot());
        long match = first + accept.entries().size() - 1;
        effects.afterForce.add(new Effects.Send(from, new Message.Vote(accept.ballot(), match)));
        advance(Math.min(accept.commit(), match), effects);
    }

    private void onVote(int from, Message.Vote vote, Effects effects) {
        if (role != Role.OWNER || !vote.ballot().equals(ballot)) {
            return;
        }
        matches.merge(from, vote.match(), Math::max);
        long chosen = commit;
        for (long match : new TreeSet<>(matches.values())) {
            if (match > chosen && configuration.isPhase2(holders(match))) {
                chosen = match;
            }
        }
        if (chosen > commit) {
            advance(chosen, effects);
            Hash hash = log.heldHash(chosen);
            for (Configuration.Voter voter : configuration.voters()) {
                if (voter.node() != node) {
                    effects.now.add(new Effects.Send(voter.node(), new Message.Commit(ballot, chosen, hash)));
                }
            }
        }
    }

    private Set<Integer> holders(long slot) {
        Set<Integer> holders = new TreeSet<>();
        matches.forEach((holder, match) -> {
            if (match >= slot) {
                holders.add(holder);
            }
        });
        return holders;
    }

    private void onNack(Message.Nack nack) {
        if (role != Role.FOLLOWER && nack.ballot().equals(ballot)) {
            role = Role.FOLLOWER;
            // Only its round matters: the next own ballot goes above it. The promise itself was not made here.
            ownRound = Math.max(ownRound, nack.promised().round());
        }
    }

    private void onNeed(int from, Message.Need need, Effects effects) {
        if (role != Role.OWNER || !need.ballot().equals(ballot)) {
            return;
        }
        Hash previous = log.hash(need.from() - 1);
        List<Entry> missing = log.between(need.from(), log.lastSlot());
        if (previous != null && !missing.isEmpty()) {
            effects.now.add(new Effects.Send(from, new Message.Accept(ballot, previous, missing, commit)));
        }
    }

    private void onCommit(int from, Message.Commit chosen, Effects effects) {
        if (chosen.slot() <= commit) {
            return;
        }
        if (chosen.hash().equals(log.hash(chosen.slot()))) {
            advance(chosen.slot(), effects);
        } else {
            effects.now.add(new Effects.Send(from, new Message.Need(chosen.ballot(), commit + 1)));
        }
    }

    private void promise(Ballot to) {
        if (to.compareTo(promised) > 0) {
            promised = to;
            if (role != Role.FOLLOWER && !to.equals(ballot)) {
                role = Role.FOLLOWER;
            }
        }
    }

    private void advance(long to, Effects effects) {
        if (to > commit) {
            effects.chosen.addAll(log.between(commit + 1, to));
            commit = to;
            effects.persist.add(new Effects.Durable.Commit(to));
        }
    }
}
