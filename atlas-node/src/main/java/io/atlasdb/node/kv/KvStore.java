package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Applier;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The store over the groups of this node. */
public final class KvStore implements Store, AutoCloseable {
    /** How much longer than a transaction lives its versions are kept: for a read that passed its age check just now. */
    private static final long HORIZON_MARGIN_MS = 60_000;

    private final int node;
    private final HybridClock clock;
    private final Snapshots snapshots;
    private final Map<Long, KvGroup> groups = new ConcurrentHashMap<>();
    private final AtomicLong inFlightBytes = new AtomicLong();
    /** What clients may have in flight, bytes: the payload exists in memory several times until it is applied. */
    private final long inFlightBytesMax =
            Math.max(2L * Limits.TRANSACTION_BYTES_MAX, Runtime.getRuntime().maxMemory() / 8);

    private final Finished finished = new Finished();
    private final Dropped dropped = new Dropped();
    private volatile @Nullable Replicas replicas;
    private volatile boolean closing;

    public KvStore(int node, HybridClock clock) {
        this.node = node;
        this.clock = clock;
        this.snapshots = new Snapshots(clock);
    }

    /** The applier of this store's commands, for {@link Replicas#open}. */
    public Applier applier(StateMachine machine) {
        return new KvApplier(machine, this::applied);
    }

    /** Starts serving: ends what a crash left undecided. Called once, when the replicas are started. */
    public void open(Replicas opened) {
        replicas = opened;
        new TxnRecovery(this, opened).run();
        opened.all().forEach(replica -> dropped.look(replica.group()));
    }

    @Override
    public Snapshot snapshot() {
        checkOpen();
        return new KvSnapshot(this, snapshots.open(), true);
    }

    @Override
    public Snapshot snapshotAt(long timestamp) {
        checkOpen();
        long now = clock.next();
        if (timestamp > now) {
            throw ErrorCode.INVALID_PARAMETER.error("the time of a snapshot", timestamp, "it lies in the future");
        }
        checkAge(timestamp);
        return new KvSnapshot(this, timestamp, false);
    }

    @Override
    public CompletableFuture<Long> commit(Commit commit) {
        long bytes = 0;
        try {
            checkOpen();
            for (Write write : commit.writes()) {
                bytes += size(write);
            }
            check(commit, bytes);
        } catch (AtlasException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (commit.writes().isEmpty() && commit.drops().isEmpty()) {
            // Every snapshot is one instant, so that what only read is serializable at that instant.
            return CompletableFuture.completedFuture(commit.timestamp());
        }
        long taken = bytes;
        inFlightBytes.addAndGet(taken);
        return dispatch(commit).whenComplete((timestamp, failure) -> inFlightBytes.addAndGet(-taken));
    }

    private CompletableFuture<Long> dispatch(Commit commit) {
        SortedMap<Long, Part> parts = parts(commit);
        long first = parts.firstKey();
        Part only = parts.get(first);
        if (parts.size() == 1 && only != null && !only.drop) {
            CompletableFuture<Long> answer = new CompletableFuture<>();
            whenReady(make(first), group -> group.commit(commit.timestamp(), only, answer));
            return answer;
        }
        TxnId txn = new TxnId(node, clock.next());
        return new CrossGroup(this, txn, commit.timestamp(), parts).run();
    }

    private SortedMap<Long, Part> parts(Commit commit) {
        SortedMap<Long, Part> parts = new TreeMap<>();
        for (Write write : commit.writes()) {
            part(parts, write.group()).puts.add(new Command.Put(write.key(), write.value()));
        }
        commit.drops().forEach(group -> part(parts, group).drop = true);
        for (KeyRange range : commit.reads()) {
            // A group that does not exist holds nothing; it cannot come into being with a version below this snapshot.
            if (parts.containsKey(range.group()) || find(range.group()) != null) {
                part(parts, range.group()).ranges.add(range);
            }
        }
        for (Guard guard : commit.guards()) {
            part(parts, guard.group()).guards.add(guard);
        }
        return parts;
    }

    private static Part part(SortedMap<Long, Part> parts, long group) {
        return parts.computeIfAbsent(group, any -> new Part());
    }

    private void check(Commit commit, long bytes) {
        if (bytes > Limits.TRANSACTION_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("the transaction", bytes + " bytes", Limits.TRANSACTION_BYTES_MAX);
        }
        if (commit.timestamp() != Commit.BLIND) {
            checkAge(commit.timestamp());
        }
        if (replicas().full()) {
            throw ErrorCode.DISK_FULL.error("the log has no room");
        }
        if (inFlightBytes.get() > inFlightBytesMax) {
            throw ErrorCode.BUSY.error("more than " + inFlightBytesMax + " bytes of writes are in flight");
        }
    }

    private static long size(Write write) {
        if (write.key().length > Limits.KEY_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("a key", write.key().length + " bytes", Limits.KEY_BYTES_MAX);
        }
        byte[] value = write.value();
        if (value != null && value.length > Limits.ROW_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("a row", value.length + " bytes", Limits.ROW_BYTES_MAX);
        }
        return (long) write.key().length + (value == null ? 0 : value.length);
    }

    /** Refuses timestamps that lie further back than transactions live, and so below what is kept for sure. */
    void checkAge(long timestamp) {
        if (HybridClock.millis(clock.next()) - HybridClock.millis(timestamp) > Limits.TRANSACTION_LIFE_MS) {
            throw ErrorCode.SNAPSHOT_TOO_OLD.error(java.time.Instant.ofEpochMilli(HybridClock.millis(timestamp)));
        }
    }

    private void checkOpen() {
        if (closing) {
            throw ErrorCode.SHUTTING_DOWN.error();
        }
    }

    Snapshots snapshots() {
        return snapshots;
    }

    StateMachine machine() {
        return replicas().machine();
    }

    Finished finished() {
        return finished;
    }

    /** Whether it takes work. */
    public boolean isOpen() {
        return !closing && replicas != null;
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

    /** The group, or null when it does not exist. */
    @Nullable
    KvGroup find(long group) {
        KvGroup found = groups.get(group);
        if (found != null) {
            return found;
        }
        Replica replica = replicas().find(group);
        return replica == null ? null : groups.computeIfAbsent(group, any -> wrap(replica));
    }

    /** The group, made when it does not exist. */
    KvGroup make(long group) {
        KvGroup found = find(group);
        return found != null
                ? found
                : groups.computeIfAbsent(group, any -> wrap(replicas().make(group, genesis())));
    }

    private Configuration genesis() {
        return new Configuration(List.of(new Configuration.Voter(node, 0)), 0, 0);
    }

    private KvGroup wrap(Replica replica) {
        return new KvGroup(replica, replicas().machine(), snapshots);
    }

    /** Runs a task on a group's thread once the group is owned here. */
    static void whenReady(KvGroup group, java.util.function.Consumer<KvGroup> task) {
        if (group.ready().isDone()) {
            group.execute(() -> task.accept(group));
        } else {
            group.ready().thenAccept(ready -> ready.execute(() -> task.accept(ready)));
        }
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
            if (group.hasWaiters()) {
                group.execute(group::expire);
            }
        }
        finished.forget(this, clock.next());
    }

    /** Removes a bounded part of what no snapshot can see any more; whether there is more. */
    public boolean collect() {
        StateMachine machine = machine();
        boolean more = machine.collect(this::horizon);
        return dropped.remove(machine, below(clock.next())) || more;
    }

    /** No read of a group below this timestamp is accepted. Follows from the log, so that all replicas agree. */
    private long horizon(long group) {
        Replica replica = replicas().find(group);
        return replica == null ? 0 : below(replica.applied().timestamp());
    }

    private static long below(long timestamp) {
        long millis = HybridClock.millis(timestamp) - Limits.TRANSACTION_LIFE_MS - HORIZON_MARGIN_MS;
        return HybridClock.of(Math.max(0, millis));
    }

    private Replicas replicas() {
        Replicas opened = replicas;
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
