package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Rows in the content of a chunk, one behind the other: length of the key, key, length of the value, value; lengths 4 bytes. */
final class ChunkRows {
    private final ByteBuffer in;

    /** Walks the rows of a chunk. */
    ChunkRows(Chunk chunk) {
        in = ByteBuffer.wrap(chunk.content());
    }

    /** Takes one pair of bytes. */
    interface Sink {
        void row(byte[] key, byte[] value);
    }

    /**
     * Gives all rows of a chunk.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED}
     */
    static void forEach(Chunk chunk, Sink sink) {
        ChunkRows rows = new ChunkRows(chunk);
        int count = 0;
        while (rows.in.hasRemaining()) {
            byte[] key = rows.bytes();
            sink.row(key, rows.bytes());
            count++;
        }
        if (count != chunk.rows()) {
            throw ErrorCode.BACKUP_DAMAGED.error("a chunk holds " + count + " rows and says " + chunk.rows());
        }
    }

    private byte[] bytes() {
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw ErrorCode.BACKUP_DAMAGED.error("a row has a length of " + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** Gathers rows for a chunk. */
    static final class Builder {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        private int rows;

        void add(byte[] key, byte[] value) {
            put(key);
            put(value);
            rows++;
        }

        private void put(byte[] bytes) {
            out.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            out.writeBytes(bytes);
        }

        int rows() {
            return rows;
        }

        /** Bytes so far. */
        int size() {
            return out.size();
        }

        Chunk build(Chunk.Kind kind, long group) {
            return new Chunk(kind, group, rows, out.toByteArray());
        }
    }
}
