package io.atlasdb.node.consensus;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One group at one node: acceptor, candidate and owner of WPaxos.
 *
 * <p>Inputs are the methods that return {@link Effects}; each changes the state and says what follows. Time is an input too:
 * milliseconds that only grow, of this node alone. A node speaks to itself by messages, so a group of one voter takes the same
 * way as one of many. DESIGN.md says what must hold.
 */
public final class GroupCore {
    private final int node;
    private final int zone;
    private final int incarnation;
    private final Settings settings;
    private final Chain chain;
    private final AcceptedLog log;
    private final Acceptor acceptor;
    private final Follower follower;

    private @Nullable Configuration configuration;
    private long commit;
    private final Retention retention;
    /** While a snapshot replaces the state. */
    private boolean installing;

    private Role role = Role.FOLLOWER;
    /** The own ballot while candidate or owner. */
    private Ballot ballot = Ballot.NONE;

    private @Nullable Owner owner;
    /** Phase 1 while it is under way: of a candidate, or of an owner whose group has new quorums. */
    private @Nullable Phase1 phase1;

    /** As owner: the slot of an own entry, not yet chosen, that changes the quorums; 0 when there is none. */
    private long stopSlot;

    private long releasedCeiling;
    /** Above it the own timestamps must lie: the largest at which an earlier owner may have promised a read. */
    private long floor;

    public GroupCore(
            Configuration.Voter self, int incarnation, Settings settings, Chain chain, Restored state, long nowMs) {
        this.node = self.node();
        this.zone = self.zone();
        this.incarnation = incarnation;
        this.settings = settings;
        this.chain = chain;
        this.configuration = state.configuration();
        this.acceptor = new Acceptor(settings, state, nowMs);
        this.commit = state.slot();
        this.log = new AcceptedLog(state.slot(), state.hash());
        this.retention = new Retention(log, settings.retainBytes());
        this.follower = new Follower(log, acceptor, chain, settings);
        state.accepted().forEach(one -> log.put(one.ballot(), one.entry()));
    }

    public Role role() {
        return role;
    }

    /** Whether entries may be proposed: phase 1 is over, and no change of the quorums is under way. */
    public boolean canPropose() {
        return canServe() && stopSlot == 0;
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

    /** As owner: the own timestamps must lie above it. */
    public long floor() {
        return floor;
    }

    /** As owner: whether reads may be served from memory now. */
    public boolean hasLease(long nowMs) {
        return owner != null && canServe() && nowMs < owner.rounds().leaseUntilMs();
    }

    /** As owner: the rounds of {@link #confirm}, and what they gave; null when this node is no owner. */
    public @Nullable Rounds rounds() {
        return owner == null ? null : owner.rounds();
    }

    /** As owner: the newest slot that a member is known to hold; 0 when nothing is known. */
    public long match(int member) {
        return owner == null ? 0 : owner.match(member);
    }

    private boolean canServe() {
        return role == Role.OWNER && phase1 == null;
    }

    /** Whether {@link #tick} has nothing to do. */
    public boolean isQuiet() {
        return phase1 == null && (owner == null || owner.isQuiet(commit));
    }

    /**
     * Tries to become the owner, with a ballot above every one seen. Nothing when this node owns the group. One that is no voter
     * asks the voters what has been chosen, since it may have become one.
     *
     * @param releasedBy the ballot of the owner that let go of the group for this node; NONE when none did
     */
    public Effects campaign(long nowMs, Ballot releasedBy) {
        Effects effects = new Effects();
        campaign(nowMs, releasedBy, effects);
        return effects;
    }

    private void campaign(long nowMs, Ballot releasedBy, Effects effects) {
        Configuration members = configuration;
        if (role == Role.OWNER || installing || members == null) {
            return;
        }
        if (!members.hasVoter(node)) {
            members.voters().forEach(voter -> effects.send(voter.node(), new Message.Fetch(commit + 1)));
            return;
        }
        stepDown();
        ballot = new Ballot(acceptor.nextRound(), zone, node, incarnation);
        role = Role.CANDIDATE;
        floor = 0;
        acceptor.persist(effects);
        prepare(nowMs, releasedBy, effects);
    }

    private void prepare(long nowMs, Ballot releasedBy, Effects effects) {
        phase1 = new Phase1(settings, ballot, releasedBy);
        phase1.ask(nowMs, known(), commit, effects);
    }

    private Configuration known() {
        return Objects.requireNonNull(configuration, "the configuration is not known");
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
            stopSlot = Recovery.isStop(entry, configuration) ? entry.slot() : 0;
        }
        long end = entries.get(entries.size() - 1).slot();
        assert entries.get(0).slot() == owned().end() + 1
                : "slot " + entries.get(0).slot() + " after " + owned().end();
        follower.take(ballot, entries, commit, effects);
        acceptor.grantLease(nowMs, ballot, settings.leaseMs());
        owned().replicate(nowMs, end, commit, effects);
        effects.sendForced(node, new Message.Vote(ballot, end, commit, true));
    }

    private Owner owned() {
        return Objects.requireNonNull(owner, "not the owner");
    }

    /** Takes a message of a member, this node included. */
    public Effects receive(long nowMs, int from, Message message) {
        Effects effects = new Effects();
        follower.hear(message);
        if (installing) {
            // It cannot report what it had accepted, so it says nothing; whoever speaks may have a snapshot.
            effects.snapshotFrom = from == node ? 0 : from;
            return effects;
        }
        if (message instanceof Message.Prepare prepare) {
            if (follower.promise(nowMs, from, prepare, commit, effects)) {
                yieldTo(prepare.ballot());
            }
        } else if (message instanceof Message.Promise promise) {
            onPromise(nowMs, from, promise, effects);
        } else if (message instanceof Message.LeaseHeld held && phase1 != null) {
            phase1.held(nowMs, held);
        } else if (message instanceof Message.Accept accept) {
            onAccept(nowMs, from, accept, effects);
        } else if (message instanceof Message.Vote vote) {
            onVote(nowMs, from, vote, effects);
        } else if (message instanceof Message.Nack nack) {
            onNack(nack);
        } else if (message instanceof Message.Need need) {
            if (isOwnBallot(need.ballot())) {
                owned().need(from, need.from(), nowMs, commit, effects);
            } else {
                // Of an owner that let go, or was taken out of the group: what is chosen anybody may give.
                follower.fetch(from, new Message.Fetch(need.from()), commit, effects);
            }
        } else if (message instanceof Message.Commit chosen) {
            onCommit(nowMs, from, chosen, effects);
        } else if (message instanceof Message.Confirm confirm) {
            acceptor.onConfirm(nowMs, from, confirm, effects);
            yieldTo(promised());
        } else if (message instanceof Message.Confirmed confirmed && isOwnBallot(confirmed.ballot())) {
            owned().rounds().confirmed(from, confirmed, known());
        } else if (message instanceof Message.Fetch fetch) {
            follower.fetch(from, fetch, commit, effects);
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
        if (configuration == null && commit == 0) {
            configuration = genesis;
        }
    }

    /** Everything up to a slot is applied; what all members hold, or is more than is kept, goes. */
    public void applied(long slot) {
        assert slot <= commit : "applied " + slot + " above chosen " + commit;
        if (owner != null) {
            retention.stable(owner.stable());
        }
        retention.applied(slot);
    }

    /** Which applied entries are kept. */
    public Retention retention() {
        return retention;
    }

    /** Sends again what was not answered. Due while not {@link #isQuiet}. */
    public Effects tick(long nowMs) {
        Effects effects = new Effects();
        Phase1 asking = phase1;
        if (asking != null && asking.isDue(nowMs)) {
            asking.missed(commit, known());
            asking.ask(nowMs, known(), commit, effects);
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
     * As owner that may propose, begins a round that confirms the ballot, gets a lease and a ceiling; {@link Rounds#confirmed}
     * reaches the number of the round when a quorum has answered.
     *
     * @param wanted timestamp up to which reads are to be promised
     */
    public Effects confirm(long nowMs, long wanted) {
        Effects effects = new Effects();
        // A read that is promised while the quorums change would be unknown to the new ones.
        assert canPropose() : "a round while the quorums change in slot " + stopSlot;
        owned().rounds().begin(nowMs, wanted, known(), effects);
        return effects;
    }

    /** As owner of a group without entries in flight: lets go of it for another voter. */
    public Effects handOver(int target, long promisedCeiling) {
        assert canPropose() && commit == owned().end() : "a group in motion is handed over";
        Effects effects = new Effects();
        effects.send(target, new Message.HandOver(ballot, promisedCeiling));
        stepDown();
        return effects;
    }

    /** Gives up being candidate or owner. */
    public void stepDown() {
        role = Role.FOLLOWER;
        owner = null;
        phase1 = null;
        stopSlot = 0;
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
            follower.vouched(null);
            commit = slot;
            configuration = at;
        }
        // The owner may have given up on this member, which did not answer for long.
        Ballot newest = follower.heard();
        if (role == Role.FOLLOWER && newest.node() != node && !newest.equals(Ballot.NONE)) {
            effects.send(newest.node(), new Message.Vote(newest, commit, commit, false));
        }
        return effects;
    }

    private void onPromise(long nowMs, int from, Message.Promise promise, Effects effects) {
        if (phase1 != null && promise.ballot().equals(ballot)) {
            phase1.promise(from, promise);
            finishPhase1(nowMs, effects);
        }
    }

    private void finishPhase1(long nowMs, Effects effects) {
        Phase1 finished = phase1;
        if (finished == null) {
            return;
        }
        List<Entry> recovered = finished.finish(log, commit, known(), chain, effects);
        if (recovered == null) {
            return;
        }
        phase1 = null;
        boolean leads = role == Role.OWNER;
        floor = Math.max(floor, Math.max(finished.ceiling(), releasedCeiling));
        floor = Math.max(floor, leads ? 0 : known().readCeiling());
        releasedCeiling = 0;
        // It may lead without the promise of its own acceptor, which must not promise or vote below this ballot either.
        if (acceptor.promise(ballot)) {
            acceptor.persist(effects);
        }
        boolean stops = !recovered.isEmpty() && Recovery.isStop(recovered.get(recovered.size() - 1), configuration);
        if (!stops) {
            // What stands above was not chosen. Above a change of quorums it may be: that the new ones will say.
            log.truncate(commit + recovered.size());
        }
        if (!leads) {
            role = Role.OWNER;
            owner = new Owner(node, ballot, settings, log, commit, known(), nowMs);
        }
        if (!recovered.isEmpty()) {
            proposeAs(nowMs, recovered, effects);
        }
        if (leads) {
            owned().rounds().resume(nowMs, known(), effects);
        }
    }

    private void onAccept(long nowMs, int from, Message.Accept accept, Effects effects) {
        if (accept.ballot().compareTo(promised()) < 0) {
            effects.send(from, new Message.Nack(accept.ballot(), promised()));
            return;
        }
        yieldTo(accept.ballot());
        retention.stable(accept.stable());
        long chosen = follower.accept(nowMs, from, accept, commit, effects);
        if (chosen >= 0) {
            advance(nowMs, chosen, effects);
            long match = accept.entries().get(accept.entries().size() - 1).slot();
            effects.sendForced(from, new Message.Vote(accept.ballot(), match, commit, accept.leaseMs() > 0));
        }
    }

    private void onVote(long nowMs, int from, Message.Vote vote, Effects effects) {
        if (!isOwnBallot(vote.ballot())) {
            return;
        }
        long chosen = owned().vote(from, vote, nowMs, commit, effects);
        if (chosen > commit) {
            follower.vouched(ballot);
            advance(nowMs, chosen, effects);
        }
        if (role == Role.RETIRING && owned().isHeld(commit)) {
            stepDown();
        }
    }

    private boolean isOwnBallot(Ballot of) {
        return owner != null && of.equals(ballot);
    }

    private void onNack(Message.Nack nack) {
        // Only its round matters: the next own ballot goes above it. The promise itself was not made here.
        acceptor.sawRound(nack.promised().round());
        if (role != Role.FOLLOWER && nack.ballot().equals(ballot)) {
            stepDown();
        }
    }

    private void onCommit(long nowMs, int from, Message.Commit chosen, Effects effects) {
        if (follower.agrees(from, chosen, commit, effects)) {
            retention.stable(chosen.stable());
            advance(nowMs, chosen.slot(), effects);
            effects.sendForced(from, new Message.Vote(chosen.ballot(), chosen.slot(), commit, false));
        }
    }

    private void onChosen(long nowMs, Message.Chosen chosen, Effects effects) {
        if (owner != null && follower.isNews(chosen.entries(), commit)) {
            stepDown(); // a later owner proposed it, perhaps where an own proposal stands
        }
        advance(nowMs, follower.chosen(chosen.entries(), commit, effects), effects);
        finishPhase1(nowMs, effects);
    }

    private void onHandOver(long nowMs, Message.HandOver handOver, Effects effects) {
        if (role == Role.FOLLOWER && handOver.ballot().compareTo(promised()) >= 0) {
            releasedCeiling = handOver.ceiling();
            campaign(nowMs, handOver.ballot(), effects);
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
        if (owner != null && to > owner.end()) {
            stepDown(); // what is chosen above the own proposals, a later owner proposed
        }
        List<Entry> chosen = log.between(commit + 1, to, Long.MAX_VALUE);
        effects.chosen.addAll(chosen);
        commit = to;
        stopSlot = stopSlot <= commit ? 0 : stopSlot;
        effects.persist.add(new Effects.Durable.Commit(to));
        boolean stopped = false;
        for (Entry entry : chosen) {
            if (entry.kind() == Entry.Kind.CONFIGURATION) {
                stopped |= configure(nowMs, Configuration.decode(entry.payload()), effects);
            }
        }
        if (phase1 != null) {
            phase1.progressed();
        }
        if (owner != null) {
            owner.announce(commit, effects);
        }
        if (role == Role.CANDIDATE && !known().hasVoter(node)) {
            stepDown();
        } else if (role == Role.OWNER && stopped) {
            if (known().hasVoter(node)) {
                prepare(nowMs, Ballot.NONE, effects);
            } else {
                role = Role.RETIRING;
                phase1 = null;
            }
        }
    }

    /** Takes a chosen configuration; whether its quorums are others than before. */
    private boolean configure(long nowMs, Configuration next, Effects effects) {
        boolean differs = configuration == null || !configuration.hasSameQuorums(next);
        configuration = next;
        if (owner != null) {
            owner.configure(next, nowMs, commit, effects);
        } else if (phase1 != null && differs) {
            phase1.reconfigured(nowMs);
        }
        return differs;
    }
}
