package io.atlasdb.node.log;

import io.atlasdb.node.replica.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a batch into one reused direct buffer and writes it; a batch that is larger than the buffer goes in pieces, its header
 * last. A batch begins at a multiple of 8 and is
 *
 * <pre>
 *  0 magic      u32
 *  4 length     u32  bytes of the records
 *  8 epoch      u64  of the segment
 * 16 sequence   u64  1 and up without gaps, over all segments
 * 24 low water  u64  batches below this sequence are not needed any more
 * 32 count      u32  of records, 0 in a marker
 * 36 checksum   u32  CRC32C of the epoch, the 36 bytes before and the records
 * </pre>
 */
final class BatchWriter {
    static final int MAGIC = 0xA71A5B47;
    static final int HEADER_BYTES = 40;
    static final int ALIGNMENT = 8;

    private final ByteBuffer buffer;
    private final Checksum batchChecksum = new Checksum();
    private final Checksum recordChecksum = new Checksum();
    private @Nullable Segment segment;
    private long start;
    /** Where the buffer's first byte belongs in the file. */
    private long bufferStart;
    /** Up to where the buffer is in the batch's checksum. */
    private int summed;

    private long records;
    private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);

    BatchWriter(int bufferBytes) {
        buffer = ByteBuffer.allocateDirect(bufferBytes + HEADER_BYTES);
    }

    /** Bytes that a batch takes in its segment. */
    static long stored(long recordBytes) {
        return (HEADER_BYTES + recordBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Begins a batch at the end of a segment. Exactly {@code count} records of {@code recordBytes} bytes must follow. */
    void begin(Segment into, long sequence, long lowWater, int count, long recordBytes) {
        assert into.end + stored(recordBytes) <= into.bytes : recordBytes + " bytes after " + into.end;
        segment = into;
        start = into.end;
        bufferStart = start;
        records = recordBytes;
        header.clear();
        header.putInt(MAGIC).putInt((int) recordBytes).putLong(into.epoch).putLong(sequence);
        header.putLong(lowWater).putInt(count);
        batchChecksum.begin(into.epoch);
        batchChecksum.add(header, 0, HEADER_BYTES - 4);
        buffer.clear().position(HEADER_BYTES);
        summed = HEADER_BYTES;
    }

    /** Adds a record and says at which byte of the file it begins. */
    long put(LogRecord record, int type) throws IOException {
        Segment into = segment();
        reserve(Records.HEAD_BYTES_MAX);
        int from = buffer.position();
        long offset = bufferStart + from;
        Records.putHead(record, type, buffer);
        byte[] tail = Records.tail(record);
        recordChecksum.begin(into.epoch);
        recordChecksum.add(buffer, from, buffer.position());
        recordChecksum.add(tail);
        for (int done = 0; done < tail.length; ) {
            reserve(1);
            int part = Math.min(buffer.remaining(), tail.length - done);
            buffer.put(tail, done, part);
            done += part;
        }
        reserve(Records.CHECKSUM_BYTES);
        buffer.putInt(recordChecksum.value());
        return offset;
    }

    /** Writes the rest of the batch and moves the end of the segment; the caller forces. */
    void end() throws IOException {
        Segment into = segment();
        sum();
        header.putInt(HEADER_BYTES - 4, batchChecksum.value());
        assert bufferStart + buffer.position() == start + HEADER_BYTES + records : "size of the batch at " + start;
        if (bufferStart == start) {
            buffer.put(0, header, 0, HEADER_BYTES);
            into.file.write(buffer.flip(), start);
        } else {
            into.file.write(buffer.flip(), bufferStart);
            into.file.write(header.clear(), start);
        }
        into.end = start + stored(records);
        segment = null;
    }

    private Segment segment() {
        return Objects.requireNonNull(segment, "no batch was begun");
    }

    private void sum() {
        batchChecksum.add(buffer, summed, buffer.position());
        summed = buffer.position();
    }

    private void reserve(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        sum();
        boolean first = bufferStart == start;
        int written = buffer.position();
        buffer.flip().position(first ? HEADER_BYTES : 0);
        segment().file.write(buffer, bufferStart + buffer.position());
        bufferStart += written;
        buffer.clear();
        summed = 0;
    }
}
