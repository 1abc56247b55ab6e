package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Effects;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.consensus.Role;
import io.atlasdb.node.consensus.Rounds;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group at this node: carries out what the core asks for, applies what is chosen, and serves the owner. All methods but
 * {@link #execute} and those that say so belong to the thread of the group's loop.
 */
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    /** Ceilings that lie further ahead than this are not waited for, milliseconds. */
    private static final long FLOOR_WAIT_MS_MAX = 5_000;

    private final long group;
    private final ReplicaContext context;
    private final Loop loop;
    final GroupCore core;
    private final Timers timers;
    private final Proposals proposals;
    private final Leaving leaving = new Leaving(this);
    private final HeldBack heldBack;
    private final HeldCommits outgoing;
    private long lastTimestamp;
    private long inheritedTimestamp;
    /** The slot whose application makes this owner ready: its own first entry, above all that it recovered. */
    private long readySlot = Long.MAX_VALUE;

    private Ownership ownership = Ownership.NONE;
    private final SlotWaiters waitingForSlot = new SlotWaiters();
    private final ReadRounds reads;
    /** The newest one that is applied; the core's may be that of an entry which is chosen and waits. */
    private @Nullable Configuration appliedConfiguration;

    private boolean owned;
    private boolean readyProposed;
    private volatile boolean failed;

    private volatile boolean ready;
    private final LeaseView lease = new LeaseView();
    private volatile boolean installing;
    private volatile boolean departed;
    private volatile Position applied;
    private volatile int owner;
    private volatile @Nullable Configuration configuration;

    Replica(long group, ReplicaContext context, Loop loop, GroupCore core, HeldBack heldBack, Position at, long last) {
        this.group = group;
        this.context = context;
        this.loop = loop;
        this.core = core;
        this.applied = at;
        this.heldBack = heldBack;
        this.lastTimestamp = last;
        this.timers = new Timers(loop, this::tick, () -> core.retention().idle(this.applied.slot()));
        this.outgoing = new HeldCommits(loop, (to, message) -> context.network().send(to, group, message));
        this.proposals = new Proposals(core, context.chain());
        this.reads = new ReadRounds(core, context.settings().leaseMs());
        this.appliedConfiguration = core.configuration();
        noteOwner();
    }

    public long group() {
        return group;
    }

    /** Runs a task on this group's thread. From any thread; never waits. */
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** Runs a task on this group's thread after a time. From any thread. */
    public void later(long delayMs, Runnable task) {
        loop.later(delayMs, task);
    }

    /** Time of the loop, see {@link Driver#nowMs}. From any thread. */
    public long nowMs() {
        return loop.nowMs();
    }

    /** Whether the logs of two members contradicted each other, so that it does nothing any more. From any thread. */
    public boolean hasFailed() {
        return failed;
    }

    /** Whether this node owns the group and has applied all that earlier owners left. From any thread. */
    public boolean isReady() {
        return ready;
    }

    /**
     * Whether the owner may serve a read at a timestamp from memory: its lease runs, and no later owner will assign a timestamp
     * at or below it. What the caller wants to tell it must have looked up before. From any thread.
     */
    public boolean canRead(long timestamp) {
        return ready && lease.covers(timestamp, nowMs());
    }

    /** Whether it is time to renew the lease with {@link #confirm}. From any thread. */
    public boolean isLeaseOld() {
        return lease.isOld(nowMs(), context.settings().leaseMs() / 2);
    }

    /** The node that owns the group as far as this one knows, by the highest ballot seen; 0 when none is known. Any thread. */
    public int owner() {
        return owner;
    }

    /** The members; null while this node knows the group only by name. From any thread. */
    public @Nullable Configuration configuration() {
        return configuration;
    }

    /** The members as of {@link #applied}; null when they are not known. */
    public @Nullable Configuration appliedConfiguration() {
        return appliedConfiguration;
    }

    /** How far this node has applied the group. From any thread. */
    public Position applied() {
        return applied;
    }

    /** Whether the log holds entries that are not known to be chosen. */
    public boolean hasTail() {
        return core.nextSlot() > core.commitIndex() + 1;
    }

    /** No entry that is applied or known here has a timestamp above it; 0 for a new group. */
    public long lastTimestamp() {
        return lastTimestamp;
    }

    /** As ready owner: no entry of an earlier owner has a timestamp above it; 0 for a new group. */
    public long inheritedTimestamp() {
        return inheritedTimestamp;
    }

    /** Takes the listener of ownership, which hears at once when the group is owned already. */
    public void listen(Ownership listener) {
        ownership = listener;
        if (ready) {
            listener.gained();
        }
    }

    /** Takes the members that the group begins with, when this node knows none. */
    void learn(Configuration genesis) {
        core.learn(genesis);
        appliedConfiguration = core.configuration();
        configuration = core.configuration();
    }

    /** Tries to own the group, when it is not trying already. */
    public void campaign() {
        if (core.role() == Role.FOLLOWER && !failed) {
            step(core.campaign(nowMs(), Ballot.NONE));
        }
    }

    /** Gives up trying to own the group. */
    public void stopCampaign() {
        if (core.role() == Role.CANDIDATE) {
            core.stepDown();
        }
    }

    /** Whether this node tries to own the group. */
    public boolean isCampaigning() {
        return core.role() == Role.CANDIDATE;
    }

    /** Timestamp for the next entry: above every earlier one and above what earlier owners promised to readers. */
    public long nextTimestamp() {
        long next = Math.max(context.clock().next(), Math.max(lastTimestamp, core.floor()) + 1);
        context.clock().observe(next);
        lastTimestamp = next;
        return next;
    }

    /**
     * Puts an entry at the end of the log. Only when ready.
     *
     * @param timestamp from {@link #nextTimestamp}
     * @return the entry, with the slot that it takes and its hash
     */
    public Entry propose(Entry.Kind kind, long timestamp, byte[] payload) {
        assert core.role() == Role.OWNER : "group " + group + " is not owned here";
        Entry entry = proposals.add(kind, timestamp, payload);
        loop.touch(this);
        return entry;
    }

    /** As ready owner, changes the members of the group. */
    public Entry reconfigure(Configuration next) {
        // Reads are promised by the quorums of now; the next ones learn of them here.
        byte[] payload = next.withReadCeiling(reads.wantedCeiling()).encode();
        return propose(Entry.Kind.CONFIGURATION, nextTimestamp(), payload);
    }

    /** As ready owner: the newest slot that a member is known to hold; 0 when nothing is known. */
    public long match(int member) {
        return core.match(member);
    }

    /**
     * As ready owner, runs a task once it is sure that no other owner had taken over when this was called, and that neither
     * this owner nor a later one will assign a timestamp at or below {@code timestamp}: at once while a lease runs, else after
     * a round to a phase-2 quorum. The task is dropped when ownership is lost, see {@link Ownership#lost}.
     */
    public void confirm(long timestamp, Runnable task) {
        lastTimestamp = Math.max(lastTimestamp, timestamp);
        long now = nowMs();
        Rounds rounds = core.rounds();
        if (rounds != null && timestamp <= Math.max(rounds.ceiling(), applied.timestamp()) && core.hasLease(now)) {
            if (rounds.leaseUntilMs() - now < context.settings().leaseMs() / 2 && reads.isEmpty()) {
                reads.add(timestamp, () -> {});
                loop.touch(this);
            }
            task.run();
        } else {
            reads.add(timestamp, task);
            loop.touch(this);
        }
    }

    /** Runs a task once everything up to a slot is applied here. The caller minds the time. */
    public void whenApplied(long slot, Runnable task) {
        if (slot <= applied.slot()) {
            task.run();
        } else {
            waitingForSlot.add(slot, task);
        }
    }

    /**
     * As ready owner, lets go of the group for another voter as soon as nothing is on its way; {@link Ownership#leaving} asks to
     * begin nothing meanwhile. It stays when that takes too long.
     *
     * @param outcome hears whether it was handed over, or false at once when it cannot be, or is being handed over already
     */
    public void letGo(int heir, Consumer<Boolean> outcome) {
        leaving.begin(heir, ownership, outcome);
    }

    boolean canHandOver(int target) {
        Configuration members = core.configuration();
        return ready && target != context.self().node() && members != null && members.hasVoter(target);
    }

    /** The same at once; refused while entries are on their way. Returns whether it was handed over. */
    public boolean handOver(int target) {
        boolean still = proposals.isEmpty() && core.canPropose() && core.nextSlot() == core.commitIndex() + 1;
        if (still && canHandOver(target)) {
            step(core.handOver(target, lastTimestamp));
            return true;
        }
        return false;
    }

    /** Takes a message of a member of the group. */
    void receive(int from, Message message) {
        if (!failed) {
            step(core.receive(timers.active(), from, message));
        }
    }

    /** A node can be reached again after a time. */
    void wake(int member) {
        core.wake(nowMs(), member);
        timers.later(!core.isQuiet());
    }

    /** Hands what was proposed in this round to the core, and begins a round for the reads that came. */
    void flush() {
        while (!proposals.isEmpty() && core.canPropose()) {
            if (!proposals.follow()) {
                core.stepDown();
                settle();
                return;
            }
            step(core.propose(timers.active(), proposals.take()));
        }
        Effects round = reads.begin(nowMs());
        if (round != null) {
            step(round);
        }
    }

    /** A snapshot begins to replace what is applied; nothing is promised until {@link #installed}. */
    void installing() {
        installing = true;
        departed = false;
        core.installing();
        settle();
    }

    /** This node has left the group and holds nothing of it: it says nothing, and needs a snapshot before it does again. */
    void departed() {
        installing();
        departed = true;
    }

    /** The same from now on; {@code at} are members without this node. Refused to an owner, and when more is known here. */
    boolean depart(Position position, Configuration at) {
        if (owned || (installing && departed) || position.slot() < core.commitIndex()) {
            return false;
        }
        installing();
        core.installed(
                nowMs(), position.slot(), position.hash(), at); // its effects would claim that it holds the entries
        applied = position;
        appliedConfiguration = at;
        heldBack.forget(position.slot());
        departed();
        return true;
    }

    /** Whether this node has left the group and holds nothing of it. From any thread. */
    public boolean isDeparted() {
        return departed;
    }

    /** Whether a snapshot is replacing the group's state, so that nothing can be read or promised. From any thread. */
    public boolean isInstalling() {
        return installing;
    }

    /** The slot up to which everything is known to be chosen. */
    long chosen() {
        return core.commitIndex();
    }

    /** What this node accepted and has not applied. */
    public List<Entry> underWay() {
        return core.retention().above(applied.slot());
    }

    /** See {@link io.atlasdb.node.consensus.Retention#hold}. */
    void hold(long slot) {
        core.retention().hold(slot);
    }

    /** A snapshot was installed and is durable. */
    void installed(Position position, Configuration at) {
        applied = position;
        lastTimestamp = Math.max(lastTimestamp, position.timestamp());
        installing = false;
        context.applier().installed(group);
        appliedConfiguration = at;
        heldBack.forget(position.slot());
        step(core.installed(nowMs(), position.slot(), position.hash(), at));
        waitingForSlot.reached(position.slot());
    }

    private void step(Effects effects) {
        if (effects.corruption != null) {
            failed = true;
            core.stepDown();
            LOG.error("group {} stops at this node: {}", group, effects.corruption);
        }
        lease.note(core, nowMs()); // before anything leaves that lets another node lead
        for (Effects.Durable durable : effects.persist) {
            if (durable instanceof Effects.Durable.Accept accept) {
                lastTimestamp = Math.max(lastTimestamp, accept.entry().timestamp());
            }
            loop.persist(LogRecord.of(group, durable));
        }
        for (Effects.Send send : effects.now) {
            deliver(send);
        }
        if (!effects.afterForce.isEmpty()) {
            loop.afterForce(() -> effects.afterForce.forEach(this::deliver));
        }
        if (owned && core.role() != Role.OWNER) {
            // Before anything is applied: it may stand where this owner's first entry was to stand.
            lose();
        }
        if (heldBack.add(effects)) {
            loop.afterForce(() -> {
                heldBack.forced();
                applyChosen();
            });
        }
        applyChosen();
        if (effects.snapshotFrom != 0) {
            context.snapshots().take(this, effects.snapshotFrom);
        }
        settle();
    }

    private void applyChosen() {
        for (Entry next; (next = installing ? null : heldBack.next()) != null; ) {
            apply(next);
        }
    }

    private void deliver(Effects.Send send) {
        if (send.node() == context.self().node()) {
            receive(send.node(), send.message());
        } else {
            outgoing.send(send.node(), send.message());
        }
    }

    /** Follows up what the last step changed: ownership, rounds, timers. */
    private void settle() {
        noteOwner();
        lease.note(core, nowMs());
        if (owned && core.role() != Role.OWNER) {
            lose();
        }
        if (core.role() == Role.OWNER) {
            owned = true;
            if (!readyProposed && core.canPropose()) {
                readyProposed = true;
                proposeReady(core.ballot());
            }
            if ((core.canPropose() && !proposals.isEmpty()) || reads.canBegin()) {
                loop.touch(this);
            }
            reads.runConfirmed();
        }
        timers.later(!core.isQuiet());
        leaving.look();
    }

    private void noteOwner() {
        Configuration members = core.configuration();
        int last = core.promised().node();
        configuration = members;
        owner = members == null || members.hasVoter(last) ? last : 0;
    }

    private void lose() {
        boolean wasReady = ready;
        owned = false;
        ready = false;
        readyProposed = false;
        readySlot = Long.MAX_VALUE;
        proposals.clear();
        reads.drop();
        if (wasReady) {
            ownership.lost();
            leaving.stay(ownership);
        }
    }

    /** The own first entry. It waits for the clock when earlier owners promised reads at times that are still to come. */
    private void proposeReady(Ballot ballot) {
        if (core.role() != Role.OWNER || !core.ballot().equals(ballot)) {
            return;
        }
        long aheadMs = HybridClock.millis(core.floor())
                - HybridClock.millis(context.clock().next());
        if (aheadMs > 0 && aheadMs <= FLOOR_WAIT_MS_MAX) {
            loop.later(aheadMs, () -> proposeReady(ballot));
            return;
        }
        Configuration members = core.configuration();
        byte[] payload = core.nextSlot() == 1 && members != null ? members.encode() : new byte[0];
        Entry.Kind kind = payload.length > 0 ? Entry.Kind.CONFIGURATION : Entry.Kind.NOOP;
        inheritedTimestamp = lastTimestamp;
        readySlot = propose(kind, nextTimestamp(), payload).slot();
    }

    private void tick() {
        if (!failed) {
            step(core.tick(nowMs()));
        }
    }

    private void apply(Entry entry) {
        // Whoever hears of the entry finds it applied.
        Applying.apply(context.machine(), context.applier(), group, entry, position -> applied = position);
        core.applied(entry.slot());
        if (entry.kind() == Entry.Kind.CONFIGURATION) {
            appliedConfiguration = Configuration.decode(entry.payload());
        }
        loop.countApplied();
        if (entry.slot() == readySlot) {
            ready = true;
            ownership.gained();
        }
        waitingForSlot.reached(entry.slot());
    }
}
