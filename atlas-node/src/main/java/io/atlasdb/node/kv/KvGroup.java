package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Ownership;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.RowIterator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A group at this node: as its owner it validates transactions on the tail view, puts them into the log, and answers when they
 * are applied. All methods but those that say so belong to the group's thread.
 *
 * <p>What was proposed and is not applied when ownership is lost may be chosen yet or never: the entry that is applied at its
 * slot tells by its hash.
 */
final class KvGroup implements Ownership {
    /** How long a transaction waits for another one's lock before it is told to start again, milliseconds. */
    private static final long LOCK_WAIT_MS = 5_000;

    private static final int PAGE_BYTES_MAX = 256 << 10;

    private final Replica replica;
    private final KvStore store;
    private final StateMachine machine;
    private final Claim claim;
    private final Barrier barrier = new Barrier();
    private final Janitor janitor;

    private Validator validator;
    private Locks locks = new Locks();
    private final Deque<Parked> parked = new ArrayDeque<>();
    private final Unapplied proposed = new Unapplied();
    /** Named requests and transactions whose entry is proposed and not applied: asked for again, they get the same answer. */
    private final Map<TxnId, CompletableFuture<Answer>> underWay = new HashMap<>();

    private final Readers readers = new Readers();
    private final Transit transit;

    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile boolean owned;
    /** Entries above this timestamp were proposed by this node since it owns the group. */
    private volatile long ownedFrom;

    private volatile boolean hasWork;
    /** When the group ended; {@code Long.MAX_VALUE} while it lives. */
    private volatile long droppedAt = Long.MAX_VALUE;

    /** A request that waits for a lock: what tries it again, and what turns it away. */
    private record Parked(Runnable retry, Runnable refuse, CompletableFuture<Answer> answer, long sinceMs) {}

    KvGroup(Replica replica, KvStore store, Claim claim) {
        this.replica = replica;
        this.store = store;
        this.machine = store.machine();
        this.claim = claim;
        this.validator = new Validator(replica, machine, 0);
        this.janitor = new Janitor(replica.group(), store);
        this.transit = new Transit(replica, store.node(), (request, until, to) -> handle(request, until, false, to));
        lookForDrop();
        replica.execute(() -> replica.listen(this));
    }

    long group() {
        return replica.group();
    }

    Replica replica() {
        return replica;
    }

    /** From any thread. */
    void execute(Runnable task) {
        replica.execute(task);
    }

    /** Whether this node is the owner and serves. From any thread. */
    boolean isOwned() {
        return owned;
    }

    /** Whether a snapshot at a timestamp sees the end of the group, and so nothing else of it. From any thread. */
    boolean isDroppedAt(long timestamp) {
        return droppedAt <= timestamp;
    }

    /**
     * The latest timestamp, at most the given one, below everything in flight, when this node is the owner; else the given one.
     * From any thread.
     */
    long settled(long timestamp) {
        long settled = barrier.settled(timestamp);
        return owned && settled >= ownedFrom ? settled : timestamp;
    }

    /** Whether a snapshot at a timestamp may read here and now without asking anybody. From any thread. */
    boolean canRead(long timestamp) {
        // First the state, then the lease: as long as that runs, what the state says is still so.
        if (!owned || timestamp < ownedFrom || !barrier.isReadable(timestamp) || !replica.canRead(timestamp)) {
            return false;
        }
        if (replica.isLeaseOld() && renewing.compareAndSet(false, true)) {
            execute(() -> {
                renewing.set(false);
                if (owned) {
                    replica.confirm(store.clock().next(), () -> {});
                }
            });
        }
        return true;
    }

    private void lookForDrop() {
        byte[] mark = machine.meta(group(), KvApplier.DROPPED);
        droppedAt = mark == null ? Long.MAX_VALUE : ByteBuffer.wrap(mark).getLong();
        validator.dropped = mark != null;
    }

    @Override
    public void gained() {
        locks = new Locks();
        validator = new Validator(replica, machine, replica.inheritedTimestamp());
        barrier.reset(replica.lastTimestamp());
        janitor.reset();
        lookForDrop();
        machine.metaScan(group(), TxnRecord.prefix(), (key, value) -> {
            TxnRecord record = TxnRecord.decode(value);
            TxnId txn = TxnRecord.txn(key);
            if (record.state() == TxnRecord.State.PREPARED) {
                Command.Prepare prepare = (Command.Prepare) CommandCodec.decode(group(), record.prepare());
                locks.take(txn, prepare);
                barrier.prepared(txn, record.timestamp());
                janitor.prepared(txn, prepare.coordinator(), replica.nowMs());
            } else {
                janitor.ended(txn, record);
            }
        });
        ownedFrom = replica.inheritedTimestamp();
        proposed.refuseAbove(replica.applied().slot());
        owned = true;
        hasWork = true;
        claim.owned(this::carryOut);
        transit.end();
        tick();
    }

    @Override
    public void leaving(int heir) {
        transit.begin(heir);
    }

    @Override
    public void stays() {
        transit.end();
        retryParked();
    }

    @Override
    public void lost() {
        owned = false;
        barrier.reset(0);
        List<Parked> turnedAway = List.copyOf(parked);
        parked.clear();
        NotOwner moved = new NotOwner(replica.owner());
        turnedAway.forEach(one -> one.answer().completeExceptionally(moved));
        readers.refuse(moved);
        transit.left();
    }

    /**
     * Carries out a request as the owner, or becomes the owner for it.
     *
     * @param deadlineMs in the time of the group's loop
     * @param force whether to try to own the group although another node that can be reached seems to own it
     * @param answer completes exceptionally with an {@code AtlasException}, or with {@link NotOwner} when the request was not
     *     carried out since another node owns the group
     */
    void handle(Request request, long deadlineMs, boolean force, CompletableFuture<Answer> answer) {
        if (transit.isUnderWay() && !(owned && request.isRead())) {
            transit.add(request, deadlineMs, answer);
        } else if (owned) {
            carryOut(request, deadlineMs, answer);
        } else {
            claim.add(request, deadlineMs, force, answer);
        }
    }

    private void carryOut(Request request, long deadlineMs, CompletableFuture<Answer> answer) {
        try {
            if (request instanceof Request.Write write) {
                write(write, deadlineMs, replica.nowMs(), answer);
            } else if (request instanceof Request.Prepare prepare) {
                prepare(prepare, deadlineMs, replica.nowMs(), answer);
            } else if (request instanceof Request.Propose propose) {
                raiseClock(propose.command());
                append(barrier.assign(replica::nextTimestamp), propose.command(), deadlineMs, answer);
            } else if (request instanceof Request.Position position) {
                wait(deadlineMs, answer);
                position(position, answer);
            } else if (request instanceof Request.Unchanged unchanged) {
                wait(deadlineMs, answer);
                boolean holds = !locks.bar(Part.reading(unchanged.ranges()))
                        && validator.isUnchanged(unchanged.timestamp(), unchanged.ranges());
                confirmed(
                        store.clock().next(),
                        answer,
                        Answer.of(replica.applied().slot(), holds ? 1 : 0));
            } else if (request instanceof Request.Read read) {
                answer.complete(page(read));
            }
        } catch (AtlasException e) {
            answer.completeExceptionally(e);
        }
    }

    /** The entry that brings versions of another group's timestamp must itself stand above them, and all later ones too. */
    private void raiseClock(Command command) {
        if (command instanceof Command.Decide decide) {
            store.clock().observe(decide.timestamp());
        } else if (command instanceof Command.Resolve resolve) {
            store.clock().observe(resolve.timestamp());
        }
    }

    /** Minds a reader, which waits for a quorum or for a lock. */
    private void wait(long deadlineMs, CompletableFuture<Answer> answer) {
        long number = readers.add(deadlineMs, answer);
        hasWork = true;
        answer.whenComplete((done, failure) -> execute(() -> readers.done(number)));
    }

    private void confirmed(long timestamp, CompletableFuture<Answer> answer, Answer result) {
        replica.confirm(timestamp, () -> answer.complete(result));
    }

    private void position(Request.Position asked, CompletableFuture<Answer> answer) {
        boolean seesAll = asked.local() && asked.timestamp() >= ownedFrom;
        long last = seesAll ? 0 : barrier.assigned();
        long timestamp = asked.raise() ? Math.max(asked.timestamp(), last) : asked.timestamp();
        replica.confirm(
                timestamp,
                () -> barrier.readable(timestamp).whenComplete((above, failure) -> {
                    if (failure instanceof CancellationException) {
                        answer.completeExceptionally(new NotOwner(replica.owner()));
                    } else if (above > timestamp && asked.raise()) {
                        position(new Request.Position(above, true, asked.local()), answer);
                    } else {
                        // What lies above may have been acknowledged before the reader began, or not: it is told, and
                        // must check.
                        long told = Math.max(timestamp, Math.max(last, above));
                        answer.complete(Answer.of(replica.applied().slot(), told));
                    }
                }));
    }

    private Answer page(Request.Read read) {
        store.history().checkPast(read.timestamp());
        if (machine.floor(group()) > read.timestamp()) {
            throw History.tooOld(read.timestamp(), HybridClock.millis(machine.floor(group())));
        }
        List<byte[]> rows = new ArrayList<>();
        long bytes = 0;
        try (RowIterator found = machine.scan(read.range(), read.timestamp(), read.reverse())) {
            while (bytes < PAGE_BYTES_MAX && found.next()) {
                rows.add(found.key());
                rows.add(found.value());
                bytes += found.key().length + found.value().length;
            }
        }
        return new Answer(replica.applied().slot(), read.timestamp(), null, rows);
    }

    private void write(Request.Write write, long deadlineMs, long sinceMs, CompletableFuture<Answer> answer) {
        TxnId id = write.id();
        if (id != null && isAnswered(id, answer)) {
            return;
        }
        if (locks.bar(write.part())) {
            Runnable refuse = () -> answer.completeExceptionally(waitedTooLong());
            park(() -> write(write, deadlineMs, sinceMs, answer), refuse, answer, sinceMs);
            return;
        }
        long nowMs = store.clock().wallMs();
        Part part = write.part().settled(nowMs);
        AtlasException refusal = validator.validate(write.timestamp(), part, nowMs);
        if (refusal != null) {
            answer.completeExceptionally(refusal);
            return;
        }
        long timestamp = barrier.assign(replica::nextTimestamp);
        validator.wrote(part.puts, timestamp, store.snapshots().oldest());
        if (id != null) {
            remember(id, answer);
        }
        append(timestamp, new Command.Write(id, part.puts), deadlineMs, answer);
    }

    /** Whether a named request has its answer already, or is too old to be run. */
    private boolean isAnswered(TxnId id, CompletableFuture<Answer> answer) {
        CompletableFuture<Answer> running = underWay.get(id);
        if (running != null) {
            follow(running, answer);
            return true;
        }
        byte[] known = machine.meta(group(), Answered.key(id));
        if (known != null) {
            answer.complete(Answer.of(replica.applied().slot(), Answered.timestamp(known)));
            return true;
        }
        if (Answered.isExpired(id.number(), store.clock().next())) {
            answer.completeExceptionally(ErrorCode.OUTCOME_UNKNOWN.error(
                    "the request of node " + id.node() + " is older than " + Answered.LIFE_MS + " ms"));
            return true;
        }
        return false;
    }

    private static void follow(CompletableFuture<Answer> running, CompletableFuture<Answer> answer) {
        running.whenComplete((result, failure) -> {
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private void remember(TxnId id, CompletableFuture<Answer> answer) {
        underWay.put(id, answer);
        answer.whenComplete((result, failure) -> underWay.remove(id, answer));
    }

    /**
     * Prepares this group's part of a transaction over several, or bars it with a tombstone. It waits for the locks of older
     * transactions and is refused at the lock of a younger one, so that no circle of waiters can come about.
     */
    private void prepare(Request.Prepare prepare, long deadlineMs, long sinceMs, CompletableFuture<Answer> answer) {
        TxnId txn = prepare.command().txn();
        CompletableFuture<Answer> running = underWay.get(txn);
        if (running != null) {
            follow(running, answer);
            return;
        }
        byte[] known = machine.meta(group(), TxnRecord.key(txn));
        if (known != null) {
            TxnRecord record = TxnRecord.decode(known);
            answer.complete(new Answer(replica.applied().slot(), record.timestamp(), record, List.of()));
            return;
        }
        TxnId holder = locks.youngest(prepare.part());
        if (holder != null && TxnId.AGE.compare(holder, txn) < 0) {
            Runnable refuse = () -> refuse(txn, waitedTooLong(), deadlineMs, answer);
            park(() -> prepare(prepare, deadlineMs, sinceMs, answer), refuse, answer, sinceMs);
            return;
        }
        long nowMs = store.clock().wallMs();
        Part part = prepare.part().settled(nowMs);
        AtlasException refusal = holder != null
                ? ErrorCode.SERIALIZATION.error("a younger transaction holds a lock")
                : Answered.isExpired(txn.number(), store.clock().next())
                        ? ErrorCode.SERIALIZATION.error("it took too long to commit")
                        : validator.validate(prepare.timestamp(), part, nowMs);
        if (refusal != null) {
            refuse(txn, refusal, deadlineMs, answer);
            return;
        }
        Command.Prepare command = prepare.command().withPuts(part.puts);
        locks.take(txn, command);
        janitor.prepared(txn, command.coordinator(), replica.nowMs());
        hasWork = true;
        remember(txn, answer);
        append(barrier.assignPrepare(replica::nextTimestamp, txn), command, deadlineMs, answer);
    }

    private void refuse(TxnId txn, AtlasException refusal, long deadlineMs, CompletableFuture<Answer> answer) {
        CompletableFuture<Answer> barred = new CompletableFuture<>();
        append(barrier.assign(replica::nextTimestamp), new Command.Tombstone(txn), deadlineMs, barred);
        barred.whenComplete((record, failure) -> answer.completeExceptionally(failure == null ? refusal : failure));
    }

    private static AtlasException waitedTooLong() {
        return ErrorCode.SERIALIZATION.error("another transaction held a lock for " + LOCK_WAIT_MS + " ms");
    }

    private void append(long timestamp, Command command, long deadlineMs, CompletableFuture<Answer> answer) {
        Entry entry = replica.propose(Entry.Kind.COMMAND, timestamp, CommandCodec.encode(command));
        proposed.add(entry, deadlineMs, answer);
        hasWork = true;
    }

    /** An entry of this group is applied, by the owner or by any other replica. */
    void applied(Entry entry, KvApplier.Outcome outcome) {
        TxnId txn = outcome.txn();
        TxnRecord record = outcome.record();
        if (txn != null && record != null && record.state() != TxnRecord.State.PREPARED) {
            release(txn, record);
        }
        if (owned) {
            barrier.applied(entry.timestamp());
        }
        proposed.applied(entry, outcome, replica.owner());
    }

    private void release(TxnId txn, TxnRecord record) {
        if (record.state() == TxnRecord.State.COMMITTED) {
            lookForDrop();
        }
        if (!owned) {
            return;
        }
        validator.resolved(locks.puts(txn), record);
        janitor.ended(txn, record);
        barrier.resolved(txn, record.state() == TxnRecord.State.COMMITTED ? record.timestamp() : 0);
        if (locks.release(txn) && !transit.isUnderWay()) {
            retryParked();
        }
    }

    private void retryParked() {
        int count = parked.size();
        for (int i = 0; i < count; i++) {
            parked.remove().retry().run();
        }
    }

    private void park(Runnable retry, Runnable refuse, CompletableFuture<Answer> answer, long sinceMs) {
        parked.add(new Parked(retry, refuse, answer, sinceMs));
        hasWork = true;
    }

    /** Every participant has heard of a decision of this group; only worth knowing at the owner. */
    void told(TxnId txn) {
        if (owned) {
            janitor.told(txn);
        }
    }

    /** Whether {@link #tick} has something to do. From any thread. */
    boolean hasWork() {
        return hasWork;
    }

    /** Turns away what waited too long, and ends transactions that nobody else ends. About once a second. */
    void tick() {
        long now = replica.nowMs();
        int count = parked.size();
        for (int i = 0; i < count; i++) {
            Parked next = parked.remove();
            if (now - next.sinceMs() > LOCK_WAIT_MS) {
                next.refuse().run();
            } else {
                parked.add(next);
            }
        }
        proposed.tick(now, replica.applied().slot(), claim::missing);
        readers.tick(
                now,
                () -> replica.isLeaseOld()
                        ? ErrorCode.NO_QUORUM.error(claim.missing())
                        : ErrorCode.BUSY.error("a read waits for a transaction of group " + group()));
        boolean more = owned && janitor.tick(now);
        hasWork = more || !parked.isEmpty() || !proposed.isEmpty() || !readers.isEmpty();
    }
}
