package io.atlasdb.node.consensus;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One group at one node: acceptor, candidate and owner of WPaxos.
 *
 * <p>Inputs are the methods that return {@link Effects}; each changes the state and says what follows. Time is an input too:
 * milliseconds that only grow, of this node alone. A node speaks to itself by messages, so a group of one voter takes the same
 * way as one of many. DESIGN.md says what must hold.
 */
public final class GroupCore {
    /** What the node is to the group. */
    public enum Role {
        FOLLOWER,
        /** Waits for a phase-1 quorum, or for chosen entries that it lacks. */
        CANDIDATE,
        OWNER
    }

    /**
     * A group as the journal and the state machine hold it.
     *
     * @param ceiling the highest that was granted here
     * @param configuration the newest one at or below {@code slot}; null when the group is only known by name
     * @param slot, hash what is applied; it counts as chosen
     * @param accepted entries above {@code slot}, in order
     */
    public record State(
            Ballot promised,
            long ownRound,
            long ceiling,
            @Nullable Configuration configuration,
            long slot,
            Hash hash,
            List<Message.Accepted> accepted) {
        /** A group that this node never heard of. */
        public static State fresh(@Nullable Configuration configuration) {
            return new State(Ballot.NONE, 0, 0, configuration, 0, Hash.ZERO, List.of());
        }
    }

    private static final int FETCHES_MAX = 4;
    /** What is kept for members that take a snapshot, bytes: some seconds of many writes. */
    private static final long HELD_BYTES_MAX = 64L << 20;

    private final int node;
    private final int zone;
    private final int incarnation;
    private final Settings settings;
    private final Chain chain;
    private final AcceptedLog log;

    private @Nullable Configuration configuration;
    private final Acceptor acceptor;
    private long commit;
    /** All members hold what is at or below it, as an owner said. */
    private long stable;

    /** Entries above it are kept, since a member takes a snapshot of it and will go on from there. */
    private long heldSlot = Long.MAX_VALUE;

    /** The highest ballot of an owner that spoke to this node in this life, promised or not: whom to tell of news. */
    private Ballot heard = Ballot.NONE;

    /** While a snapshot replaces the state, this acceptor cannot report what it had accepted, so it makes no promise. */
    private boolean installing;

    private Role role = Role.FOLLOWER;
    /** The own ballot while candidate or owner. */
    private Ballot ballot = Ballot.NONE;

    private @Nullable Owner owner;
    /** Whether phase 1 is under way: of a candidate, or of an owner whose group has a new configuration. */
    private boolean preparing;

    private final SortedMap<Integer, Message.Promise> promises = new TreeMap<>();
    private long retryAtMs;
    /** How often entries were asked for that a promise says are chosen. */
    private int fetches;
    /** As owner: the slot of an own entry, not yet chosen, that changes the quorums; 0 when there is none. */
    private long stopSlot;

    private Ballot release = Ballot.NONE;
    private long releasedCeiling;
    /** Above it the own timestamps must lie: the largest at which an earlier owner may have promised a read. */
    private long floor;

    public GroupCore(
            Configuration.Voter self, int incarnation, Settings settings, Chain chain, State state, long nowMs) {
        this.node = self.node();
        this.zone = self.zone();
        this.incarnation = incarnation;
        this.settings = settings;
        this.chain = chain;
        this.configuration = state.configuration();
        this.acceptor = new Acceptor(settings, state, nowMs);
        this.commit = state.slot();
        this.log = new AcceptedLog(state.slot(), state.hash());
        state.accepted().forEach(one -> log.put(one.ballot(), one.entry()));
    }

    public Role role() {
        return role;
    }

    /** Whether entries may be proposed: phase 1 is over, and no change of the quorums is under way. */
    public boolean canPropose() {
        return role == Role.OWNER && !preparing && stopSlot == 0;
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
        return acceptor.promised();
    }

    /** The own ballot; meaningful while candidate or owner. */
    public Ballot ballot() {
        return ballot;
    }

    public @Nullable Configuration configuration() {
        return configuration;
    }

    /** The chain hash at a slot; null when it is no longer held. */
    public @Nullable Hash hash(long slot) {
        return log.hash(slot);
    }

    /** As owner: the own timestamps must lie above it. */
    public long floor() {
        return floor;
    }

    /** As owner: whether reads may be served from memory now. */
    public boolean hasLease(long nowMs) {
        return owner != null && canServe() && owner.hasLease(nowMs);
    }

    /** As owner: until when the lease runs. */
    public long leaseUntilMs() {
        return owner == null ? Long.MIN_VALUE : owner.leaseUntilMs();
    }

    /** As owner: the highest round of {@link #confirm} that a quorum has answered. */
    public long confirmedRound() {
        return owner == null ? 0 : owner.confirmedRound();
    }

    /** As owner: the number of the round that {@link #confirm} began last. */
    public long lastRound() {
        return owner == null ? 0 : owner.lastRound();
    }

    /** As owner: no later owner assigns a timestamp at or below it. */
    public long grantedCeiling() {
        return owner == null ? 0 : owner.ceiling();
    }

    /** As owner: the newest slot that a member is known to hold; 0 when nothing is known. */
    public long match(int member) {
        return owner == null ? 0 : owner.match(member);
    }

    private boolean canServe() {
        return role == Role.OWNER && !preparing;
    }

    /** Whether {@link #tick} has nothing to do. */
    public boolean isQuiet() {
        return !preparing && (owner == null || owner.isQuiet(commit));
    }

    /**
     * Tries to become the owner, with a ballot above every one seen. Nothing when this node is no voter or owns the group.
     *
     * @param releasedBy the ballot of the owner that let go of the group for this node; NONE when none did
     */
    public Effects campaign(long nowMs, Ballot releasedBy) {
        Effects effects = new Effects();
        if (role == Role.OWNER || installing || configuration == null || !configuration.hasVoter(node)) {
            return effects;
        }
        stepDown();
        ballot = new Ballot(acceptor.nextRound(), zone, node, incarnation);
        role = Role.CANDIDATE;
        release = releasedBy;
        floor = 0;
        acceptor.persist(effects);
        prepare(nowMs, effects);
        return effects;
    }

    private void prepare(long nowMs, Effects effects) {
        preparing = true;
        fetches = 0;
        promises.clear();
        askForPromises(nowMs, effects);
    }

    private void askForPromises(long nowMs, Effects effects) {
        retryAtMs = nowMs + settings.retryMs();
        for (Configuration.Voter voter : known().voters()) {
            if (!promises.containsKey(voter.node())) {
                effects.sendForced(voter.node(), new Message.Prepare(ballot, commit + 1, release));
            }
        }
    }

    private Configuration known() {
        Configuration found = configuration;
        if (found == null) {
            throw new AssertionError("the configuration is not known");
        }
        return found;
    }

    /**
     * Proposes entries whose slots and hashes follow the tail. Only when {@link #canPropose}; an entry that changes the quorums
     * comes last.
     */
    public Effects propose(long nowMs, List<Entry> entries) {
        assert canPropose() : "a " + role + " proposes";
        Effects effects = new Effects();
        proposeAs(nowMs, entries, effects);
        return effects;
    }

    private void proposeAs(long nowMs, List<Entry> entries, Effects effects) {
        for (Entry entry : entries) {
            assert stopSlot == 0 : "an entry above the change of quorums in slot " + stopSlot;
            accept(ballot, entry, effects);
            stopSlot = Recovery.isStop(entry, configuration) ? entry.slot() : 0;
        }
        acceptor.grantLease(nowMs, ballot, settings.leaseMs());
        owned().replicate(nowMs, commit, effects);
        effects.sendForced(node, new Message.Vote(ballot, log.lastSlot(), commit, true));
    }

    private void accept(Ballot under, Entry entry, Effects effects) {
        List<Message.Accepted> above = log.put(under, entry);
        effects.persist.add(new Effects.Durable.Accept(under, entry));
        for (Message.Accepted kept : above) {
            effects.persist.add(new Effects.Durable.Accept(kept.ballot(), kept.entry()));
        }
    }

    private Owner owned() {
        Owner found = owner;
        if (found == null) {
            throw new AssertionError("a " + role + " acts as owner");
        }
        return found;
    }

    /** Takes a message of a member, this node included. */
    public Effects receive(long nowMs, int from, Message message) {
        Effects effects = new Effects();
        if (message instanceof Message.Prepare prepare) {
            onPrepare(nowMs, from, prepare, effects);
        } else if (message instanceof Message.Promise promise) {
            onPromise(nowMs, from, promise, effects);
        } else if (message instanceof Message.LeaseHeld held) {
            onLeaseHeld(nowMs, held);
        } else if (message instanceof Message.Accept accept) {
            onAccept(nowMs, from, accept, effects);
        } else if (message instanceof Message.Vote vote) {
            onVote(nowMs, from, vote, effects);
        } else if (message instanceof Message.Nack nack) {
            onNack(nack);
        } else if (message instanceof Message.Need need) {
            if (role == Role.OWNER && need.ballot().equals(ballot)) {
                owned().need(from, need.from(), nowMs, commit, effects);
            }
        } else if (message instanceof Message.Commit chosen) {
            onCommit(nowMs, from, chosen, effects);
        } else if (message instanceof Message.Confirm confirm) {
            if (!installing) {
                acceptor.onConfirm(nowMs, from, confirm, effects);
                yieldTo(promised());
            }
        } else if (message instanceof Message.Confirmed confirmed) {
            if (role == Role.OWNER && confirmed.ballot().equals(ballot)) {
                owned().confirmed(from, confirmed);
            }
        } else if (message instanceof Message.Fetch fetch) {
            onFetch(from, fetch, effects);
        } else if (message instanceof Message.Chosen chosen) {
            onChosen(nowMs, chosen, effects);
        } else if (message instanceof Message.Compacted compacted) {
            effects.snapshotFrom = compacted.slot() > commit ? from : 0;
        } else if (message instanceof Message.HandOver handOver) {
            onHandOver(nowMs, handOver, effects);
        }
        return effects;
    }

    /** Takes the configuration that the group begins with, when none is known. */
    public void learn(Configuration genesis) {
        if (configuration == null) {
            configuration = genesis;
        }
    }

    /** Everything up to a slot is applied; what all members hold, or is more than is kept, goes. */
    public void applied(long slot) {
        assert slot <= commit : "applied " + slot + " above chosen " + commit;
        log.forget(unheld(slot), owner != null ? owner.stable() : stable, settings.retainBytes());
    }

    /** Nothing happened for long: what is applied up to a slot is no longer kept for members that lag. */
    public void idle(long slot) {
        log.forget(unheld(slot), slot, 0);
    }

    /** Keeps applied entries above a slot until another slot is named; within a bound of memory. */
    public void hold(long slot) {
        heldSlot = slot;
    }

    private long unheld(long slot) {
        return log.bytes() > HELD_BYTES_MAX ? slot : Math.min(slot, heldSlot);
    }

    /** Sends again what was not answered. Due while not {@link #isQuiet}. */
    public Effects tick(long nowMs) {
        Effects effects = new Effects();
        if (preparing && nowMs >= retryAtMs) {
            askForPromises(nowMs, effects);
            fetches++;
            finishPhase1(nowMs, effects);
        }
        if (owner != null) {
            owner.tick(nowMs, commit, effects);
        }
        return effects;
    }

    /** A member can be reached again after a time. */
    public void wake(long nowMs, int member) {
        if (owner != null) {
            owner.wake(member, nowMs);
        }
    }

    /**
     * As owner, begins a round that confirms the ballot, gets a lease and a ceiling; {@link #confirmedRound} reaches the
     * number of the round when a quorum has answered.
     *
     * @param wanted timestamp up to which reads are to be promised
     */
    public Effects confirm(long nowMs, long wanted) {
        Effects effects = new Effects();
        owned().confirm(nowMs, wanted, effects);
        return effects;
    }

    /** As owner of a group without entries in flight: lets go of it for another voter. */
    public Effects handOver(int target, long promisedCeiling) {
        assert canPropose() && commit == log.lastSlot() : "a group in motion is handed over";
        Effects effects = new Effects();
        effects.send(target, new Message.HandOver(ballot, promisedCeiling));
        stepDown();
        return effects;
    }

    /** Gives up being candidate or owner. */
    public void stepDown() {
        role = Role.FOLLOWER;
        owner = null;
        preparing = false;
        stopSlot = 0;
        promises.clear();
    }

    /** A snapshot begins to replace the state. */
    public void installing() {
        stepDown();
        installing = true;
    }

    /** A snapshot was installed and is durable. */
    public Effects installed(long nowMs, long slot, Hash hash, Configuration at) {
        Effects effects = new Effects();
        installing = false;
        if (slot > commit) {
            log.install(slot, hash);
            commit = slot;
            configuration = at;
        }
        // The owner may have given up on this member, which did not answer for long.
        Ballot newest = heard.compareTo(promised()) > 0 ? heard : promised();
        if (role == Role.FOLLOWER && newest.node() != node && !newest.equals(Ballot.NONE)) {
            effects.send(newest.node(), new Message.Vote(newest, commit, commit, false));
        } else if (preparing) {
            finishPhase1(nowMs, effects);
        }
        return effects;
    }

    private void onPrepare(long nowMs, int from, Message.Prepare prepare, Effects effects) {
        if (installing) {
            return;
        }
        if (acceptor.onPrepare(nowMs, from, prepare, effects)) {
            yieldTo(prepare.ballot());
            long above = Math.max(prepare.from(), commit + 1);
            effects.sendForced(
                    from, new Message.Promise(prepare.ballot(), commit, acceptor.ceilingFor(prepare), log.from(above)));
        }
    }

    private void onPromise(long nowMs, int from, Message.Promise promise, Effects effects) {
        if (preparing && promise.ballot().equals(ballot)) {
            promises.put(from, promise);
            finishPhase1(nowMs, effects);
        }
    }

    private void onLeaseHeld(long nowMs, Message.LeaseHeld held) {
        if (preparing && held.ballot().equals(ballot)) {
            retryAtMs = Math.min(nowMs + settings.leaseAtAcceptorMs(), Math.max(retryAtMs, nowMs + held.remainingMs()));
        }
    }

    private void finishPhase1(long nowMs, Effects effects) {
        if (!known().isPhase1(promises.keySet())) {
            return;
        }
        for (Map.Entry<Integer, Message.Promise> one : List.copyOf(promises.entrySet())) {
            floor = Math.max(floor, one.getValue().ceiling());
            if (one.getValue().commit() > commit) {
                if (fetches > FETCHES_MAX) {
                    // It reports what it does not deliver: the quorum is completed without it.
                    fetches = 0;
                    promises.remove(one.getKey());
                } else {
                    effects.send(one.getKey(), new Message.Fetch(commit + 1));
                }
                return;
            }
        }
        List<Entry> recovered = Recovery.entries(promises, commit, log.heldHash(commit), chain, known());
        preparing = false;
        promises.clear();
        release = Ballot.NONE;
        floor = Math.max(floor, releasedCeiling);
        releasedCeiling = 0;
        if (role == Role.CANDIDATE) {
            role = Role.OWNER;
            owner = new Owner(node, ballot, settings, log, known(), nowMs);
        }
        if (!recovered.isEmpty()) {
            proposeAs(nowMs, recovered, effects);
        }
    }

    private void onAccept(long nowMs, int from, Message.Accept accept, Effects effects) {
        heard = accept.ballot().compareTo(heard) > 0 ? accept.ballot() : heard;
        if (installing) {
            effects.snapshotFrom = from; // in case that nobody is known yet who could give one
            return;
        }
        if (accept.ballot().compareTo(promised()) < 0) {
            effects.send(from, new Message.Nack(accept.ballot(), promised()));
            return;
        }
        long first = accept.entries().get(0).slot();
        long match = first + accept.entries().size() - 1;
        boolean raised = acceptor.promise(accept.ballot());
        yieldTo(accept.ballot());
        stable = Math.max(stable, accept.stable());
        if (!follows(accept, first, match, effects)) {
            if (raised) {
                acceptor.persist(effects);
            }
            effects.send(from, new Message.Need(accept.ballot(), commit + 1));
            return;
        }
        acceptor.grantLease(nowMs, accept.ballot(), accept.leaseMs());
        for (Entry entry : accept.entries()) {
            if (entry.slot() > commit) {
                accept(accept.ballot(), entry, effects);
            }
        }
        log.restamp(commit + 1, match, accept.ballot());
        advance(nowMs, Math.min(accept.commit(), match), effects);
        effects.sendForced(from, new Message.Vote(accept.ballot(), match, commit, accept.leaseMs() > 0));
    }

    /** Whether the batch follows from what is held here: from the slot before it, or from the commit index inside it. */
    private boolean follows(Message.Accept accept, long first, long match, Effects effects) {
        if (first > commit) {
            return accept.previous().equals(log.hash(first - 1));
        }
        if (match > commit || log.hash(match) != null) {
            long at = Math.min(match, commit);
            if (!accept.entries().get((int) (at - first)).hash().equals(log.heldHash(at))) {
                effects.corruption =
                        "slot " + at + " was chosen with another value than ballot " + accept.ballot() + " proposes";
                return false;
            }
        }
        return true;
    }

    private void onVote(long nowMs, int from, Message.Vote vote, Effects effects) {
        if (role != Role.OWNER || !vote.ballot().equals(ballot)) {
            return;
        }
        long chosen = owned().vote(from, vote, nowMs, commit, effects);
        if (chosen > commit) {
            advance(nowMs, chosen, effects);
        }
    }

    private void onNack(Message.Nack nack) {
        // Only its round matters: the next own ballot goes above it. The promise itself was not made here.
        acceptor.sawRound(nack.promised().round());
        if (role != Role.FOLLOWER && nack.ballot().equals(ballot)) {
            stepDown();
        }
    }

    private void onCommit(long nowMs, int from, Message.Commit chosen, Effects effects) {
        heard = chosen.ballot().compareTo(heard) > 0 ? chosen.ballot() : heard;
        if (installing) {
            effects.snapshotFrom = from; // in case that nobody is known yet who could give one
            return;
        }
        if (chosen.slot() > commit && !chosen.hash().equals(log.hash(chosen.slot()))) {
            effects.send(from, new Message.Need(chosen.ballot(), commit + 1));
            return;
        }
        stable = Math.max(stable, chosen.stable());
        advance(nowMs, chosen.slot(), effects);
        effects.sendForced(from, new Message.Vote(chosen.ballot(), chosen.slot(), commit, false));
    }

    private void onFetch(int from, Message.Fetch fetch, Effects effects) {
        if (fetch.from() > commit) {
            return;
        }
        List<Entry> entries = log.hash(fetch.from() - 1) == null
                ? List.of()
                : log.between(fetch.from(), commit, settings.batchBytesMax());
        effects.send(from, entries.isEmpty() ? new Message.Compacted(commit) : new Message.Chosen(entries));
    }

    private void onChosen(long nowMs, Message.Chosen chosen, Effects effects) {
        if (installing) {
            return;
        }
        for (Entry entry : chosen.entries()) {
            if (entry.slot() == commit + 1) {
                Hash hash = chain.next(
                        log.heldHash(commit), entry.slot(), entry.kind(), entry.timestamp(), entry.payload());
                if (!hash.equals(entry.hash())) {
                    effects.corruption =
                            "slot " + entry.slot() + ", chosen elsewhere, does not follow from slot " + commit;
                    return;
                }
                accept(promised(), entry, effects);
                advance(nowMs, entry.slot(), effects);
            }
        }
        if (preparing) {
            finishPhase1(nowMs, effects);
        }
    }

    private void onHandOver(long nowMs, Message.HandOver handOver, Effects effects) {
        if (role == Role.FOLLOWER && handOver.ballot().compareTo(promised()) >= 0) {
            releasedCeiling = handOver.ceiling();
            Effects campaign = campaign(nowMs, handOver.ballot());
            effects.persist.addAll(campaign.persist);
            effects.afterForce.addAll(campaign.afterForce);
        }
    }

    /** A higher ballot was promised: whoever held a lower one here lets go. */
    private void yieldTo(Ballot to) {
        if (role != Role.FOLLOWER && to.compareTo(ballot) > 0) {
            stepDown();
        }
    }

    private void advance(long nowMs, long to, Effects effects) {
        if (to <= commit) {
            return;
        }
        List<Entry> chosen = log.between(commit + 1, to, Long.MAX_VALUE);
        effects.chosen.addAll(chosen);
        commit = to;
        fetches = 0;
        stopSlot = stopSlot <= commit ? 0 : stopSlot;
        effects.persist.add(new Effects.Durable.Commit(to));
        boolean stopped = false;
        for (Entry entry : chosen) {
            if (entry.kind() == Entry.Kind.CONFIGURATION) {
                stopped |= configure(nowMs, Configuration.decode(entry.payload()), effects);
            }
        }
        if (owner != null) {
            owner.announce(commit, effects);
            if (!known().hasVoter(node)) {
                stepDown();
            } else if (stopped) {
                prepare(nowMs, effects);
            }
        }
    }

    /** Takes a chosen configuration; whether its quorums are others than before. */
    private boolean configure(long nowMs, Configuration next, Effects effects) {
        boolean differs = configuration == null || !configuration.hasSameQuorums(next);
        configuration = next;
        if (owner != null) {
            owner.configure(next, nowMs, effects, commit);
        } else if (differs && role == Role.CANDIDATE) {
            // Promises of the former voters stay; those of new ones are asked for.
            retryAtMs = nowMs;
        }
        return differs;
    }
}
