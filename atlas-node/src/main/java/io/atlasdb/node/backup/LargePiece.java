package io.atlasdb.node.backup;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A part of a value that stands outside of its row, as the content of a chunk: index, length of the reference (4 bytes each), the
 * reference, the bytes.
 *
 * @param index which part of the value it is, from 0
 * @param bytes what {@link LargeValue#chunk} names
 */
@SuppressWarnings("ArrayRecordComponent")
record LargePiece(LargeValue value, int index, byte[] bytes) {
    private static final int HEAD_BYTES = 2 * Integer.BYTES;

    byte[] encode() {
        byte[] reference = value.encode();
        return ByteBuffer.allocate(HEAD_BYTES + reference.length + bytes.length)
                .putInt(index)
                .putInt(reference.length)
                .put(reference)
                .put(bytes)
                .array();
    }

    /**
     * Reads one, and compares the bytes with their name.
     *
     * @throws AtlasException {@code BACKUP_DAMAGED}
     */
    static LargePiece decode(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        int index = content.length < HEAD_BYTES ? -1 : in.getInt();
        int length = index < 0 ? -1 : in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw ErrorCode.BACKUP_DAMAGED.error("a part of a large value of " + content.length + " bytes");
        }
        LargeValue value = reference(content, in.position(), length);
        byte[] bytes = Arrays.copyOfRange(content, in.position() + length, content.length);
        if (index >= value.chunkCount()
                || !Arrays.equals(value.chunk(index), Manifest.sha256().digest(bytes))) {
            throw ErrorCode.BACKUP_DAMAGED.error("part " + index + " of the large value " + value + " is another one");
        }
        return new LargePiece(value, index, bytes);
    }

    private static LargeValue reference(byte[] content, int from, int length) {
        try {
            return LargeValue.decode(content, from, length);
        } catch (AtlasException e) {
            throw ErrorCode.BACKUP_DAMAGED.error(e, e.getMessage());
        }
    }

    /** Whether it is the last one of its value. */
    boolean isLast() {
        return index == value.chunkCount() - 1;
    }
}
