package io.atlasdb.node.kv;

import io.atlasdb.node.blob.Blobs;
import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Applier;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.LargeValues;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The store over the groups of this node. */
public final class KvStore implements Store, AutoCloseable {
    private final int node;
    private final HybridClock clock;
    private final Snapshots snapshots;
    private final Map<Long, KvGroup> groups = new ConcurrentHashMap<>();
    private final AtomicLong inFlightBytes = new AtomicLong();
    /** What clients may have in flight, bytes: the payload exists in memory several times until it is applied. */
    private final long inFlightBytesMax =
            Math.max(2L * Limits.TRANSACTION_BYTES_MAX, Runtime.getRuntime().maxMemory() / 8);

    /** What a session that did not write for a while may miss at the most, milliseconds. */
    private static final long SESSION_STALE_MS = 5_000;

    private final Dropped dropped = new Dropped();
    /** Up to where groups of other owners are known to be whole: bounded-stale reads up to there ask nobody. */
    private final Map<Long, Closed> closed = new ConcurrentHashMap<>();

    private final RandomGenerator random;
    private final Link link;
    private final Router router;
    private final Function<Placement, Configuration> newGroup;
    /** Transactions of this node that began earlier are nobody's any more. */
    private final long startedAt;

    private final History history;

    private volatile AccessListener accessListener = (group, from, isWrite) -> {};
    private volatile @Nullable Open open;
    private volatile BooleanSupplier mayOwn = () -> true;
    private volatile boolean closing;
    private volatile LargeValues large = LargeValues.NONE;

    /** Everything at or below the timestamp stands in slots up to this one. */
    record Closed(long timestamp, long slot) {}

    private final AtomicLong systemSlot = new AtomicLong();

    private record Open(Replicas replicas, GroupRegistry registry, Applier applier) {}

    /**
     * A store that is not open yet.
     *
     * @param newGroup the members of a group that is made now, by its placement; asked on any thread
     * @param random spreads attempts to own a group
     */
    public KvStore(
            int node,
            HybridClock clock,
            Link link,
            Function<Placement, Configuration> newGroup,
            RandomGenerator random) {
        this.node = node;
        this.clock = clock;
        this.link = link;
        this.newGroup = newGroup;
        this.random = random;
        this.snapshots = new Snapshots(clock);
        this.startedAt = clock.next();
        this.history = new History(clock, startedAt);
        this.router = new Router(node, this, link, clock);
    }

    /** The applier of this store's commands, for {@link Replicas#open}. */
    public Applier applier(StateMachine machine) {
        return new KvApplier(machine, this::applied);
    }

    /** Lets reads of the past reach so far back, milliseconds; never less than transactions live. Before {@link #open}. */
    public void keepHistory(long ms) {
        history.keep(ms);
    }

    /** Starts serving. Called once, when the replicas are started and group 0 is among them. */
    public void open(Replicas replicas) {
        open = new Open(replicas, new GroupRegistry(this, replicas.machine(), newGroup), applier(replicas.machine()));
        replicas.all().forEach(replica -> dropped.look(replica.group()));
    }

    /** Takes what keeps large values. Once, after {@link #open}. */
    public void keep(Blobs blobs) {
        large = blobs;
        blobs.start(node, link, this::members, new LargeReferences(replicas()));
    }

    @Override
    public LargeValues largeValues() {
        return large;
    }

    @Override
    public Snapshot snapshot() {
        return KvSnapshot.open(this, false, false);
    }

    @Override
    public Snapshot snapshot(ReadMode mode) {
        if (mode.kind() == ReadMode.Kind.STRONG) {
            return snapshot();
        }
        checkOpen();
        long now = clock.next();
        long staleMs = mode.kind() == ReadMode.Kind.STALE ? mode.staleMsMax() : SESSION_STALE_MS;
        long oldest = HybridClock.of(Math.max(0, HybridClock.millis(now) - staleMs));
        clock.observe(mode.timestampMin());
        return KvSnapshot.past(this, Math.max(oldest, mode.timestampMin()));
    }

    @Override
    public Snapshot draft() {
        return KvSnapshot.open(this, true, false);
    }

    @Override
    public Snapshot impatient(boolean draft) {
        return KvSnapshot.open(this, draft, true);
    }

    @Override
    public byte @Nullable [] known(long group, byte[] key) {
        checkOpen();
        return isMember(group) ? machine().get(group, key, Long.MAX_VALUE) : Store.super.known(group, key);
    }

    @Override
    public Snapshot snapshotAt(long timestamp) {
        checkOpen();
        long now = clock.next();
        if (timestamp > now) {
            throw ErrorCode.INVALID_PARAMETER.error("the time of a snapshot", timestamp, "it lies in the future");
        }
        history.checkPast(timestamp);
        return KvSnapshot.past(this, timestamp);
    }

    @Override
    public CompletableFuture<Long> commit(Commit commit) {
        long bytes = 0;
        try {
            checkOpen();
            for (Write write : commit.writes()) {
                bytes += Part.bytes(write);
            }
            check(commit, bytes);
        } catch (AtlasException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (commit.writes().isEmpty() && commit.drops().isEmpty()) {
            return ReadCheck.run(this, commit, parts(commit));
        }
        long taken = bytes;
        inFlightBytes.addAndGet(taken);
        return dispatch(commit).whenComplete((timestamp, failure) -> inFlightBytes.addAndGet(-taken));
    }

    private CompletableFuture<Long> dispatch(Commit commit) {
        SortedMap<Long, Part> parts = parts(commit);
        List<CompletableFuture<Void>> registered = new ArrayList<>();
        parts.forEach((group, part) -> {
            if (part.writes() && find(group) == null && members(group) == null) {
                registered.add(opened().registry().register(group, Placement.written(commit, group)));
            }
        });
        return registered.isEmpty()
                ? dispatch(commit, parts)
                : CompletableFuture.allOf(registered.toArray(CompletableFuture[]::new))
                        .thenCompose(all -> dispatch(commit, parts));
    }

    private CompletableFuture<Long> dispatch(Commit commit, SortedMap<Long, Part> parts) {
        CompletableFuture<Void> spread = LargeWrites.spread(large, parts);
        return spread == null ? send(commit, parts) : spread.thenCompose(held -> send(commit, parts));
    }

    private CompletableFuture<Long> send(Commit commit, SortedMap<Long, Part> parts) {
        long first = parts.firstKey();
        Part only = parts.get(first);
        if (parts.size() == 1 && only != null && !only.drop) {
            return ask(first, new Request.Write(null, commit.timestamp(), only)).thenApply(Answer::timestamp);
        }
        TxnId txn = new TxnId(node, clock.next());
        return new CrossGroup(this, txn, commit.timestamp(), parts).run();
    }

    /** Asks the owner of a group, see {@link Router#ask}. */
    CompletableFuture<Answer> ask(long group, Request request) {
        return router.ask(group, request);
    }

    private SortedMap<Long, Part> parts(Commit commit) {
        return Part.byGroup(commit, group -> members(group) != null);
    }

    private void check(Commit commit, long bytes) {
        if (bytes > Limits.TRANSACTION_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("the transaction", bytes + " bytes", Limits.TRANSACTION_BYTES_MAX);
        }
        if (commit.timestamp() != Commit.BLIND) {
            history.checkTransaction(commit.timestamp());
        }
        if (replicas().full()) {
            throw ErrorCode.DISK_FULL.error("the log has no room");
        }
        if (inFlightBytes.get() > inFlightBytesMax) {
            throw ErrorCode.BUSY.error("more than " + inFlightBytesMax + " bytes of writes are in flight");
        }
    }

    void checkOpen() {
        if (closing) {
            throw ErrorCode.SHUTTING_DOWN.error();
        }
    }

    History history() {
        return history;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    StateMachine machine() {
        return replicas().machine();
    }

    HybridClock clock() {
        return clock;
    }

    int node() {
        return node;
    }

    /** Takes who says whether this node may own groups: not while it is drained, or its clock is wrong. */
    public void ownWhen(BooleanSupplier says) {
        mayOwn = says;
    }

    /** Whether it takes work. */
    public boolean isOpen() {
        return !closing && open != null;
    }

    /** Whether writes are refused for want of disk space. */
    public boolean isFull() {
        return replicas().full();
    }

    /** Groups of this node. */
    public int groupCount() {
        return replicas().count();
    }

    /** Bytes of writes that clients have in flight. */
    public long inFlightBytes() {
        return inFlightBytes.get();
    }

    /** Snapshots that are open. */
    public int openSnapshots() {
        return snapshots.size();
    }

    /** The group at this node; null when it does not exist, or this node knows it only by name and is no member. */
    @Nullable
    KvGroup find(long group) {
        KvGroup found = groups.get(group);
        if (found != null) {
            return found;
        }
        Replica replica = replicas().find(group);
        if (replica == null || replica.configuration() == null) {
            Configuration genesis = opened().registry().find(group);
            if (genesis != null && (replica != null || genesis.hasMember(node))) {
                replica = replicas().make(group, genesis);
            }
        }
        Replica known = replica;
        return known == null ? null : groups.computeIfAbsent(group, any -> wrap(known));
    }

    private KvGroup wrap(Replica replica) {
        return new KvGroup(replica, this, new Claim(replica, node, link, random, () -> mayOwn.getAsBoolean()));
    }

    /** The members of a group, as far as this node knows; null when the group does not exist. */
    @Nullable
    Configuration members(long group) {
        Replica replica = replicas().find(group);
        Configuration members = replica == null ? null : replica.configuration();
        return members != null ? members : opened().registry().find(group);
    }

    /** Whether this node has the group's state: not a learner, which may lack much, nor while a snapshot is being installed. */
    boolean isMember(long group) {
        Replica replica = replicas().find(group);
        Configuration members = replica == null ? null : replica.configuration();
        return replica != null && members != null && members.hasVoter(node) && !replica.isInstalling();
    }

    /** Whether the group can be read here at a timestamp, once it is applied so far: not below the floor of a snapshot. */
    boolean isHeldHere(long group, long timestamp) {
        return isMember(group) && replicas().machine().floor(group) <= timestamp;
    }

    /** Takes who hears of accesses; there is one. */
    public void listen(AccessListener listener) {
        accessListener = listener;
    }

    /** A request of a node came to a group that is owned here. */
    void accessed(long group, int from, Request request) {
        boolean isWrite = request instanceof Request.Write || request instanceof Request.Prepare;
        if (isWrite || request instanceof Request.Position || request instanceof Request.Read) {
            accessListener.accessed(group, from, isWrite);
        }
    }

    /** A client of this node read a group that is owned here. */
    void readHere(long group) {
        accessListener.accessed(group, node, false);
    }

    /** Remembers what an owner said of its group. */
    void close(long group, Closed upTo) {
        closed.merge(group, upTo, (before, next) -> next.timestamp() > before.timestamp() ? next : before);
    }

    /** Up to where a group is known to be whole. */
    Closed closed(long group) {
        return closed.getOrDefault(group, new Closed(0, 0));
    }

    /** A slot of group 0 that this node was told of: what it reads of schemas must not be older. */
    void sawSystem(long slot) {
        systemSlot.accumulateAndGet(slot, Math::max);
    }

    long systemSlot() {
        return systemSlot.get();
    }

    /** The latest timestamp below which everything that a group has is applied here, as far as this replica knows. */
    long settledHere(long group) {
        Replica replica = replicas().find(group);
        long applied = replica == null ? 0 : replica.applied().timestamp();
        return Math.min(applied, opened().applier().oldestOpen(group) - 1);
    }

    /** Completes once a slot of a group is applied here. The caller minds the time. */
    CompletableFuture<Void> whenApplied(long group, long slot) {
        KvGroup found = find(group);
        if (found == null || found.replica().applied().slot() >= slot) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> applied = new CompletableFuture<>();
        found.execute(() -> found.replica().whenApplied(slot, () -> applied.complete(null)));
        return applied;
    }

    /** Every participant of a transaction has heard of the decision that its coordinator group made. */
    void told(long coordinator, TxnId txn) {
        KvGroup found = find(coordinator);
        if (found != null && found.isOwned()) {
            found.execute(() -> found.told(txn));
        }
    }

    /** Runs a task on a group's thread; does nothing when the group is not here any more. */
    void onGroup(long group, Runnable task) {
        KvGroup found = find(group);
        if (found != null) {
            found.execute(task);
        }
    }

    /** Whether nobody drives a transaction any more, since this node, which began it, has been restarted. */
    boolean isOrphan(TxnId txn) {
        return txn.node() == node && txn.number() < startedAt;
    }

    /** Milliseconds of the loops' time. */
    long nowMs() {
        return system().nowMs();
    }

    /** Runs a task after a time. */
    void later(long delayMs, Runnable task) {
        if (delayMs <= 0) {
            system().execute(task);
        } else {
            system().later(delayMs, task);
        }
    }

    private Replica system() {
        Replica replica = replicas().find(SYSTEM_GROUP);
        if (replica == null) {
            throw ErrorCode.BUSY.error("the node is starting");
        }
        return replica;
    }

    private void applied(long group, Entry entry, KvApplier.Outcome outcome) {
        TxnRecord record = outcome.record();
        if (record != null && record.state() == TxnRecord.State.COMMITTED) {
            dropped.look(group);
        }
        KvGroup found = groups.get(group);
        if (found != null) {
            found.applied(entry, outcome);
        }
    }

    /** Work that no client waits for; called about once a second. */
    public void tick() {
        for (KvGroup group : groups.values()) {
            if (group.hasWork()) {
                group.execute(group::tick);
            }
        }
    }

    /** Removes a bounded part of what no snapshot can see any more; whether there is more. */
    public boolean collect() {
        StateMachine machine = machine();
        boolean more = machine.collect(this::horizon);
        return dropped.remove(machine, history.horizon(clock.next())) || more;
    }

    /** No read of a group below this timestamp is accepted. Follows from the log, so that all replicas agree. */
    private long horizon(long group) {
        Replica replica = replicas().find(group);
        return replica == null ? 0 : history.horizon(replica.applied().timestamp());
    }

    private Replicas replicas() {
        return opened().replicas();
    }

    private Open opened() {
        Open opened = open;
        if (opened == null) {
            throw ErrorCode.BUSY.error("the node is starting");
        }
        return opened;
    }

    /** Refuses new work; what is in flight goes on until the replicas are closed. */
    @Override
    public void close() {
        closing = true;
    }
}
