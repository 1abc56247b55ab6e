package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Chain;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Message;
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

/** All groups of a node: recovers them from journal and store, spreads them over loops, and checkpoints what they applied. */
public final class Replicas implements AutoCloseable {
    private final Configuration.Voter self;
    private final Configuration initial;
    private final Journal journal;
    private final StateMachine machine;
    private final Applier applier;
    private final Network network;
    private final HybridClock clock;
    private final Chain chain = new ChainHash();
    private final List<Loop> loops = new ArrayList<>();
    private final Map<Long, Replica> replicas = new ConcurrentHashMap<>();
    private volatile boolean closing;
    /** Entries that had been applied when the last checkpoint began. */
    private long checkpointed;

    /**
     * What the replicas of a node stand on.
     *
     * @param self the node and its zone
     * @param initial the configuration of a group that is made here
     * @param loops threads that serve groups, 1 or more
     * @param fatal ends the process; called when going on could break a promise
     */
    public record Options(Configuration.Voter self, Configuration initial, int loops, Consumer<Throwable> fatal) {}

    private Replicas(
            Options options,
            Journal journal,
            StateMachine machine,
            Applier applier,
            Network network,
            HybridClock clock) {
        this.self = options.self();
        this.initial = options.initial();
        this.journal = journal;
        this.machine = machine;
        this.applier = applier;
        this.network = network;
        this.clock = clock;
        for (int i = 0; i < options.loops(); i++) {
            loops.add(new Loop("atlas-loop-" + i, journal, options.fatal()));
        }
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
        Position position = machine.applied(group);
        if (position.slot() < replayed.base.slot()) {
            throw ErrorCode.CORRUPT.error("group " + group + " is applied up to slot " + position.slot()
                    + " and the log begins after " + replayed.base.slot());
        }
        for (Message.Accepted accepted : replayed.above(position.slot())) {
            Entry entry = accepted.entry();
            clock.observe(entry.timestamp());
            if (entry.slot() > replayed.committed) {
                continue;
            }
            if (entry.slot() != position.slot() + 1
                    || !entry.hash()
                            .equals(chain.next(
                                    position.hash(), entry.slot(), entry.kind(), entry.timestamp(), entry.payload()))) {
                throw ErrorCode.CORRUPT.error(
                        "slot " + entry.slot() + " of group " + group + " does not follow slot " + position.slot());
            }
            position = Replica.applyTo(machine, applier, group, entry);
        }
        byte[] stored = replayed.configurationAt(position.slot());
        Configuration configuration = stored.length == 0 ? initial : Configurations.decode(stored);
        add(group, position, replayed.promised, replayed.ownRound, configuration, replayed.above(position.slot()));
    }

    private Replica add(
            long group,
            Position position,
            Ballot promised,
            long ownRound,
            Configuration configuration,
            List<Message.Accepted> accepted) {
        GroupCore core = new GroupCore(
                self, 0, configuration, chain, promised, ownRound, position.slot(), position.hash(), accepted);
        Loop loop = loops.get((int) Math.floorMod(group, (long) loops.size()));
        Replica replica = new Replica(
                group,
                self.node(),
                loop,
                core,
                chain,
                machine,
                applier,
                network,
                clock,
                Configurations.encode(configuration),
                accepted.isEmpty()
                        ? position.timestamp()
                        : accepted.get(accepted.size() - 1).entry().timestamp());
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

    /** The replica of a group, made when it does not exist. */
    public synchronized Replica make(long group) {
        Replica found = replicas.get(group);
        return found != null ? found : add(group, machine.applied(group), Ballot.NONE, 0, initial, List.of());
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
        return machine;
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
            journal.append(List.of(machine.checkpoint()), () -> {});
            checkpointed = applied;
        }
    }

    /** Ends the loops, writes a last checkpoint, and closes journal and store. */
    @Override
    public void close() {
        closing = true;
        loops.forEach(Loop::close);
        journal.append(List.of(machine.checkpoint()), () -> {});
        journal.close();
        machine.close();
    }
}
