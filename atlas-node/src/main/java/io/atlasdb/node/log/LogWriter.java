package io.atlasdb.node.log;

import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches and gives up segments. Invariant: at most one batch is not forced, and a segment is given up only after a
 * forced batch says so by its low water. One thread at a time, as {@link AppendQueue} has it.
 */
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    /** A force that takes longer than this, nanoseconds, is waited for by the log's own thread alone. */
    private static final long FAST_NANOS = 2_000_000;
    /** The mean weighs the last force with one part in so many. */
    private static final int MEAN_PARTS = 8;

    private final JournalOptions options;
    private final Groups groups;
    private final Spares spares;
    private final BatchWriter batches;
    private final Checksum checksum = new Checksum();
    /** Full segments that are still needed, oldest first. */
    private final Deque<Segment> full = new ArrayDeque<>();
    /** All segments by their index, from {@link #firstIndex} on. */
    private final List<Segment> byIndex = new ArrayList<>();

    private int firstIndex;
    private long fullBytes;
    private @Nullable Segment current;
    private long nextSequence;
    private long lowWater;
    /** Segments that go as soon as a batch with the present low water is forced. */
    private final Deque<Segment> going = new ArrayDeque<>();

    private boolean dirty;
    /** How long a write and its force take of late. */
    private volatile long meanNanos;

    LogWriter(JournalOptions options, Groups groups, Spares spares, Scan scan) {
        this.options = options;
        this.groups = groups;
        this.spares = spares;
        this.batches = new BatchWriter(options.batchBytes());
        this.nextSequence = scan.nextSequence;
        this.lowWater = scan.lowWater;
        for (Segment segment : scan.chain) {
            byIndex.add(segment);
            if (current != null) {
                full.addLast(current);
                fullBytes += current.bytes;
            }
            current = segment;
        }
    }

    /** Whether a marker should follow when nothing else does. */
    boolean dirty() {
        return dirty;
    }

    /** Writes and forces appends as one batch and runs what waits for it; then truncates after a checkpoint. */
    void write(List<AppendQueue.Append> appends) throws IOException {
        long bytes = 0;
        int count = 0;
        boolean checkpoint = false;
        for (AppendQueue.Append append : appends) {
            bytes += append.bytes();
            count += append.records().size();
        }
        if (count == 0) {
            appends.forEach(append -> append.forced().run()); // they wait for what was forced already
            return;
        }
        Segment segment = begin(bytes, count);
        for (AppendQueue.Append append : appends) {
            for (LogRecord record : append.records()) {
                put(segment, record, Records.type(record));
            }
        }
        force(segment);
        for (AppendQueue.Append append : appends) {
            for (LogRecord record : append.records()) {
                if (record instanceof LogRecord.Checkpoint forced) {
                    groups.checkpoint(forced);
                    checkpoint = true;
                }
            }
            append.forced().run();
        }
        if (checkpoint) {
            truncate();
        }
    }

    /** Whether writes and forces were fast of late. From any thread. */
    boolean isFast() {
        return meanNanos < FAST_NANOS;
    }

    /** {@link #write} for one append, unless that would take longer than a write and a force: then it does nothing. */
    boolean writeSmall(AppendQueue.Append append) throws IOException {
        Segment segment = current;
        if (segment == null
                || !segment.fits(append.bytes())
                || append.records().stream().anyMatch(LogRecord.Checkpoint.class::isInstance)) {
            return false;
        }
        write(List.of(append));
        return true;
    }

    /** Writes and forces a batch of nothing: only it can be lost without anybody seeing it. */
    void writeMarker() throws IOException {
        Segment segment = Objects.requireNonNull(current, "a batch comes before its marker");
        batches.begin(segment, nextSequence, lowWater, 0, 0);
        force(segment);
        dirty = false;
    }

    private Segment begin(long bytes, int count) throws IOException {
        Segment segment = current;
        if (segment != null && segment.fits(bytes)) {
            batches.begin(segment, nextSequence, lowWater, count, bytes);
            return segment;
        }
        List<LogRecord.GroupState> states = groups.states();
        long stateBytes = 0;
        for (LogRecord.GroupState state : states) {
            stateBytes += Records.bytes(state);
        }
        if (bytes + stateBytes > Integer.MAX_VALUE - BatchWriter.HEADER_BYTES) {
            throw new IOException("a batch of " + bytes + " bytes and " + stateBytes + " bytes of states is too large");
        }
        segment = roll(BatchWriter.stored(bytes + stateBytes));
        batches.begin(segment, nextSequence, lowWater, count + states.size(), bytes + stateBytes);
        for (LogRecord.GroupState state : states) {
            put(segment, state, Records.SEGMENT_STATE);
        }
        return segment;
    }

    private Segment roll(long batchBytes) throws IOException {
        Segment next = spares.take(batchBytes);
        next.firstSequence = nextSequence;
        next.index = firstIndex + byIndex.size();
        if (current != null) {
            full.addLast(current);
            fullBytes += current.bytes;
        }
        current = next;
        byIndex.add(next);
        return next;
    }

    private void put(Segment segment, LogRecord record, int type) throws IOException {
        long offset = batches.put(record, type);
        groups.see(type, record, segment, nextSequence, offset);
    }

    private void force(Segment segment) throws IOException {
        long begin = System.nanoTime();
        batches.end();
        segment.file.force();
        long mean = meanNanos;
        meanNanos = mean + (System.nanoTime() - begin - mean) / MEAN_PARTS;
        segment.lastSequence = nextSequence;
        nextSequence++;
        dirty = true;
        while (!going.isEmpty()) {
            spares.recycle(going.removeFirst());
        }
    }

    /**
     * Gives up the oldest segments beyond the budget, as far as nothing in them is needed or it pays to copy that forward. Only
     * segments that are full already are looked at, since copying fills further ones.
     */
    private void truncate() throws IOException {
        long budget = spares.full() ? 0 : options.retainedBytes();
        for (int left = full.size(); left > 0 && fullBytes > budget; left--) {
            Segment oldest = full.getFirst();
            List<Group> needing = groups.needing(oldest);
            if (!pays(needing, fullBytes - budget)) {
                break;
            }
            for (Group group : needing) {
                copyForward(group);
            }
            full.removeFirst();
            byIndex.remove(0);
            firstIndex++;
            fullBytes -= oldest.bytes;
            lowWater = Objects.requireNonNull(full.isEmpty() ? current : full.getFirst()).firstSequence;
            going.addLast(oldest);
        }
        if (!going.isEmpty()) {
            writeMarker(); // now, since the next batch may need the segment that goes
        }
    }

    /**
     * A group that moves on lets its segment go by itself, and copying what is large again and again would only write more: so
     * what is copied is at most half of what the log holds too much.
     */
    private static boolean pays(List<Group> needing, long excessBytes) {
        long bytes = 0;
        for (Group group : needing) {
            bytes += group.liveBytes();
        }
        return 2 * bytes <= excessBytes;
    }

    /** Writes a group whole, in one batch: a crash leaves either the old records or all of the new ones. */
    private void copyForward(Group group) throws IOException {
        List<LogRecord> records = new ArrayList<>(group.liveCount() + 2);
        records.add(group.state());
        for (int i = 0; i < group.liveCount(); i++) {
            records.add(readBack(group.location(i)));
        }
        records.add(new LogRecord.Commit(group.id, group.commit()));
        long bytes = 0;
        for (LogRecord record : records) {
            bytes += Records.bytes(record);
        }
        LOG.debug(
                "group {} is stuck at slot {}, {} bytes copied forward",
                group.id,
                group.applied().slot(),
                bytes);
        Segment segment = begin(bytes, records.size());
        put(segment, records.get(0), Records.RESTART_STATE);
        for (LogRecord record : records.subList(1, records.size())) {
            put(segment, record, Records.type(record));
        }
        force(segment);
    }

    private LogRecord readBack(long location) throws IOException {
        Segment segment = byIndex.get((int) (location >>> 32) - firstIndex);
        long offset = location & 0xffff_ffffL;
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        segment.file.read(length, offset);
        int bytes = length.getInt(0);
        if (bytes < 0 || offset + bytes > segment.end) {
            throw ErrorCode.CORRUPT.error("record at " + offset + " of " + segment.name);
        }
        ByteBuffer record = ByteBuffer.allocate(bytes);
        segment.file.read(record, offset);
        return Records.take(record.flip(), checksum, segment.epoch);
    }

    void close() throws IOException {
        for (Segment segment : byIndex) {
            segment.file.close();
        }
        for (Segment segment : going) {
            segment.file.close();
        }
    }
}
