package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * What travels between the node and the command, and stands in the files.
 *
 * <pre>
 *   1 byte    kind
 *   8 bytes   group
 *   4 bytes   rows
 *   4 bytes   length of the content
 *   4 bytes   length of the content as it stands here
 *   content, deflated (RFC 1950)
 *   4 bytes   CRC-32C of all that is above
 * </pre>
 *
 * @param group of rows; else 0
 * @param rows how many the content holds; else 0
 * @param content rows as {@link ChunkRows} has them, or what the kind says
 */
@SuppressWarnings("ArrayRecordComponent")
record Chunk(Kind kind, long group, int rows, byte[] content) {
    /** Letters are stored and never change. */
    enum Kind {
        /** The first of a backup: a {@link Manifest} that knows no counts and files. */
        HEAD('H'),
        ROWS('R'),
        /** A {@link LargePiece}: of a value that rows of the same group refer to which come later. */
        LARGE('L'),
        /** The last of a backup: the same manifest with counts. */
        END('E'),
        /** The first step of a restore: a byte that is 1 when placements are adapted, then the manifest. */
        BEGIN('B'),
        /** The last step of a restore: the rows of group 0. */
        FINISH('F');

        private final byte letter;

        Kind(char letter) {
            this.letter = (byte) letter;
        }
    }

    /** Content, bytes: what a request of the client port can carry, with room for the message around it. */
    static final int CONTENT_BYTES_MAX = Limits.REQUEST_BYTES_MAX - (1 << 20);

    private static final int HEADER_BYTES = 21;
    private static final int CHECKSUM_BYTES = 4;

    byte[] encode() {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] out = new byte[HEADER_BYTES + Math.max(256, content.length / 2) + CHECKSUM_BYTES];
            int length = HEADER_BYTES;
            while (!deflater.finished()) {
                if (out.length - length <= CHECKSUM_BYTES) {
                    out = Arrays.copyOf(out, out.length + out.length / 2);
                }
                length += deflater.deflate(out, length, out.length - length - CHECKSUM_BYTES);
            }
            ByteBuffer.wrap(out)
                    .put(kind.letter)
                    .putLong(group)
                    .putInt(rows)
                    .putInt(content.length)
                    .putInt(length - HEADER_BYTES);
            ByteBuffer.wrap(out).putInt(length, checksum(out, length));
            return Arrays.copyOf(out, length + CHECKSUM_BYTES);
        } finally {
            deflater.end();
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /**
     * Reads one that stands alone.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED}
     */
    static Chunk decode(byte[] bytes) {
        if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES) {
            throw ErrorCode.BACKUP_DAMAGED.error("a chunk of " + bytes.length + " bytes");
        }
        int length = bytes.length - CHECKSUM_BYTES;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.getInt(length) != checksum(bytes, length)) {
            throw ErrorCode.BACKUP_DAMAGED.error("the checksum of a chunk is wrong");
        }
        Kind kind = kind(buffer.get());
        long group = buffer.getLong();
        int rows = buffer.getInt();
        int contentLength = buffer.getInt();
        if (buffer.getInt() != length - HEADER_BYTES
                || contentLength < 0
                || contentLength > CONTENT_BYTES_MAX
                || rows < 0) {
            throw ErrorCode.BACKUP_DAMAGED.error("the lengths of a chunk do not agree");
        }
        return new Chunk(kind, group, rows, inflate(bytes, length, contentLength));
    }

    /**
     * Reads the next one as bytes; null at the end.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED} when the end comes in the middle of it
     */
    static byte @Nullable [] read(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length == 0) {
            return null;
        }
        if (header.length < HEADER_BYTES) {
            throw ErrorCode.BACKUP_DAMAGED.error("it ends in the middle of a chunk");
        }
        int packed = ByteBuffer.wrap(header).getInt(HEADER_BYTES - Integer.BYTES);
        if (packed < 0 || packed > CONTENT_BYTES_MAX + (CONTENT_BYTES_MAX >> 8)) {
            throw ErrorCode.BACKUP_DAMAGED.error("a chunk of " + packed + " bytes");
        }
        byte[] all = Arrays.copyOf(header, HEADER_BYTES + packed + CHECKSUM_BYTES);
        try {
            new DataInputStream(in).readFully(all, HEADER_BYTES, packed + CHECKSUM_BYTES);
        } catch (EOFException e) {
            throw ErrorCode.BACKUP_DAMAGED.error(e, "it ends in the middle of a chunk");
        }
        return all;
    }

    private static Kind kind(byte letter) {
        for (Kind kind : Kind.values()) {
            if (kind.letter == letter) {
                return kind;
            }
        }
        throw ErrorCode.BACKUP_DAMAGED.error("a chunk of kind " + letter);
    }

    private static byte[] inflate(byte[] bytes, int end, int contentLength) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes, HEADER_BYTES, end - HEADER_BYTES);
            byte[] content = new byte[contentLength];
            int length = 0;
            while (length < contentLength) {
                int more = inflater.inflate(content, length, contentLength - length);
                if (more == 0) {
                    break;
                }
                length += more;
            }
            // One more byte would show that there is more than was said.
            if (length != contentLength || inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
                throw ErrorCode.BACKUP_DAMAGED.error("a chunk holds other than its " + contentLength + " bytes");
            }
            return content;
        } catch (DataFormatException e) {
            throw ErrorCode.BACKUP_DAMAGED.error(e, "a chunk cannot be unpacked");
        } finally {
            inflater.end();
        }
    }
}
