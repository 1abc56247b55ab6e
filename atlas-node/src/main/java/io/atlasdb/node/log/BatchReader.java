package io.atlasdb.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads batches and says which are whole. Through a window, so that small batches cost no call each. One thread. */
final class BatchReader {
    private static final int WINDOW_BYTES = 1 << 20;

    /**
     * A batch whose checksum fits.
     *
     * @param records its records; valid until the next read
     * @param offset where the records begin in the file
     * @param next where the next batch would begin
     */
    record Batch(long epoch, long sequence, long lowWater, int count, ByteBuffer records, long offset, long next) {}

    private final Checksum checksum = new Checksum();
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private Disk.@Nullable File windowFile;
    private long windowStart;

    /** The whole batch that begins at an offset, or null. Epoch 0 stands for any. */
    @Nullable
    Batch read(Disk.File file, long fileBytes, long offset, long epoch) throws IOException {
        if (offset + BatchWriter.HEADER_BYTES > fileBytes) {
            return null;
        }
        int at = show(file, fileBytes, offset, BatchWriter.HEADER_BYTES);
        int length = window.getInt(at + 4);
        long batchEpoch = window.getLong(at + 8);
        if (window.getInt(at) != BatchWriter.MAGIC
                || length < 0
                || offset + BatchWriter.HEADER_BYTES + length > fileBytes
                || batchEpoch == 0
                || (epoch != 0 && epoch != batchEpoch)) {
            return null;
        }
        at = show(file, fileBytes, offset, BatchWriter.HEADER_BYTES + length);
        checksum.begin(batchEpoch);
        checksum.add(window, at, at + BatchWriter.HEADER_BYTES - 4);
        checksum.add(window, at + BatchWriter.HEADER_BYTES, at + BatchWriter.HEADER_BYTES + length);
        if (checksum.value() != window.getInt(at + 36)) {
            return null;
        }
        return new Batch(
                batchEpoch,
                window.getLong(at + 16),
                window.getLong(at + 24),
                window.getInt(at + 32),
                window.slice(at + BatchWriter.HEADER_BYTES, length),
                offset + BatchWriter.HEADER_BYTES,
                offset + BatchWriter.stored(length));
    }

    /** Whether a whole batch of any epoch with this sequence or a later one begins at the offset or behind it. */
    boolean findsLater(Disk.File file, long fileBytes, long from, long sequence) throws IOException {
        for (long offset = from; offset + BatchWriter.HEADER_BYTES <= fileBytes; offset += BatchWriter.ALIGNMENT) {
            int at = show(file, fileBytes, offset, BatchWriter.HEADER_BYTES);
            if (window.getInt(at) == BatchWriter.MAGIC && window.getLong(at + 16) >= sequence) {
                if (read(file, fileBytes, offset, 0) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Forgets what was read, before a file that was written is read again. */
    void reset() {
        windowFile = null;
    }

    /** Has bytes of a file in the window and says at which index. */
    private int show(Disk.File file, long fileBytes, long offset, int length) throws IOException {
        if (file != windowFile || offset < windowStart || offset + length > windowStart + window.limit()) {
            if (window.capacity() < length || window.capacity() > Math.max(WINDOW_BYTES, length)) {
                window = ByteBuffer.allocate(Math.max(WINDOW_BYTES, length));
            }
            window.clear().limit((int) Math.min(window.capacity(), fileBytes - offset));
            windowFile = null;
            file.read(window, offset);
            if (window.position() < length) {
                throw new IOException("a file of the log is shorter than it was");
            }
            window.flip();
            windowFile = file;
            windowStart = offset;
        }
        return (int) (offset - windowStart);
    }
}
