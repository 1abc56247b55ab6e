package io.atlasdb.sql.store;

import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names a value that stands outside of its row, in chunks that are named by their content. Arrays are not copied; nobody
 * changes them.
 *
 * @param sha256 of the whole value, 32 bytes
 * @param size of the whole value, bytes
 * @param chunks the SHA-256 of each chunk one after the other; every chunk but the last holds {@link #CHUNK_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent")
public record LargeValue(byte[] sha256, long size, byte[] chunks) {
    /** A chunk, bytes: few enough to hold some of them in memory, enough for a disk to be at its best. */
    public static final int CHUNK_BYTES = 1 << 20;
    /** Bytes of a SHA-256. */
    public static final int HASH_BYTES = 32;

    private static final int HEAD_BYTES = HASH_BYTES + Long.BYTES;

    public LargeValue {
        if (sha256.length != HASH_BYTES || size < 0 || chunks.length != HASH_BYTES * chunkCount(size)) {
            throw new IllegalArgumentException("a hash of " + sha256.length + " bytes, a value of " + size
                    + " bytes, hashes of chunks of " + chunks.length + " bytes");
        }
    }

    /** How many chunks a value of so many bytes has. */
    public static long chunkCount(long size) {
        return (size + CHUNK_BYTES - 1) / CHUNK_BYTES;
    }

    /** How many chunks it has. */
    public int chunkCount() {
        return chunks.length / HASH_BYTES;
    }

    /** The SHA-256 of a chunk. */
    public byte[] chunk(int index) {
        return Arrays.copyOfRange(chunks, HASH_BYTES * index, HASH_BYTES * (index + 1));
    }

    /** How many bytes a chunk holds. */
    public int chunkBytes(int index) {
        return (int) Math.min(CHUNK_BYTES, size - (long) index * CHUNK_BYTES);
    }

    /** The stored form: the hash, the size (64 bits), the hashes of the chunks. */
    public byte[] encode() {
        return ByteBuffer.allocate(HEAD_BYTES + chunks.length)
                .put(sha256)
                .putLong(size)
                .put(chunks)
                .array();
    }

    /**
     * Reads the stored form.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CORRUPT}
     */
    public static LargeValue decode(byte[] bytes, int offset, int length) {
        if (length < HEAD_BYTES) {
            throw ErrorCode.CORRUPT.error("a reference to a large value has " + length + " bytes");
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
            byte[] sha256 = new byte[HASH_BYTES];
            in.get(sha256);
            long size = in.getLong();
            byte[] chunks = new byte[length - HEAD_BYTES];
            in.get(chunks);
            return new LargeValue(sha256, size, chunks);
        } catch (IllegalArgumentException e) {
            throw ErrorCode.CORRUPT.error(e, "a reference to a large value has " + length + " bytes");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LargeValue value && size == value.size && Arrays.equals(sha256, value.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(sha256, 0, Integer.BYTES) + "…, " + size + " bytes";
    }
}
