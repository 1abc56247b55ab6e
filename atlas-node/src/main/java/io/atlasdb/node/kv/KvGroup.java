package io.atlasdb.node.kv;

import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Ownership;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A group as its owner sees it: validates transactions on the tail view, puts them into the log, and completes them when they
 * are applied. All methods but {@link #execute}, {@link #ready} and {@link #barrier} belong to the group's thread.
 */
final class KvGroup implements Ownership {
    /** How long a transaction waits for another one's lock before it is told to start again, milliseconds. */
    private static final long LOCK_WAIT_MS = 5_000;

    private final Replica replica;
    private final StateMachine machine;
    private final Snapshots snapshots;
    private final Barrier barrier = new Barrier();
    private final CompletableFuture<KvGroup> ready = new CompletableFuture<>();

    private final Locks locks = new Locks();
    private final Deque<Parked> parked = new ArrayDeque<>();
    private volatile boolean hasWaiters;
    private final Map<Long, CompletableFuture<TxnRecord>> waiting = new HashMap<>();
    private final Map<Long, Committing> committing = new HashMap<>();
    /** Schema versions as the tail view has them, by the key that holds them. */
    private final TreeMap<byte[], Long> versions = new TreeMap<>(Arrays::compareUnsigned);

    /** When the group ended; {@code Long.MAX_VALUE} while it lives. */
    private volatile long droppedAt = Long.MAX_VALUE;

    private RecentWrites recent = new RecentWrites(Long.MAX_VALUE);

    /** A request that waits for a lock: what tries it again, and what turns it away. */
    private record Parked(Runnable retry, Runnable refuse, long sinceNanos) {}

    private record Committing(long timestamp, CompletableFuture<Long> answer) {}

    KvGroup(Replica replica, StateMachine machine, Snapshots snapshots) {
        this.replica = replica;
        this.machine = machine;
        this.snapshots = snapshots;
        replica.execute(() -> {
            replica.listen(this);
            replica.campaign();
        });
    }

    long group() {
        return replica.group();
    }

    void execute(Runnable task) {
        replica.execute(task);
    }

    /** Completes once this node owns the group, has applied what was left, and knows its locks. */
    CompletableFuture<KvGroup> ready() {
        return ready;
    }

    Barrier barrier() {
        return barrier;
    }

    /** Whether a snapshot at a timestamp sees the end of the group, and so nothing else of it. From any thread. */
    boolean isDroppedAt(long timestamp) {
        return droppedAt <= timestamp;
    }

    private void lookForDrop() {
        byte[] mark = machine.meta(group(), KvApplier.DROPPED);
        if (mark != null) {
            droppedAt = ByteBuffer.wrap(mark).getLong();
        }
    }

    @Override
    public void lost() {}

    @Override
    public void gained() {
        recent = new RecentWrites(replica.lastTimestamp());
        lookForDrop();
        machine.metaScan(group(), TxnRecord.prefix(), (key, value) -> {
            TxnRecord record = TxnRecord.decode(value);
            if (record.state() == TxnRecord.State.PREPARED) {
                TxnId txn = TxnRecord.txn(key);
                locks.take(txn, (Command.Prepare) CommandCodec.decode(group(), record.prepare()));
                barrier.prepared(txn, record.timestamp());
            }
        });
        ready.complete(this);
    }

    /** Commits a transaction of this group alone; waits while another one's lock is in the way. */
    void commit(long timestamp, Part part, CompletableFuture<Long> answer) {
        commit(timestamp, part, answer, System.nanoTime());
    }

    private void commit(long timestamp, Part part, CompletableFuture<Long> answer, long sinceNanos) {
        if (locks.bar(part)) {
            Runnable refuse = () -> answer.completeExceptionally(waitedTooLong());
            park(() -> commit(timestamp, part, answer, sinceNanos), refuse, sinceNanos);
            return;
        }
        AtlasException refusal = validate(timestamp, part);
        if (refusal != null) {
            answer.completeExceptionally(refusal);
            return;
        }
        long entry = barrier.assign(replica::nextTimestamp);
        recent.forgetBelow(snapshots.oldest());
        for (Command.Put put : part.puts) {
            recent.add(put.key(), entry);
            versions.remove(put.key());
        }
        Entry proposed = replica.propose(Entry.Kind.COMMAND, entry, CommandCodec.encode(new Command.Write(part.puts)));
        committing.put(proposed.slot(), new Committing(entry, answer));
    }

    /**
     * Prepares this group's part of a transaction over several, or bars it with a tombstone. It waits for the locks of older
     * transactions and is refused at the lock of a younger one, so that no circle of waiters can come about.
     *
     * @param answer completes with what the group then knows of the transaction, or with the reason of the refusal once the
     *     tombstone is applied
     */
    void prepare(Command.Prepare prepare, long timestamp, Part part, CompletableFuture<TxnRecord> answer) {
        prepare(prepare, timestamp, part, answer, System.nanoTime());
    }

    private void prepare(
            Command.Prepare prepare, long timestamp, Part part, CompletableFuture<TxnRecord> answer, long sinceNanos) {
        TxnId holder = locks.youngest(part);
        if (holder != null && TxnId.AGE.compare(holder, prepare.txn()) < 0) {
            Runnable refuse = () -> refuse(prepare.txn(), waitedTooLong(), answer);
            park(() -> prepare(prepare, timestamp, part, answer, sinceNanos), refuse, sinceNanos);
            return;
        }
        AtlasException refusal = holder != null
                ? ErrorCode.SERIALIZATION.error("a younger transaction holds a lock")
                : validate(timestamp, part);
        if (refusal != null) {
            refuse(prepare.txn(), refusal, answer);
            return;
        }
        locks.take(prepare.txn(), prepare);
        append(barrier.assignPrepare(replica::nextTimestamp, prepare.txn()), prepare, answer);
    }

    private void refuse(TxnId txn, AtlasException refusal, CompletableFuture<TxnRecord> answer) {
        CompletableFuture<TxnRecord> barred = new CompletableFuture<>();
        propose(new Command.Tombstone(txn), barred);
        barred.whenComplete((record, failure) -> answer.completeExceptionally(failure == null ? refusal : failure));
    }

    private static AtlasException waitedTooLong() {
        return ErrorCode.SERIALIZATION.error("another transaction held a lock for " + LOCK_WAIT_MS + " ms");
    }

    /** Puts a command into the log; {@code answer} completes with the record of its transaction once it is applied. */
    void propose(Command command, CompletableFuture<TxnRecord> answer) {
        append(barrier.assign(replica::nextTimestamp), command, answer);
    }

    private void append(long timestamp, Command command, CompletableFuture<TxnRecord> answer) {
        Entry proposed = replica.propose(Entry.Kind.COMMAND, timestamp, CommandCodec.encode(command));
        waiting.put(proposed.slot(), answer);
    }

    /** An entry of this group is applied. */
    void applied(Entry entry, KvApplier.Outcome outcome) {
        TxnId txn = outcome.txn();
        TxnRecord record = outcome.record();
        if (txn != null && record != null && record.state() != TxnRecord.State.PREPARED) {
            release(txn, record);
        }
        barrier.applied(entry.timestamp());
        Committing commit = committing.remove(entry.slot());
        if (commit != null) {
            commit.answer().complete(commit.timestamp());
        }
        CompletableFuture<TxnRecord> answer = waiting.remove(entry.slot());
        if (answer != null) {
            answer.complete(record == null ? TxnRecord.ended(TxnRecord.State.COMMITTED, entry.timestamp()) : record);
        }
    }

    private void release(TxnId txn, TxnRecord record) {
        if (record.state() == TxnRecord.State.COMMITTED) {
            lookForDrop();
        }
        for (Command.Put put : locks.puts(txn)) {
            versions.remove(put.key());
            if (record.state() == TxnRecord.State.COMMITTED) {
                recent.add(put.key(), record.timestamp());
            }
        }
        barrier.resolved(txn);
        if (locks.release(txn)) {
            int count = parked.size();
            for (int i = 0; i < count; i++) {
                parked.remove().retry().run();
            }
        }
    }

    /** Whether a transaction waits for a lock. From any thread. */
    boolean hasWaiters() {
        return hasWaiters;
    }

    private void park(Runnable retry, Runnable refuse, long sinceNanos) {
        parked.add(new Parked(retry, refuse, sinceNanos));
        hasWaiters = true;
    }

    /** Turns away transactions that have waited too long for a lock. */
    void expire() {
        long oldest = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(LOCK_WAIT_MS);
        int count = parked.size();
        for (int i = 0; i < count; i++) {
            Parked next = parked.remove();
            if (next.sinceNanos() < oldest) {
                next.refuse().run();
            } else {
                parked.add(next);
            }
        }
        hasWaiters = !parked.isEmpty();
    }

    private @Nullable AtlasException validate(long timestamp, Part part) {
        for (Guard guard : part.guards) {
            if (version(guard.key()) != guard.version()) {
                return ErrorCode.SCHEMA_CHANGED.error(guard.what());
            }
        }
        if (droppedAt != Long.MAX_VALUE) {
            return ErrorCode.SERIALIZATION.error("a table was dropped meanwhile");
        }
        if (timestamp == Commit.BLIND) {
            return null;
        }
        for (KeyRange range : part.ranges) {
            if (isNewer(range, timestamp)) {
                return ErrorCode.SERIALIZATION.error("what it read was changed meanwhile");
            }
        }
        for (Command.Put put : part.puts) {
            if (isNewer(put.key(), timestamp)) {
                return ErrorCode.SERIALIZATION.error("what it wrote was changed meanwhile");
            }
        }
        return null;
    }

    private boolean isNewer(byte[] key, long timestamp) {
        return recent.newest(key) > timestamp
                || (timestamp < recent.knownFrom() && machine.newestVersion(group(), key) > timestamp);
    }

    private boolean isNewer(KeyRange range, long timestamp) {
        if (recent.isNewer(range, timestamp)) {
            return true;
        }
        if (timestamp >= recent.knownFrom()) {
            return false;
        }
        boolean isPoint = range.to().length == range.from().length + 1
                && range.to()[range.from().length] == 0
                && Arrays.mismatch(range.from(), range.to()) == range.from().length;
        // A range so old that not every newer write is remembered: refused, since a wrong no would cost consistency.
        return !isPoint || machine.newestVersion(group(), range.from()) > timestamp;
    }

    /** The schema version at a key: 0 when there is none, -1 while a change of it is in flight. */
    private long version(byte[] key) {
        Long known = versions.get(key);
        if (known == null) {
            if (recent.newest(key) > replica.applied().timestamp()) {
                return -1;
            }
            byte[] value = machine.get(group(), key, Long.MAX_VALUE);
            known = value == null || value.length < Long.BYTES
                    ? 0
                    : ByteBuffer.wrap(value).getLong();
            versions.put(key, known);
        }
        return known;
    }
}
