package io.atlasdb.node.backup;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NoSuchElementException;
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

    private static final byte[] END = {};

    private final Store store;
    private final Manifest head;
    private final Job job;
    private final Runnable check;
    private final LongSupplier nowMs;
    private final Deque<Long> left = new ArrayDeque<>();
    private final SortedMap<Long, Manifest.Group> counted = new TreeMap<>();
    private byte @Nullable [] from;
    private long rows;
    private long bytes;
    private boolean begun;
    private boolean ended;
    private byte @Nullable [] chunk;

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
            ChunkRows.Builder found = read(left.element());
            if (found.rows() > 0) {
                return found.build(Chunk.Kind.ROWS, left.element()).encode();
            }
            groupDone();
        }
        ended = true;
        job.end(Job.State.DONE, null, nowMs.getAsLong());
        return new Chunk(Chunk.Kind.END, 0, 0, head.with(counted).encode()).encode();
    }

    private void groupDone() {
        long group = left.remove();
        Manifest.Group known = head.groups().get(group);
        if (known != null) {
            counted.put(group, known.counted(rows, bytes));
        }
        from = null;
        rows = 0;
        bytes = 0;
        job.groupDone();
    }

    /** The next rows of a group; none when it has no more. */
    private ChunkRows.Builder read(long group) {
        ChunkRows.Builder found = new ChunkRows.Builder();
        byte[] start = from == null ? new byte[0] : from;
        long foundBytes = 0;
        byte[] last = null;
        try (Snapshot snapshot = store.snapshotAt(head.timestamp());
                RowIterator rowsLeft = snapshot.scan(new KeyRange(group, start, END), false)) {
            while (found.size() < CONTENT_BYTES && rowsLeft.next()) {
                byte[] key = rowsLeft.key();
                last = key;
                if (group != Store.SYSTEM_GROUP || KeySpaces.ofSystem(key) == KeySpaces.Fate.COPIED) {
                    found.add(key, rowsLeft.value());
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
