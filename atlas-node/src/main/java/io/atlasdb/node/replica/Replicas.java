package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.consensus.Settings;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All groups of a node: recovers them from journal and store, spreads them over loops, and checkpoints what they applied. */
public final class Replicas implements AutoCloseable {
    private final Journal journal;
    private final Replica.Context context;
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
    private final List<Loop> loops = new ArrayList<>();
    private final Map<Long, Replica> replicas = new ConcurrentHashMap<>();
    private volatile boolean closing;
    /** Entries that had been applied when the last checkpoint began. */
    private long checkpointed;

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
        this.context = new Replica.Context(
                options.self(),
                new ChainHash(),
                machine,
                applier,
                network,
                clock,
                options.settings(),
                (replica, member) ->
                        LOG.warn("group {} lacks entries that node {} no longer holds", replica.group(), member));
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
        Position position = context.machine().applied(group);
        if (position.slot() < replayed.base.slot()) {
            throw ErrorCode.CORRUPT.error("group " + group + " is applied up to slot " + position.slot()
                    + " and the log begins after " + replayed.base.slot());
        }
        for (Message.Accepted accepted : replayed.above(position.slot())) {
            Entry entry = accepted.entry();
            context.clock().observe(entry.timestamp());
            if (entry.slot() > replayed.committed) {
                continue;
            }
            if (entry.slot() != position.slot() + 1
                    || !entry.hash()
                            .equals(context.chain()
                                    .next(
                                            position.hash(),
                                            entry.slot(),
                                            entry.kind(),
                                            entry.timestamp(),
                                            entry.payload()))) {
                throw ErrorCode.CORRUPT.error(
                        "slot " + entry.slot() + " of group " + group + " does not follow slot " + position.slot());
            }
            position = Replica.applyTo(context.machine(), context.applier(), group, entry);
        }
        add(group, position, replayed.state(position));
    }

    private Replica add(long group, Position position, GroupCore.State state) {
        Loop loop = loops.get((int) Math.floorMod(group, (long) loops.size()));
        GroupCore core = new GroupCore(context.self(), 0, context.settings(), context.chain(), state, loop.nowMs());
        long last = position.timestamp();
        for (Message.Accepted accepted : state.accepted()) {
            last = Math.max(last, accepted.entry().timestamp());
        }
        Replica replica = new Replica(group, context, loop, core, position, last);
        replicas.put(group, replica);
        return replica;
    }

    /** Starts the loops. Groups are owned when they are first needed. */
    public void start() {
        loops.forEach(Loop::start);
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
            replica.execute(() -> replica.learn(genesis));
        }
        return replica;
    }

    private synchronized Replica make(long group) {
        Replica found = replicas.get(group);
        return found != null ? found : add(group, context.machine().applied(group), GroupCore.State.fresh(null));
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
     * was applied since. Called by one thread at a time.
     */
    public void checkpoint() {
        long applied = loops.stream().mapToLong(Loop::applied).sum();
        if (!closing && applied != checkpointed) {
            journal.append(List.of(context.machine().checkpoint()), () -> {});
            checkpointed = applied;
        }
    }

    /** Ends the loops, writes a last checkpoint, and closes journal and store. */
    @Override
    public void close() {
        closing = true;
        loops.forEach(Loop::close);
        journal.append(List.of(context.machine().checkpoint()), () -> {});
        journal.close();
        context.machine().close();
    }
}
