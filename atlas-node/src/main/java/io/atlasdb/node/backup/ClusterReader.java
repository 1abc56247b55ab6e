package io.atlasdb.node.backup;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.codec.References;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a backup, made as they are asked for: a head, the rows of each group in the order of their keys, an end.
 *
 * <p>Every chunk is read from a snapshot of its own, at the one timestamp of them all. So nothing is held between two chunks,
 * neither here nor by the owners, however slow the reader is; a chunk that comes later than history is kept is refused.
 */
final class ClusterReader implements RowCursor {
    /** Content of a chunk, bytes, before the row that passes it: large beside a round trip, small beside the heap. */
    private static final int CONTENT_BYTES = 2 << 20;

    /** Large values before the rows that refer to them, bytes: a restore keeps them open until these rows are written. */
    private static final long LARGE_BYTES = 64L << 20;
    /** Values of a group that are remembered as sent; what is forgotten is sent again. */
    private static final int SENT_MAX = 100_000;

    private static final byte[] END = {};

    private final Store store;
    private final Manifest head;
    private final Job job;
    private final Runnable check;
    private final LongSupplier nowMs;
    private final Deque<Long> left = new ArrayDeque<>();
    private final SortedMap<Long, Manifest.Group> counted = new TreeMap<>();
    /** Parts of large values that go before {@link #rowsBehind}. */
    private final Deque<Part> parts = new ArrayDeque<>();

    private final Set<LargeValue> sent = new HashSet<>();
    private ChunkRows.@Nullable Builder rowsBehind;
    private long largeValues;
    private long largeBytes;
    private byte @Nullable [] from;
    private long rows;
    private long bytes;
    private boolean begun;
    private boolean ended;
    private byte @Nullable [] chunk;

    /** Which part of which value. */
    private record Part(LargeValue value, int index) {}

    /** {@code check} throws when the statement must stop. */
    ClusterReader(Store store, Manifest head, Job job, Runnable check, LongSupplier nowMs) {
        this.store = store;
        this.head = head;
        this.job = job;
        this.check = check;
        this.nowMs = nowMs;
        left.addAll(head.groups().keySet());
    }

    @Override
    public boolean next() {
        try {
            check.run();
            chunk = ended ? null : step();
            return chunk != null;
        } catch (AtlasException e) {
            job.end(Job.State.FAILED, e.getMessage(), nowMs.getAsLong());
            throw e;
        }
    }

    private byte[] step() {
        if (!begun) {
            begun = true;
            return new Chunk(Chunk.Kind.HEAD, 0, 0, head.encode()).encode();
        }
        while (!left.isEmpty()) {
            if (!parts.isEmpty()) {
                return part(left.element(), parts.remove()).encode();
            }
            ChunkRows.Builder found = rowsBehind == null ? read(left.element()) : rowsBehind;
            rowsBehind = parts.isEmpty() ? null : found;
            if (rowsBehind == null && found.rows() > 0) {
                return found.build(Chunk.Kind.ROWS, left.element()).encode();
            } else if (rowsBehind == null) {
                groupDone();
            }
        }
        ended = true;
        job.end(Job.State.DONE, null, nowMs.getAsLong());
        return new Chunk(
                        Chunk.Kind.END,
                        0,
                        0,
                        head.with(counted, new Manifest.Large(largeValues, largeBytes))
                                .encode())
                .encode();
    }

    private void groupDone() {
        long group = left.remove();
        Manifest.Group known = head.groups().get(group);
        if (known != null) {
            counted.put(group, known.counted(rows, bytes));
        }
        from = null;
        sent.clear();
        rows = 0;
        bytes = 0;
        job.groupDone();
    }

    private Chunk part(long group, Part part) {
        try (LargeValues.Download value = store.largeValues().open(group, part.value())) {
            byte[] content = value.chunk(part.index());
            job.add(0, content.length);
            return new Chunk(Chunk.Kind.LARGE, group, 0, new LargePiece(part.value(), part.index(), content).encode());
        }
    }

    /** Lets the parts of the values that a row refers to go before it, unless they went before; how many bytes these are. */
    private long refer(byte[] key, byte[] value) {
        long size = 0;
        for (LargeValue large : References.of(key, value)) {
            if (sent.size() >= SENT_MAX) {
                sent.clear();
            }
            if (sent.add(large)) {
                for (int i = 0; i < large.chunkCount(); i++) {
                    parts.add(new Part(large, i));
                }
                size += large.size();
                largeValues++;
            }
        }
        largeBytes += size;
        return size;
    }

    /** The next rows of a group; none when it has no more. */
    private ChunkRows.Builder read(long group) {
        ChunkRows.Builder found = new ChunkRows.Builder();
        byte[] start = from == null ? new byte[0] : from;
        long foundBytes = 0;
        long outside = 0;
        byte[] last = null;
        try (Snapshot snapshot = store.snapshotAt(head.timestamp());
                RowIterator rowsLeft = snapshot.scan(new KeyRange(group, start, END), false)) {
            while (found.size() < CONTENT_BYTES && outside < LARGE_BYTES && rowsLeft.next()) {
                byte[] key = rowsLeft.key();
                last = key;
                if (group != Store.SYSTEM_GROUP || KeySpaces.ofSystem(key) == KeySpaces.Fate.COPIED) {
                    found.add(key, rowsLeft.value());
                    outside += refer(key, rowsLeft.value());
                    foundBytes += key.length + rowsLeft.value().length;
                }
            }
        }
        if (last != null) {
            from = Arrays.copyOf(last, last.length + 1);
        }
        rows += found.rows();
        bytes += foundBytes;
        job.add(found.rows(), foundBytes);
        return found;
    }

    @Override
    public @Nullable Object[] row() {
        byte[] present = chunk;
        if (present == null) {
            throw new NoSuchElementException("no present chunk");
        }
        return new @Nullable Object[] {present};
    }

    @Override
    public void close() {
        job.end(Job.State.FAILED, ErrorCode.CANCELLED.error().getMessage() + " before its end", nowMs.getAsLong());
    }
}
