package io.atlasdb.node.log;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of the log and what is known of it. Its first 4 KiB are the header:
 *
 * <pre>
 *  0 magic       u64  "ATLASLOG"
 *  8 version     u32  of the format
 * 12 checksum    u32  CRC32C of the 12 bytes before, the same in every version
 * 16 epoch       u64  a number never used before (high 32 bits), a random one (low 32 bits)
 * 24 supersedes  u64  the epoch of the segment that this one is a copy of, or 0
 * 32 checksum    u32  CRC32C of the 32 bytes before
 * </pre>
 *
 * Batches follow from byte 4096 on, see {@link BatchWriter}.
 */
final class Segment {
    static final long MAGIC = 0x41544c41534c4f47L;
    static final int VERSION = 1;
    /** A block of its own, so that no write of a batch touches the header. */
    static final int HEADER_BYTES = 4096;

    private static final int FIELD_BYTES = 36;

    /** What the header holds. */
    record Header(long epoch, long supersedes) {}

    /** The highest slot that a group accepted in a segment. */
    static final class Slots {
        final long group;
        final Segment segment;
        long max;

        Slots(long group, Segment segment) {
            this.group = group;
            this.segment = segment;
        }
    }

    final String name;
    final Disk.File file;
    final long bytes;
    final long epoch;
    /** Counts the segments in use of this process, in order; part of the location of an entry. */
    int index = -1;
    /** Sequence of the first batch, 0 while there is none. */
    long firstSequence;

    long lastSequence;
    /** Where the next batch begins. */
    long end = HEADER_BYTES;

    final List<Slots> slots = new ArrayList<>();

    Segment(String name, Disk.File file, long epoch) throws IOException {
        this.name = name;
        this.file = file;
        this.bytes = file.bytes();
        this.epoch = epoch;
    }

    /** Whether a batch with so many bytes of records fits, and a marker after it. */
    boolean fits(long recordBytes) {
        return end + BatchWriter.stored(recordBytes) + BatchWriter.stored(0) <= bytes;
    }

    /** Writes a header; it counts when it is forced. */
    static void writeHeader(Disk.File file, long epoch, long supersedes) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        Checksum checksum = new Checksum();
        header.putLong(MAGIC).putInt(VERSION);
        checksum.begin(0);
        checksum.add(header, 0, 12);
        header.putInt(checksum.value()).putLong(epoch).putLong(supersedes);
        checksum.begin(0);
        checksum.add(header, 0, 32);
        header.putInt(checksum.value());
        file.write(header.clear(), 0);
    }

    /** Makes the header one that does not read, before the file gets other contents. */
    static void wipeHeader(Disk.File file) throws IOException {
        file.write(ByteBuffer.allocate(HEADER_BYTES), 0);
    }

    /**
     * Reads a header; an epoch of 0 says that there is none.
     *
     * @throws io.atlasdb.proto.AtlasException UNSUPPORTED when a newer program wrote the file
     */
    static Header readHeader(String name, Disk.File file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FIELD_BYTES);
        file.read(header, 0);
        Checksum checksum = new Checksum();
        checksum.begin(0);
        checksum.add(header, 0, 12);
        if (header.hasRemaining() || header.getLong(0) != MAGIC || header.getInt(12) != checksum.value()) {
            return new Header(0, 0);
        }
        int version = header.getInt(8);
        if (version != VERSION) {
            throw ErrorCode.UNSUPPORTED.error("version " + version + " of the log format (file " + name
                    + "; this program reads version " + VERSION + ", start the one that wrote it)");
        }
        checksum.begin(0);
        checksum.add(header, 0, 32);
        return header.getInt(32) == checksum.value()
                ? new Header(header.getLong(16), header.getLong(24))
                : new Header(0, 0);
    }
}
