package io.atlasdb.node.log;

import io.atlasdb.node.replica.LogRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opening a log, first part: which segments make it up, where it ends, whether something is missing; then the surviving tail is
 * copied to a fresh segment and forced, so that nothing is answered from bytes that only the page cache holds and nothing is
 * written behind a torn batch.
 */
final class Scan {
    private static final Logger LOG = LoggerFactory.getLogger(Scan.class);
    private static final Comparator<Segment> BY_SEQUENCE = Comparator.comparingLong(segment -> segment.firstSequence);
    static final String PREFIX = "segment-";
    static final String UNFINISHED = ".new";
    private static final String SET_ASIDE = ".damaged";
    private static final String DAMAGED = "damaged";

    private final Disk disk;
    private final Epochs epochs;
    private final Spares spares;
    private final BatchReader reader = new BatchReader();
    /** Segments of the log in order. */
    final List<Segment> chain = new ArrayList<>();
    /** Files with a name of ours that are no part of the log. */
    private final List<Segment> others = new ArrayList<>();

    private final Set<Long> superseded = new HashSet<>();
    /** Batches below are not needed. */
    long lowWater = 1;
    /** The sequence of the next batch. */
    long nextSequence = 1;

    boolean damaged;

    Scan(Disk disk, Epochs epochs, Spares spares) {
        this.disk = disk;
        this.epochs = epochs;
        this.spares = spares;
    }

    /** Says that the caller has dealt with the damage of an earlier opening. */
    static void clearDamage(Disk disk) throws IOException {
        disk.delete(DAMAGED);
        disk.force();
    }

    void run() throws IOException {
        List<Segment> found = openAll();
        for (Segment segment : found) {
            if (segment.epoch != 0) {
                measure(segment);
            }
        }
        link(found);
        List<Segment> lost = lost();
        Segment tail = chain.isEmpty() ? null : chain.get(chain.size() - 1);
        boolean tailLost = tail != null && reader.findsLater(tail.file, tail.bytes, tail.end, nextSequence);
        if (!lost.isEmpty() || tailLost) {
            setAside(lost);
        }
        if (tail != null) {
            replaceTail(tail, tailLost);
        }
        for (Segment other : others) {
            if (damaged) {
                other.file.close();
                disk.delete(other.name);
            } else {
                spares.recycle(other);
            }
        }
        if (damaged) {
            disk.force();
        }
        for (int i = 0; i < chain.size(); i++) {
            chain.get(i).index = i;
        }
    }

    private List<Segment> openAll() throws IOException {
        List<Segment> found = new ArrayList<>();
        for (String name : disk.list()) {
            if (name.equals(DAMAGED)) {
                damaged = true;
            } else if (name.startsWith(PREFIX) && name.endsWith(UNFINISHED)) {
                disk.delete(name);
            } else if (name.startsWith(PREFIX) && !name.endsWith(SET_ASIDE)) {
                Disk.File file = disk.open(name);
                Segment.Header header = Segment.readHeader(name, file);
                found.add(new Segment(name, file, header.epoch()));
                epochs.seen(name, header.epoch());
                superseded.add(header.supersedes());
            }
        }
        return found;
    }

    /** Finds the whole batches at the beginning of a segment. */
    private void measure(Segment segment) throws IOException {
        BatchReader.Batch batch = reader.read(segment.file, segment.bytes, segment.end, segment.epoch);
        while (batch != null && (segment.firstSequence == 0 || batch.sequence() == segment.lastSequence + 1)) {
            segment.firstSequence = segment.firstSequence == 0 ? batch.sequence() : segment.firstSequence;
            segment.lastSequence = batch.sequence();
            segment.end = batch.next();
            lowWater = Math.max(lowWater, batch.lowWater());
            batch = reader.read(segment.file, segment.bytes, segment.end, segment.epoch);
        }
    }

    /** Puts the segments in order, as far as their sequences have no gap. */
    private void link(List<Segment> found) {
        nextSequence = lowWater;
        List<Segment> inOrder = new ArrayList<>(found);
        inOrder.sort(BY_SEQUENCE);
        for (Segment segment : inOrder) {
            boolean live = segment.firstSequence > 0
                    && segment.lastSequence >= lowWater
                    && !superseded.contains(segment.epoch);
            boolean next = chain.isEmpty() ? segment.firstSequence <= lowWater : segment.firstSequence == nextSequence;
            if (live && next) {
                chain.add(segment);
                nextSequence = segment.lastSequence + 1;
            } else {
                others.add(segment);
            }
        }
    }

    /** The files outside of the log that hold a batch which the log should have. */
    private List<Segment> lost() throws IOException {
        List<Segment> lost = new ArrayList<>();
        for (Segment other : others) {
            if (reader.findsLater(other.file, other.bytes, Segment.HEADER_BYTES, nextSequence)) {
                lost.add(other);
            }
        }
        return lost;
    }

    /** Remembers the damage on disk before anything is changed, and keeps what is cut off for whoever wants to look. */
    private void setAside(List<Segment> lost) throws IOException {
        LOG.error("the log is damaged: batch {} is missing while later ones exist", nextSequence);
        damaged = true;
        disk.create(DAMAGED, 1).close();
        disk.force();
        for (Segment segment : lost) {
            segment.file.close();
            disk.rename(segment.name, segment.name + SET_ASIDE);
            others.remove(segment);
        }
        disk.force();
    }

    private void replaceTail(Segment tail, boolean keep) throws IOException {
        Segment fresh = copy(tail);
        chain.set(chain.size() - 1, fresh);
        if (keep) {
            tail.file.close();
            disk.rename(tail.name, tail.name + SET_ASIDE);
            disk.force();
        } else {
            others.add(tail);
        }
    }

    /** The copy counts from the moment its header is forced, and the original no more. */
    private Segment copy(Segment tail) throws IOException {
        // after damage only a new file: stale batches may have higher sequences than the log goes on with
        Segment fresh = spares.blank(tail.end + BatchWriter.stored(0), damaged ? List.of() : others);
        reader.reset();
        BatchWriter writer = new BatchWriter(1 << 20);
        Checksum checksum = new Checksum();
        long offset = Segment.HEADER_BYTES;
        while (offset < tail.end) {
            BatchReader.Batch batch = reader.read(tail.file, tail.bytes, offset, tail.epoch);
            if (batch == null) {
                throw new IOException("a batch of " + tail.name + " cannot be read any more, at " + offset);
            }
            // after damage the low water may be known only from a batch that is set aside
            writer.begin(
                    fresh,
                    batch.sequence(),
                    Math.max(batch.lowWater(), lowWater),
                    batch.count(),
                    batch.records().remaining());
            while (batch.records().hasRemaining()) {
                int type = Records.typeAt(batch.records());
                LogRecord record = Records.take(batch.records(), checksum, tail.epoch);
                writer.put(record, type);
            }
            writer.end();
            offset = batch.next();
        }
        fresh.file.force();
        Segment.writeHeader(fresh.file, fresh.epoch, tail.epoch);
        fresh.file.force();
        fresh.firstSequence = tail.firstSequence;
        fresh.lastSequence = tail.lastSequence;
        reader.reset();
        return fresh;
    }
}
