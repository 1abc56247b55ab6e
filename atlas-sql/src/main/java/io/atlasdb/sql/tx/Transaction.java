package io.atlasdb.sql.tx;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.KeyAccess;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.ImpatientStore;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.LargeValues;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One transaction. Not safe for several threads.
 *
 * <p>Two kinds of reads: {@link #get} and {@link #scan} for queries, validated at SERIALIZABLE only; {@code check} for
 * constraints (is there such a key? does a row refer to it?), validated always. Both see the transaction's own writes.
 * The snapshot is taken by the first read; a transaction that only writes never has one and commits blindly.
 */
public final class Transaction implements KeyAccess, AutoCloseable {
    private final @Nullable Store store;
    /** Where the present is read when the reads are of the past; null when they are not. */
    private final @Nullable Store now;

    private final Isolation isolation;
    private final boolean readOnly;
    private final Supplier<Snapshot> source;
    private final WriteBuffer buffer = new WriteBuffer();
    private final ReadRanges ranges = new ReadRanges(Limits.READ_RANGES_MAX);
    private final List<Guard> guards = new ArrayList<>();
    private final Set<Long> drops = new LinkedHashSet<>();
    private final Set<MergedScan> scans = new LinkedHashSet<>();
    private final Set<MergedScan> checks = new LinkedHashSet<>();
    private final List<LargeValues.Upload> uploads = new ArrayList<>();
    private @Nullable Snapshot snapshot;
    private @Nullable Snapshot present;
    private boolean ended;

    /**
     * A new transaction.
     *
     * @param readOnly whether writes are refused; its reads leave no ranges then, since a snapshot needs no validation
     */
    public Transaction(Store store, Isolation isolation, boolean readOnly) {
        this(store, isolation, readOnly, ReadMode.STRONG);
    }

    /**
     * The same with reads that may be less fresh.
     *
     * @param readMode of its snapshots; only {@code STRONG} when it may write
     */
    public Transaction(Store store, Isolation isolation, boolean readOnly, ReadMode readMode) {
        this(
                store,
                readMode.kind() == ReadMode.Kind.STRONG ? null : store,
                isolation,
                readOnly,
                () -> store.snapshot(readMode));
        if (!readOnly && readMode.kind() != ReadMode.Kind.STRONG) {
            throw new IllegalArgumentException("a transaction that writes with reads of mode " + readMode);
        }
    }

    private Transaction(
            @Nullable Store store,
            @Nullable Store now,
            Isolation isolation,
            boolean readOnly,
            Supplier<Snapshot> source) {
        this.store = store;
        this.now = now;
        this.isolation = isolation;
        this.readOnly = readOnly;
        this.source = source;
    }

    /**
     * A transaction that is going to write, on a {@link Store#draft}: it waits for nobody, but conflicts with what was in flight
     * when it read, so that whoever runs it must be ready to run it again on a snapshot of its own.
     */
    public static Transaction draft(Store store, Isolation isolation) {
        boolean draft = mayDraft(isolation);
        return new Transaction(store, null, isolation, false, () -> draft ? store.draft() : store.snapshot());
    }

    /**
     * A transaction whose reads never wait: see {@link Store#impatient} for what they throw instead. One that writes is a draft.
     */
    public static Transaction impatient(Store store, Isolation isolation, boolean readOnly) {
        boolean draft = !readOnly && mayDraft(isolation);
        Store atHand = new ImpatientStore(store);
        return new Transaction(atHand, null, isolation, readOnly, () -> draft ? atHand.draft() : atHand.snapshot());
    }

    /** What is not validated must be read from a strict snapshot. */
    private static boolean mayDraft(Isolation isolation) {
        return isolation == Isolation.SERIALIZABLE;
    }

    /** A read-only transaction on a given snapshot, which it closes at its end. */
    public Transaction(Snapshot snapshot) {
        this(snapshot, null);
    }

    /**
     * The same on a snapshot of the past.
     *
     * @param now where the present is read beside it
     */
    public Transaction(Snapshot snapshot, @Nullable Store now) {
        this(null, now, Isolation.REPEATABLE_READ, true, () -> snapshot);
        this.snapshot = snapshot;
    }

    /** The snapshot that reads see, taken now if there is none. Not to be closed by the caller. */
    public Snapshot snapshot() {
        requireOpen();
        Snapshot present = snapshot;
        if (present == null) {
            present = source.get();
            snapshot = present;
        }
        return present;
    }

    /** Whether its reads may show an older state than the present one. */
    public boolean readsPast() {
        return now != null;
    }

    /** The state of now beside that of its reads, such as rights are read at; not to be closed by the caller. */
    public Snapshot present() {
        requireOpen();
        Snapshot known = present;
        if (known == null) {
            known = Objects.requireNonNull(now, "it reads the present").snapshot();
            present = known;
        }
        return known;
    }

    /** See {@link Store#known}. */
    public byte @Nullable [] known(long group, byte[] key) {
        return Objects.requireNonNull(now, "it reads the present").known(group, key);
    }

    /** At READ COMMITTED lets the next read take a new snapshot, when nothing ties the transaction to its present one. */
    public void beginStatement() {
        requireOpen();
        Snapshot present = snapshot;
        if (isolation == Isolation.READ_COMMITTED
                && store != null
                && present != null
                && buffer.isEmpty()
                && ranges.size() == 0
                && scans.isEmpty()
                && checks.isEmpty()) {
            snapshot = null;
            present.close();
        }
    }

    public boolean readOnly() {
        return readOnly;
    }

    public Isolation isolation() {
        return isolation;
    }

    /** Whether a commit would write something. */
    public boolean hasWrites() {
        return !buffer.isEmpty() || !drops.isEmpty();
    }

    /** Bytes of keys and values that wait for the commit. */
    public long writtenBytes() {
        return buffer.bytes();
    }

    /** The value of a key, or null. */
    public byte @Nullable [] get(long group, byte[] key) {
        return read(group, key, isolation == Isolation.SERIALIZABLE);
    }

    /**
     * The pairs of a range. A scan that is closed early leaves only the part up to its last key as a read range. Writes made
     * while the scan is open are seen when they lie ahead: a statement that writes what it reads collects its rows first.
     */
    public RowIterator scan(KeyRange range, boolean reverse) {
        return open(range, reverse, isolation == Isolation.SERIALIZABLE ? checks : scans);
    }

    @Override
    public byte @Nullable [] check(long group, byte[] key) {
        return read(group, key, true);
    }

    @Override
    public RowIterator check(KeyRange range) {
        return open(range, false, checks);
    }

    /** What this transaction itself has written to a key and not committed; null for nothing or a removal. */
    public byte @Nullable [] written(long group, byte[] key) {
        WriteBuffer.Cell own = buffer.get(group, key);
        return own == null ? null : own.value();
    }

    /** Makes the commit fail when anything in the range changes, whatever is in it now. */
    public void validate(KeyRange range) {
        snapshot();
        if (!readOnly) {
            ranges.add(range);
        }
    }

    /**
     * Writes a key; the arrays belong to the transaction from now on.
     *
     * @throws io.atlasdb.proto.AtlasException {@code READ_ONLY}; {@code LIMIT} when the transaction grows too large, and then
     *     this write is not made
     */
    @Override
    public void put(long group, byte[] key, byte[] value) {
        requireWritable();
        buffer.put(group, key, value);
    }

    @Override
    public void delete(long group, byte[] key) {
        requireWritable();
        buffer.put(group, key, null);
    }

    /** Ends a group with all its data at commit, and the transaction's own writes to it. */
    @Override
    public void drop(long group) {
        requireWritable();
        drops.add(group);
    }

    /** Makes the commit depend on a schema version; a second guard on the same key is ignored. */
    public void guard(Guard guard) {
        requireOpen();
        for (Guard other : guards) {
            if (other.group() == guard.group() && Arrays.equals(other.key(), guard.key())) {
                return;
            }
        }
        guards.add(guard);
    }

    /** A place to go back to. Each costs memory for the writes that follow, until it is released. */
    public Savepoint savepoint() {
        requireOpen();
        return buffer.savepoint(drops.size());
    }

    /** Takes back all writes since the savepoint, which stays; later ones are gone. What was read stays validated. */
    public void rollbackTo(Savepoint savepoint) {
        requireOpen();
        buffer.rollbackTo(savepoint);
        List<Long> later = new ArrayList<>(drops).subList(savepoint.drops(), drops.size());
        drops.removeAll(later);
    }

    /** Forgets the savepoint and later ones and keeps the writes. */
    public void release(Savepoint savepoint) {
        requireOpen();
        buffer.release(savepoint);
    }

    /**
     * Ends the transaction and its open scans. Without writes this asks the store for nothing, since all reads saw one
     * snapshot, unless that wants to be validated.
     *
     * @return the commit timestamp, or the snapshot's (0 when nothing was read) when nothing was written; fails as {@link
     *     Store#commit} does
     */
    public CompletableFuture<Long> commit() {
        requireOpen();
        Snapshot present = snapshot;
        boolean checked = present != null && present.needsValidation();
        if ((!hasWrites() && !checked) || store == null) {
            rollback();
            return CompletableFuture.completedFuture(present == null ? Commit.BLIND : present.timestamp());
        }
        closeScans();
        ended = true;
        Commit commit = new Commit(
                present == null ? Commit.BLIND : present.timestamp(),
                ranges.toList(),
                buffer.toList(drops),
                guards,
                List.copyOf(drops));
        buffer.clear();
        return store.commit(commit).whenComplete((timestamp, error) -> {
            if (present != null) {
                present.close();
            }
            closeUploads();
        });
    }

    /**
     * {@link #commit}, waiting for the answer.
     *
     * @throws AtlasException as {@link Store#commit} fails
     */
    public long commitAndWait() {
        try {
            return commit().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AtlasException error) {
                throw error;
            }
            throw e;
        }
    }

    /** Where values are that are too large for rows. */
    public LargeValues largeValues() {
        return store != null ? store.largeValues() : snapshot().largeValues();
    }

    /** Keeps an upload open until the commit is answered, or the transaction is rolled back. */
    public void hold(LargeValues.Upload upload) {
        requireOpen();
        uploads.add(upload);
    }

    private void closeUploads() {
        uploads.forEach(LargeValues.Upload::close);
        uploads.clear();
    }

    /** Forgets all writes and ends the transaction; nothing when it has ended. */
    public void rollback() {
        if (ended) {
            return;
        }
        closeScans();
        ended = true;
        buffer.clear();
        closeUploads();
        Snapshot past = snapshot;
        if (past != null) {
            past.close();
        }
        Snapshot later = present;
        if (later != null) {
            later.close();
        }
    }

    /** Whether it was committed or rolled back. */
    public boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        rollback();
    }

    private byte @Nullable [] read(long group, byte[] key, boolean validated) {
        requireOpen();
        WriteBuffer.Cell own = buffer.get(group, key);
        if (own != null) {
            return own.value();
        }
        if (validated && !readOnly) {
            ranges.add(KeyRange.of(group, key));
        }
        return snapshot().get(group, key);
    }

    private RowIterator open(KeyRange range, boolean reverse, Set<MergedScan> kind) {
        RowIterator base = snapshot().scan(range, reverse);
        MergedScan scan = new MergedScan(buffer, range, reverse, base, this::closed);
        kind.add(scan);
        return scan;
    }

    private void closed(MergedScan scan) {
        KeyRange consumed = scan.consumed();
        if (checks.remove(scan) && !readOnly && consumed != null) {
            ranges.add(consumed);
        }
        scans.remove(scan);
    }

    private void closeScans() {
        List.copyOf(checks).forEach(MergedScan::close);
        List.copyOf(scans).forEach(MergedScan::close);
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the transaction has ended");
        }
    }

    private void requireWritable() {
        requireOpen();
        if (readOnly) {
            throw ErrorCode.READ_ONLY.error("writing");
        }
    }
}
