package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.LargeValues;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.WouldWait;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All groups at one timestamp. A group is waited for when it is first read: its owner says up to which slot it must be applied,
 * and reads are local from then on, or go to the owner when this node is no member of the group.
 */
final class KvSnapshot implements Snapshot {
    /** Further back a draft would meet too many conflicts: what is in flight for so long may be stuck. */
    private static final long BACK_MAX = HybridClock.of(50);
    /** A replica's state older than this may be too old for the owner to tell what has changed since. */
    private static final long REPLICA_BACK_MAX = HybridClock.of(20_000);

    private final KvStore store;
    private final boolean registered;
    /** Whether a timestamp that turns out to be too low may be raised: only while nothing was read. */
    private boolean raisable;
    /**
     * Whether the timestamp may still move back to before what is in flight: only while no group but that of the catalog was read,
     * for whose version the commit has guards.
     */
    private boolean draft;

    /** Whether the reader must not wait. */
    private final boolean impatient;

    private volatile long timestamp;
    private volatile boolean needsValidation;
    private volatile @Nullable LocalSchemas schemas;
    private final Map<Long, Access> settled = new ConcurrentHashMap<>(4);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Where a group is read. */
    enum Access {
        HERE,
        AT_OWNER,
        NOTHING
    }

    private KvSnapshot(KvStore store, long timestamp, boolean registered, boolean draft, boolean impatient) {
        this.store = store;
        this.timestamp = timestamp;
        this.registered = registered;
        this.raisable = registered;
        this.draft = draft;
        this.impatient = impatient;
    }

    /** A snapshot of now, or a draft; see {@link Store}. */
    static KvSnapshot open(KvStore store, boolean draft, boolean impatient) {
        store.checkOpen();
        return new KvSnapshot(store, store.snapshots().open(), true, draft, impatient);
    }

    /** A snapshot at a timestamp that does not move, and that need not show what was acknowledged since. */
    static KvSnapshot past(KvStore store, long timestamp) {
        return new KvSnapshot(store, timestamp, false, false, false);
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public boolean needsValidation() {
        return needsValidation;
    }

    @Override
    public byte @Nullable [] get(long group, byte[] key) {
        Access access = settle(group);
        if (access == Access.HERE) {
            return store.machine().get(group, key, timestamp);
        }
        if (access == Access.NOTHING) {
            return null;
        }
        try (RowIterator rows = new RemoteRows(store, KeyRange.of(group, key), timestamp, false)) {
            return rows.next() ? rows.value() : null;
        }
    }

    @Override
    public RowIterator scan(KeyRange range, boolean reverse) {
        Access access = range.isEmpty() ? Access.NOTHING : settle(range.group());
        if (access == Access.NOTHING) {
            return Nothing.ROWS;
        }
        return access == Access.HERE
                ? store.machine().scan(range, timestamp, reverse)
                : new RemoteRows(store, range, timestamp, reverse);
    }

    @Override
    public LargeValues largeValues() {
        return impatient ? LargeValues.LATER : store.largeValues();
    }

    @Override
    public Snapshot schemas() {
        LocalSchemas known = schemas;
        if (known == null || known.isOlderThan(store.systemSlot())) {
            KvGroup system = store.find(Store.SYSTEM_GROUP);
            if (!registered || system == null || system.isOwned() || !store.isMember(Store.SYSTEM_GROUP)) {
                return this;
            }
            CompletableFuture<Void> applied = store.whenApplied(Store.SYSTEM_GROUP, store.systemSlot());
            if (!applied.isDone()) {
                requirePatience();
                Waits.await(applied, "the catalog");
            }
            known = new LocalSchemas(store, this, system.replica().applied());
            schemas = known;
        }
        return known;
    }

    @Override
    public void catchUp() {
        requirePatience();
        Waits.await(
                store.ask(Store.SYSTEM_GROUP, new Request.Position(store.clock().next(), true, false))
                        .thenAccept(answer -> store.sawSystem(answer.slot())),
                "the catalog");
    }

    private void requirePatience() {
        if (impatient) {
            throw new WouldWait();
        }
    }

    /** Waits until the group may be read at this timestamp. */
    private Access settle(long group) {
        Access known = settled.get(group);
        if (known != null) {
            return known;
        }
        synchronized (this) {
            return Waits.await(settling(group), "group " + group);
        }
    }

    /** Completes with where the group may be read at this timestamp. One group is settled after the other. */
    CompletableFuture<Access> settling(long group) {
        if (registered) {
            store.history().checkTransaction(timestamp);
        } else {
            store.history().checkPast(timestamp);
        }
        KvGroup found = store.find(group);
        if (draft && group != Store.SYSTEM_GROUP) {
            draft = false;
            moveBack(found);
        }
        Access known = settled.get(group);
        if (known != null) {
            raisable = false;
            return CompletableFuture.completedFuture(known);
        }
        if (found == null && store.members(group) == null) {
            // Not remembered: what does not exist here yet may by the time of the next read, with later timestamps.
            raisable = false;
            return CompletableFuture.completedFuture(Access.NOTHING);
        }
        if (found != null && found.canRead(timestamp) && store.isHeldHere(group, timestamp)) {
            store.readHere(group);
            return CompletableFuture.completedFuture(settled(group, found, Access.HERE));
        }
        requirePatience();
        return askOwner(group).thenApply(access -> settled(group, found, access));
    }

    private Access settled(long group, @Nullable KvGroup found, Access access) {
        raisable = false;
        Access at = found != null && found.isDroppedAt(timestamp) ? Access.NOTHING : access;
        settled.put(group, at);
        return at;
    }

    /** Lets a draft read just below what is in flight, or what this replica has applied when the owner is another node. */
    private void moveBack(@Nullable KvGroup group) {
        if (group == null) {
            return;
        }
        if (group.isOwned() || !store.isMember(group.group())) {
            moveBack(group.settled(timestamp), BACK_MAX);
        } else if (moveBack(store.settledHere(group.group()), REPLICA_BACK_MAX)) {
            settled.put(group.group(), Access.HERE);
        }
    }

    private boolean moveBack(long to, long most) {
        if (to >= timestamp || timestamp - to >= most) {
            return false;
        }
        store.snapshots().move(timestamp, to);
        timestamp = to;
        // In other groups it may miss what was acknowledged before it began.
        needsValidation = true;
        return true;
    }

    private CompletableFuture<Access> askOwner(long group) {
        return registered ? askOwnerNow(group) : askOwnerOfPast(group);
    }

    /** For a timestamp in the past it may be known already up to which slot the group must be applied. */
    private CompletableFuture<Access> askOwnerOfPast(long group) {
        KvStore.Closed known = store.closed(group);
        if (store.isHeldHere(group, timestamp) && known.timestamp() >= timestamp) {
            return store.whenApplied(group, known.slot()).thenApply(applied -> Access.HERE);
        }
        // Asked for now, so that the reads of the next time need not ask.
        long now = Math.max(timestamp, store.clock().next());
        return store.ask(group, new Request.Position(now, false, false)).thenCompose(answer -> {
            store.close(group, new KvStore.Closed(now, answer.slot()));
            return store.isHeldHere(group, timestamp)
                    ? store.whenApplied(group, answer.slot())
                            .thenApply(applied -> store.isHeldHere(group, timestamp) ? Access.HERE : Access.AT_OWNER)
                    : CompletableFuture.completedFuture(Access.AT_OWNER);
        });
    }

    private CompletableFuture<Access> askOwnerNow(long group) {
        return store.ask(group, new Request.Position(timestamp, raisable, false))
                .thenCompose(answer -> {
                    if (answer.timestamp() > timestamp) {
                        if (raisable) {
                            raise(answer.timestamp());
                        } else {
                            needsValidation = registered;
                        }
                    }
                    return store.isHeldHere(group, timestamp)
                            ? store.whenApplied(group, answer.slot())
                                    .thenApply(applied -> store.isHeldHere(group, timestamp)
                                            ? Access.HERE
                                            : Access.AT_OWNER) // a snapshot of the group came meanwhile
                            : CompletableFuture.completedFuture(Access.AT_OWNER);
                });
    }

    private void raise(long to) {
        store.snapshots().move(timestamp, to);
        timestamp = to;
    }

    @Override
    public void close() {
        if (registered && closed.compareAndSet(false, true)) {
            store.snapshots().close(timestamp);
        }
    }

    /** No rows. */
    private enum Nothing implements RowIterator {
        ROWS;

        @Override
        public boolean next() {
            return false;
        }

        @Override
        public byte[] key() {
            throw new IllegalStateException("no rows");
        }

        @Override
        public byte[] value() {
            throw new IllegalStateException("no rows");
        }

        @Override
        public void close() {}
    }
}
