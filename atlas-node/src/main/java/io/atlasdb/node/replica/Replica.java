package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Effects;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.consensus.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
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
    private static final long TICK_MS = 20;
    /** Without news for this long a group keeps no entries for members that lag. */
    private static final long IDLE_MS = 10_000;
    /** Ceilings that lie further ahead than this are not waited for, milliseconds. */
    private static final long FLOOR_WAIT_MS_MAX = 5_000;

    private static final Long NEXT_ROUND = Long.MAX_VALUE;

    private final long group;
    private final Context context;
    private final Loop loop;
    private final GroupCore core;

    private final List<Entry> proposed = new ArrayList<>();
    private long tailSlot;
    private Hash tailHash = Hash.ZERO;
    private long lastTimestamp;
    private long inheritedTimestamp;
    /** The slot whose application makes this owner ready: its own first entry, above all that it recovered. */
    private long readySlot = Long.MAX_VALUE;

    private Ownership ownership = Ownership.NONE;
    private final TreeMap<Long, List<Runnable>> waitingForSlot = new TreeMap<>();
    /** Reads that wait for a round of confirmation, by its number; those under {@link #NEXT_ROUND} begin one. */
    private final TreeMap<Long, List<Runnable>> waitingForRound = new TreeMap<>();

    private long wantedCeiling;
    private boolean owned;
    private boolean readyProposed;
    private boolean ticking;
    private boolean idling;
    private long activeAtMs;
    private boolean failed;

    private volatile boolean ready;
    private volatile long leaseUntilMs = Long.MIN_VALUE;
    private volatile long readableTo;
    private volatile boolean installing;
    private volatile Position applied;
    private volatile int owner;
    private volatile @Nullable Configuration configuration;

    /** What all replicas of a node share. */
    record Context(
            Configuration.Voter self,
            ChainHash chain,
            StateMachine machine,
            Applier applier,
            Network network,
            HybridClock clock,
            Settings settings,
            SnapshotSource snapshots) {}

    Replica(long group, Context context, Loop loop, GroupCore core, Position applied, long lastTimestamp) {
        this.group = group;
        this.context = context;
        this.loop = loop;
        this.core = core;
        this.applied = applied;
        this.lastTimestamp = lastTimestamp;
        this.configuration = core.configuration();
        this.owner = core.promised().node();
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

    /** Whether this node owns the group and has applied all that earlier owners left. From any thread. */
    public boolean isReady() {
        return ready;
    }

    /**
     * Whether the owner may serve a read at a timestamp from memory: its lease runs, and no later owner will assign a timestamp
     * at or below it. What the caller wants to tell it must have looked up before. From any thread.
     */
    public boolean canRead(long timestamp) {
        return ready && timestamp <= readableTo && nowMs() < leaseUntilMs;
    }

    /** Whether it is time to renew the lease with {@link #confirm}. From any thread. */
    public boolean isLeaseOld() {
        return leaseUntilMs - nowMs() < context.settings().leaseMs() / 2;
    }

    /** The node that owns the group as far as this one knows, by the highest ballot seen; 0 when none is known. Any thread. */
    public int owner() {
        return owner;
    }

    /** The members; null while this node knows the group only by name. From any thread. */
    public @Nullable Configuration configuration() {
        return configuration;
    }

    /** How far this node has applied the group. From any thread. */
    public Position applied() {
        return applied;
    }

    /** Whether the log holds entries that are not known to be chosen. Before the loops start only. */
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
        configuration = core.configuration();
    }

    /** Tries to own the group, when it is not trying already. */
    public void campaign() {
        if (core.role() == GroupCore.Role.FOLLOWER) {
            step(core.campaign(nowMs(), Ballot.NONE));
        }
    }

    /** Gives up trying to own the group. */
    public void stopCampaign() {
        if (core.role() == GroupCore.Role.CANDIDATE) {
            core.stepDown();
        }
    }

    /** Whether this node tries to own the group. */
    public boolean isCampaigning() {
        return core.role() == GroupCore.Role.CANDIDATE;
    }

    /**
     * Timestamp for the next entry: above every earlier one and above what earlier owners promised to readers.
     */
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
        assert core.role() == GroupCore.Role.OWNER : "group " + group + " is not owned here";
        if (proposed.isEmpty()) {
            tailSlot = core.nextSlot() - 1;
            tailHash = core.tailHash();
        }
        tailSlot++;
        tailHash = context.chain().next(tailHash, tailSlot, kind, timestamp, payload);
        Entry entry = new Entry(tailSlot, tailHash, kind, timestamp, payload);
        proposed.add(entry);
        loop.touch(this);
        return entry;
    }

    /** As ready owner, changes the members of the group. */
    public Entry reconfigure(Configuration next) {
        return propose(Entry.Kind.CONFIGURATION, nextTimestamp(), next.encode());
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
        boolean granted = timestamp <= core.grantedCeiling() || timestamp <= applied.timestamp();
        if (granted && core.hasLease(now)) {
            if (core.leaseUntilMs() - now < context.settings().leaseMs() / 2 && waitingForRound.isEmpty()) {
                askForRound(timestamp, () -> {});
            }
            task.run();
        } else {
            askForRound(timestamp, task);
        }
    }

    private void askForRound(long timestamp, Runnable task) {
        // As far ahead as the lease that comes with it, so that one round serves the reads of that time.
        long ahead = HybridClock.of(
                HybridClock.millis(timestamp) + context.settings().leaseMs());
        wantedCeiling = Math.max(wantedCeiling, Math.max(ahead, timestamp));
        waitingForRound.computeIfAbsent(NEXT_ROUND, any -> new ArrayList<>()).add(task);
        loop.touch(this);
    }

    /** Runs a task once everything up to a slot is applied here. The caller minds the time. */
    public void whenApplied(long slot, Runnable task) {
        if (slot <= applied.slot()) {
            task.run();
        } else {
            waitingForSlot.computeIfAbsent(slot, any -> new ArrayList<>()).add(task);
        }
    }

    /**
     * As ready owner, lets go of the group for another voter; refused while entries are on their way.
     *
     * @return whether it was handed over
     */
    public boolean handOver(int target) {
        if (!ready || !proposed.isEmpty() || !core.canPropose() || core.nextSlot() != core.commitIndex() + 1) {
            return false;
        }
        step(core.handOver(target, lastTimestamp));
        return true;
    }

    /** Takes a message of a member of the group. */
    void receive(int from, Message message) {
        if (!failed) {
            activeAtMs = nowMs();
            step(core.receive(activeAtMs, from, message));
        }
    }

    /** A node can be reached again after a time. */
    void wake(int member) {
        core.wake(nowMs(), member);
        tickLater();
    }

    /** Hands what was proposed in this round to the core, and begins a round for the reads that came. */
    void flush() {
        while (!proposed.isEmpty() && core.canPropose()) {
            int count = 0;
            do {
                count++;
            } while (count < proposed.size() && proposed.get(count - 1).kind() != Entry.Kind.CONFIGURATION);
            List<Entry> entries = List.copyOf(proposed.subList(0, count));
            proposed.subList(0, count).clear();
            activeAtMs = nowMs();
            step(core.propose(activeAtMs, entries));
        }
        List<Runnable> readers = owned ? waitingForRound.remove(NEXT_ROUND) : null;
        if (readers != null) {
            Effects effects = core.confirm(nowMs(), wantedCeiling);
            waitingForRound.put(core.lastRound(), readers);
            step(effects);
        }
    }

    /** A snapshot begins to replace what is applied; nothing is promised until {@link #installed}. */
    void installing() {
        installing = true;
        core.installing();
        settle();
    }

    /** Whether a snapshot is replacing the group's state, so that nothing can be read or promised. From any thread. */
    public boolean isInstalling() {
        return installing;
    }

    /** The slot up to which everything is known to be chosen. */
    long chosen() {
        return core.commitIndex();
    }

    /** See {@link GroupCore#hold}. */
    void hold(long slot) {
        core.hold(slot);
    }

    /** A snapshot was installed and is durable. */
    void installed(Position position, Configuration at) {
        applied = position;
        lastTimestamp = Math.max(lastTimestamp, position.timestamp());
        installing = false;
        context.applier().installed(group);
        step(core.installed(nowMs(), position.slot(), position.hash(), at));
        reached(position.slot());
    }

    private void step(Effects effects) {
        if (effects.corruption != null) {
            failed = true;
            core.stepDown();
            LOG.error("group {} stops at this node: {}", group, effects.corruption);
        }
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
        for (Entry entry : effects.chosen) {
            apply(entry);
        }
        if (effects.snapshotFrom != 0) {
            context.snapshots().take(this, effects.snapshotFrom);
        }
        settle();
    }

    private void deliver(Effects.Send send) {
        if (send.node() == context.self().node()) {
            receive(send.node(), send.message());
        } else {
            context.network().send(send.node(), group, send.message());
        }
    }

    /** Follows up what the last step changed: ownership, rounds, timers. */
    private void settle() {
        owner = core.promised().node();
        configuration = core.configuration();
        leaseUntilMs = core.hasLease(nowMs()) ? core.leaseUntilMs() : Long.MIN_VALUE;
        readableTo = core.grantedCeiling();
        if (owned && core.role() != GroupCore.Role.OWNER) {
            lose();
        }
        if (core.role() == GroupCore.Role.OWNER) {
            owned = true;
            if (!readyProposed && core.canPropose()) {
                readyProposed = true;
                proposeReady(core.ballot());
            }
            if (!proposed.isEmpty() && core.canPropose()) {
                loop.touch(this);
            }
            List<Runnable> confirmed = new ArrayList<>();
            while (!waitingForRound.isEmpty() && waitingForRound.firstKey() <= core.confirmedRound()) {
                confirmed.addAll(waitingForRound.pollFirstEntry().getValue());
            }
            confirmed.forEach(Runnable::run);
        }
        tickLater();
        idleLater();
    }

    private void lose() {
        boolean wasReady = ready;
        owned = false;
        ready = false;
        readyProposed = false;
        readySlot = Long.MAX_VALUE;
        proposed.clear();
        waitingForRound.clear();
        wantedCeiling = 0;
        if (wasReady) {
            ownership.lost();
        }
    }

    /** The own first entry. It waits for the clock when earlier owners promised reads at times that are still to come. */
    private void proposeReady(Ballot ballot) {
        if (core.role() != GroupCore.Role.OWNER || !core.ballot().equals(ballot)) {
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

    private void tickLater() {
        if (!ticking && !core.isQuiet()) {
            ticking = true;
            loop.later(TICK_MS, () -> {
                ticking = false;
                if (!failed) {
                    step(core.tick(nowMs()));
                }
            });
        }
    }

    private void idleLater() {
        if (!idling && nowMs() - activeAtMs < IDLE_MS) {
            idling = true;
            loop.later(IDLE_MS, () -> {
                idling = false;
                if (nowMs() - activeAtMs >= IDLE_MS) {
                    core.idle(applied.slot());
                } else {
                    idleLater();
                }
            });
        }
    }

    private void apply(Entry entry) {
        // Whoever hears of the entry finds it applied.
        applyTo(context.machine(), context.applier(), group, entry, position -> applied = position);
        core.applied(entry.slot());
        loop.countApplied();
        if (entry.slot() == readySlot) {
            ready = true;
            ownership.gained();
        }
        reached(entry.slot());
    }

    private void reached(long slot) {
        while (!waitingForSlot.isEmpty() && waitingForSlot.firstKey() <= slot) {
            waitingForSlot.pollFirstEntry().getValue().forEach(Runnable::run);
        }
    }

    /** Applies one entry; used while running and while recovering alike. */
    static Position applyTo(
            StateMachine machine, Applier applier, long group, Entry entry, Consumer<Position> reached) {
        Position position = new Position(entry.slot(), entry.hash(), entry.timestamp());
        Applier.Applied applied =
                entry.kind() == Entry.Kind.COMMAND ? applier.apply(group, entry) : new Applier.Applied(List.of(), "");
        machine.apply(group, position, applied.mutations());
        reached.accept(position);
        if (entry.kind() == Entry.Kind.COMMAND) {
            applier.applied(group, entry, applied.outcome());
        }
        return position;
    }
}
