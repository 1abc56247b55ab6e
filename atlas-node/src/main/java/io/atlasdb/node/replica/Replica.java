package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Chain;
import io.atlasdb.node.consensus.Effects;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * One group at this node: carries out what the core asks for. All methods but {@link #execute}, {@link #isReady} and
 * {@link #applied} belong to the thread of the group's loop.
 */
public final class Replica {
    private final long group;
    private final int node;
    private final Loop loop;
    private final GroupCore core;
    private final Chain chain;
    private final StateMachine machine;
    private final Applier applier;
    private final Network network;
    private final HybridClock clock;
    private final byte[] configuration;

    private final List<Entry> proposed = new ArrayList<>();
    private final List<Runnable> waitingForReady = new ArrayList<>();
    private long tailSlot;
    private Hash tailHash = Hash.ZERO;
    /** The slot whose application makes this owner ready: its own first entry, above all that it recovered. */
    private long readySlot = Long.MAX_VALUE;

    private final long inheritedTimestamp;

    private volatile boolean ready;
    private volatile Position applied;

    Replica(
            long group,
            int node,
            Loop loop,
            GroupCore core,
            Chain chain,
            StateMachine machine,
            Applier applier,
            Network network,
            HybridClock clock,
            byte[] configuration,
            long inheritedTimestamp) {
        this.group = group;
        this.node = node;
        this.loop = loop;
        this.core = core;
        this.chain = chain;
        this.machine = machine;
        this.applier = applier;
        this.network = network;
        this.clock = clock;
        this.configuration = configuration;
        this.inheritedTimestamp = inheritedTimestamp;
        this.applied = machine.applied(group);
    }

    public long group() {
        return group;
    }

    /** Runs a task on this group's thread. From any thread; never waits. */
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** Whether this node owns the group and has applied all that earlier owners left. From any thread. */
    public boolean isReady() {
        return ready;
    }

    /** Whether the log holds entries of an earlier life that are not known to be chosen. Before the loops start only. */
    public boolean hasTail() {
        return core.nextSlot() > core.commitIndex() + 1;
    }

    /** No entry that this node found when it started has a timestamp above it; 0 for a new group. From any thread. */
    public long inheritedTimestamp() {
        return inheritedTimestamp;
    }

    /** How far this node has applied the group. From any thread. */
    public Position applied() {
        return applied;
    }

    /** Runs a task once this node owns the group, and tries to own it when it does not. */
    public void whenReady(Runnable task) {
        if (ready) {
            task.run();
            return;
        }
        waitingForReady.add(task);
        if (core.role() == GroupCore.Role.FOLLOWER) {
            carryOut(core.campaign());
        }
    }

    /**
     * Puts an entry at the end of the log. Only when ready.
     *
     * @param timestamp above that of every earlier entry
     * @return the slot that it takes
     */
    public long propose(Entry.Kind kind, long timestamp, byte[] payload) {
        assert core.role() == GroupCore.Role.OWNER : "group " + group + " is not owned here";
        if (proposed.isEmpty()) {
            tailSlot = core.nextSlot() - 1;
            tailHash = core.tailHash();
        }
        tailSlot++;
        tailHash = chain.next(tailHash, tailSlot, kind, timestamp, payload);
        proposed.add(new Entry(tailSlot, tailHash, kind, timestamp, payload));
        loop.touch(this);
        return tailSlot;
    }

    /** Takes a message of a member of the group. */
    void receive(int from, Message message) {
        boolean owned = core.role() == GroupCore.Role.OWNER;
        carryOut(core.receive(from, message));
        if (!owned && core.role() == GroupCore.Role.OWNER) {
            Entry.Kind kind = core.nextSlot() == 1 ? Entry.Kind.CONFIGURATION : Entry.Kind.NOOP;
            byte[] payload = kind == Entry.Kind.CONFIGURATION ? configuration : new byte[0];
            readySlot = propose(kind, clock.next(), payload);
        }
    }

    /** Hands what was proposed in this round to the core. */
    void flush() {
        if (!proposed.isEmpty()) {
            List<Entry> entries = List.copyOf(proposed);
            proposed.clear();
            carryOut(core.propose(entries));
        }
    }

    private void carryOut(Effects effects) {
        for (Effects.Durable durable : effects.persist) {
            loop.persist(record(durable));
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
    }

    private void deliver(Effects.Send send) {
        if (send.node() == node) {
            receive(node, send.message());
        } else {
            network.send(send.node(), group, send.message());
        }
    }

    private LogRecord record(Effects.Durable durable) {
        if (durable instanceof Effects.Durable.Promise promise) {
            return new LogRecord.Promise(group, promise.ballot(), promise.ownRound());
        }
        if (durable instanceof Effects.Durable.Accept accept) {
            return new LogRecord.Accept(group, accept.ballot(), accept.entry());
        }
        return new LogRecord.Commit(group, ((Effects.Durable.Commit) durable).slot());
    }

    private void apply(Entry entry) {
        applied = applyTo(machine, applier, group, entry);
        core.applied(entry.slot());
        loop.countApplied();
        if (entry.slot() == readySlot) {
            ready = true;
            List<Runnable> tasks = List.copyOf(waitingForReady);
            waitingForReady.clear();
            tasks.forEach(Runnable::run);
        }
    }

    /** Applies one entry; used while running and while recovering alike. */
    static Position applyTo(StateMachine machine, Applier applier, long group, Entry entry) {
        Position position = new Position(entry.slot(), entry.hash(), entry.timestamp());
        Applier.Applied applied =
                entry.kind() == Entry.Kind.COMMAND ? applier.apply(group, entry) : new Applier.Applied(List.of(), "");
        machine.apply(group, position, applied.mutations());
        if (entry.kind() == Entry.Kind.COMMAND) {
            applier.applied(group, entry, applied.outcome());
        }
        return position;
    }
}
