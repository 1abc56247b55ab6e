package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.consensus.Restored;
import io.atlasdb.node.consensus.Settings;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All groups of a node: recovers them from journal and store, spreads them over loops, and checkpoints what they applied. */
public final class Replicas implements AutoCloseable {
    private final Journal journal;
    private final ReplicaContext context;
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
    private final List<Loop> loops = new ArrayList<>();
    private final Map<Long, Replica> replicas = new ConcurrentHashMap<>();
    private volatile boolean closing;
    private boolean closed;
    /** Entries that had been applied when the last checkpoint began. */
    private long checkpointed;

    private @Nullable SnapshotServer snapshotServer;
    private volatile @Nullable SnapshotReceiver snapshotReceiver;

    /**
     * What the replicas of a node stand on.
     *
     * @param self the node and its zone
     * @param settings of the protocol
     * @param drivers what runs the loops that serve groups, 1 or more
     */
    public record Options(Configuration.Voter self, Settings settings, List<Driver> drivers) {}

    /** Threads that run loops; {@code fatal} ends the process, and is called when going on could break a promise. */
    public static List<Driver> threads(int count, Consumer<Throwable> fatal) {
        List<Driver> drivers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drivers.add(new ThreadDriver("atlas-loop-" + i, fatal));
        }
        return drivers;
    }

    private Replicas(
            Options options,
            Journal journal,
            StateMachine machine,
            Applier applier,
            Network network,
            HybridClock clock) {
        this.journal = journal;
        this.context = new ReplicaContext(
                options.self(),
                new ChainHash(),
                machine,
                applier,
                network,
                clock,
                options.settings(),
                this::takeSnapshot);
        options.drivers().forEach(driver -> loops.add(new Loop(driver, journal)));
    }

    /**
     * Reads the journal, opens the store at the journal's last checkpoint, applies what is committed and not yet applied.
     *
     * @param openStore opens the state machine, given the version of the last checkpoint
     * @param applier makes the applier for that state machine
     * @throws io.atlasdb.proto.AtlasException {@code CORRUPT} when log and store do not fit each other
     */
    public static Replicas open(
            Options options,
            Journal journal,
            LongFunction<StateMachine> openStore,
            Function<StateMachine, Applier> applier,
            Network network,
            HybridClock clock) {
        SortedMap<Long, Replayed> groups = new TreeMap<>();
        Journal.Recovery recovery = journal.recover(record -> replay(groups, record));
        if (recovery.damaged()) {
            throw ErrorCode.CORRUPT.error("the log lost records that were forced; restore this node from a backup");
        }
        StateMachine machine = openStore.apply(recovery.checkpointVersion());
        Replicas replicas = new Replicas(options, journal, machine, applier.apply(machine), network, clock);
        try {
            machine.positions().forEach((group, position) -> {
                clock.observe(position.timestamp());
                groups.computeIfAbsent(group, any -> new Replayed());
            });
            machine.installing().forEach(group -> groups.computeIfAbsent(group, any -> new Replayed()));
            groups.forEach(replicas::restore);
        } catch (RuntimeException e) {
            machine.close();
            throw e;
        }
        return replicas;
    }

    private static void replay(SortedMap<Long, Replayed> groups, LogRecord record) {
        if (record instanceof LogRecord.Promise promise) {
            of(groups, promise.group()).promise(promise);
        } else if (record instanceof LogRecord.Accept accept) {
            of(groups, accept.group()).accept(accept);
        } else if (record instanceof LogRecord.Commit commit) {
            of(groups, commit.group()).commit(commit.slot());
        } else if (record instanceof LogRecord.GroupState state) {
            of(groups, state.group()).state(state);
        }
    }

    private static Replayed of(SortedMap<Long, Replayed> groups, long group) {
        return groups.computeIfAbsent(group, any -> new Replayed());
    }

    private void restore(long group, Replayed replayed) {
        StateMachine machine = context.machine();
        Installation last = machine.installation(group);
        if (last != null && last.complete()) {
            // The journal may not know yet: the snapshot is durable before its record is. It must know before entries
            // follow:
            // these would hang in the air once the store holds part of the next snapshot only.
            LogRecord.GroupState state =
                    new LogRecord.GroupState(group, Ballot.NONE, 0, 0, last.position(), last.configuration());
            if (replayed.base.slot() < last.position().slot()) {
                journal.append(List.of(state), () -> {});
            }
            replayed.state(state);
        }
        Position position = machine.applied(group);
        boolean cutShort = last != null && !last.complete();
        boolean departed = last != null && last.isDeparture();
        if (cutShort || position.slot() < replayed.base.slot()) {
            restoreBySnapshot(group, replayed, position, cutShort);
            return;
        }
        if (position.slot() > replayed.lastSlot()) {
            // Chosen entries were applied before their records were forced: what follows must not leave a gap in the
            // log.
            byte[] members = replayed.configurationAt(position.slot());
            journal.append(List.of(new LogRecord.GroupState(group, Ballot.NONE, 0, 0, position, members)), () -> {});
        }
        for (Message.Accepted accepted : replayed.above(position.slot())) {
            Entry entry = accepted.entry();
            if (entry.slot() <= replayed.committed) {
                context.clock().observe(entry.timestamp());
                checkFollows(group, entry, position);
                position = Applying.apply(machine, context.applier(), group, entry, reached -> {});
            }
        }
        Position end = position;
        for (Message.Accepted accepted : replayed.above(position.slot())) {
            Entry entry = accepted.entry();
            if (!follows(entry, end)) {
                // Accepted above what a snapshot replaced: it was never chosen.
                replayed.cut(entry.slot());
                break;
            }
            context.clock().observe(entry.timestamp());
            end = new Position(entry.slot(), entry.hash(), entry.timestamp());
        }
        Replica replica = add(group, position, replayed.state(position));
        if (departed) {
            replica.departed();
        }
    }

    /** The store holds no state of the group, or part of one: other members have it, while the log keeps what was promised. */
    private void restoreBySnapshot(long group, Replayed replayed, Position position, boolean cutShort) {
        Restored state = replayed.state(replayed.base);
        Configuration known = state.configuration();
        if (!cutShort) {
            if (known == null || known.members().size() == 1) {
                throw ErrorCode.CORRUPT.error("group " + group + " is applied up to slot " + position.slot()
                        + " and the log begins after " + replayed.base.slot());
            }
            LOG.warn("the store does not hold group {}; it is taken from another node", group);
            context.machine().beginInstall(group, false);
        }
        add(group, context.machine().applied(group), state).installing();
    }

    private boolean follows(Entry entry, Position position) {
        return entry.slot() == position.slot() + 1
                && entry.hash()
                        .equals(context.chain()
                                .next(position.hash(), entry.slot(), entry.kind(), entry.timestamp(), entry.payload()));
    }

    private void checkFollows(long group, Entry entry, Position position) {
        if (!follows(entry, position)) {
            throw ErrorCode.CORRUPT.error(
                    "slot " + entry.slot() + " of group " + group + " does not follow slot " + position.slot());
        }
    }

    private Replica add(long group, Position position, Restored state) {
        Loop loop = loops.get((int) Math.floorMod(group, (long) loops.size()));
        GroupCore core = new GroupCore(context.self(), 0, context.settings(), context.chain(), state, loop.nowMs());
        long last = position.timestamp();
        for (Message.Accepted accepted : state.accepted()) {
            last = Math.max(last, accepted.entry().timestamp());
        }
        Replica replica = new Replica(group, context, loop, core, new HeldBack(state.accepted()), position, last);
        replicas.put(group, replica);
        return replica;
    }

    /**
     * Gives snapshots to other nodes and takes them. Before {@link #start}.
     *
     * @param disk runs what reads and writes the store for them, in order of submission
     * @param life a number that is larger in each life of this node
     */
    public void exchangeSnapshots(Link link, Executor disk, long life) {
        SnapshotServer server = new SnapshotServer(this, disk, life);
        snapshotServer = server;
        snapshotReceiver = new SnapshotReceiver(this, link, disk, SnapshotReceiver.Options.DEFAULT);
        link.serve(Link.Service.SNAPSHOT, server);
    }

    private void takeSnapshot(Replica replica, int member) {
        SnapshotReceiver receiver = snapshotReceiver;
        if (receiver == null) {
            LOG.warn("group {} lacks entries that node {} no longer holds", replica.group(), member);
        } else {
            receiver.take(replica, member);
        }
    }

    /** Snapshots that are on their way to this node. */
    public List<SnapshotProgress> snapshots() {
        SnapshotReceiver receiver = snapshotReceiver;
        return receiver == null ? List.of() : receiver.progress();
    }

    /** See {@link Applier#oldestOpen}. */
    long oldestOpen(long group) {
        return context.applier().oldestOpen(group);
    }

    /**
     * Removes the rows and entries of a group that this node has left, for good: a later membership begins with a snapshot. Position,
     * members and promises stay. That the group goes on without this node the caller has made sure of.
     *
     * @param position where other members are
     * @param at the members there
     * @return completes with true when nothing of it is left on disk, with false when the group is in use here
     */
    public CompletableFuture<Boolean> depart(long group, Position position, Configuration at) {
        Replica replica = replicas.get(group);
        SnapshotReceiver receiver = snapshotReceiver;
        if (replica == null || receiver == null || at.hasMember(self())) {
            return CompletableFuture.completedFuture(false);
        }
        return receiver.depart(replica, position, at);
    }

    /** Timestamps drawn here from now on lie above this one. */
    void observe(long timestamp) {
        context.clock().observe(timestamp);
    }

    /** The number of this node. */
    public int self() {
        return context.self().node();
    }

    /** Starts the loops. Groups are owned when they are first needed. */
    public void start() {
        loops.forEach(Loop::start);
        SnapshotReceiver receiver = snapshotReceiver;
        if (receiver != null) {
            replicas.values().stream()
                    .filter(one -> one.isInstalling() && !one.isDeparted())
                    .forEach(receiver::again);
        }
    }

    /** The replica of a group, or null when the group does not exist here. */
    public @Nullable Replica find(long group) {
        return replicas.get(group);
    }

    /**
     * The replica of a group, made when it does not exist.
     *
     * @param genesis the members that the group begins with; every node must name the same ones
     */
    public Replica make(long group, Configuration genesis) {
        Replica replica = make(group);
        if (replica.configuration() == null) {
            replica.execute(() -> learn(replica, genesis));
        }
        return replica;
    }

    private void learn(Replica replica, Configuration genesis) {
        replica.learn(genesis);
        SnapshotReceiver receiver = snapshotReceiver;
        if (receiver != null && replica.isInstalling()) {
            receiver.again(replica); // when it was restored it knew nobody to ask
        }
    }

    private synchronized Replica make(long group) {
        Replica found = replicas.get(group);
        return found != null ? found : add(group, context.machine().applied(group), Restored.fresh(null));
    }

    /** Takes a message of another node. From any thread. */
    public void receive(int from, long group, Message message) {
        Replica replica = replicas.get(group);
        Replica receiver = replica != null ? replica : make(group);
        receiver.execute(() -> receiver.receive(from, message));
    }

    /** A node can be reached again: what it lacks is sent to it. From any thread. */
    public void wake(int node) {
        replicas.values().forEach(replica -> replica.execute(() -> replica.wake(node)));
    }

    /** The groups of this node. */
    public List<Replica> all() {
        return List.copyOf(replicas.values());
    }

    /** How many groups this node has. */
    public int count() {
        return replicas.size();
    }

    public StateMachine machine() {
        return context.machine();
    }

    /** Whether the disk is almost full. */
    public boolean full() {
        return journal.full();
    }

    /**
     * Makes durable what is applied and says so in the journal, so that older segments can be given up; nothing when nothing
     * was applied since.
     */
    public void checkpoint() {
        long applied = loops.stream().mapToLong(Loop::applied).sum();
        if (!closing && applied != checkpointed) {
            checkpoint(List.of(), () -> {});
            checkpointed = applied;
        }
    }

    /** Makes durable what is applied and installed; runs {@code forced} when these records and the checkpoint are, too. */
    synchronized void checkpoint(List<LogRecord> records, Runnable forced) {
        if (closed) {
            return;
        }
        List<LogRecord> all = new ArrayList<>(records);
        all.add(context.machine().checkpoint());
        journal.append(all, forced);
    }

    /** Ends the loops, writes a last checkpoint, and closes journal and store. */
    @Override
    public void close() {
        closing = true;
        SnapshotReceiver receiver = snapshotReceiver;
        if (receiver != null) {
            receiver.close();
        }
        loops.forEach(Loop::close);
        SnapshotServer server = snapshotServer;
        if (server != null) {
            server.close();
        }
        synchronized (this) {
            checkpoint(List.of(), () -> {});
            closed = true;
        }
        journal.close();
        context.machine().close();
    }
}
