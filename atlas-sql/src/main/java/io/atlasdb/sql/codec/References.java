package io.atlasdb.sql.codec;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.Retention;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a row that refers to values outside of it, so that whoever removes such values finds the references
 * without knowing a schema:
 *
 * <pre>
 *   20 | count, 2 bytes | (column id, 4 bytes | length, 4 bytes | reference) … | the row, in which these columns are empty
 * </pre>
 */
public final class References {
    private static final byte MARK = 0x20;
    private static final int HEAD_BYTES = 3;

    private References() {}

    /** Whether a key and its value are a row that refers to values outside of it. */
    public static boolean isReferring(byte[] key, byte @Nullable [] value) {
        return value != null && isReferring(value) && GroupKeys.isRow(key);
    }

    static boolean isReferring(byte[] row) {
        int at = Retention.bodyAt(row);
        return row.length > at && row[at] == MARK;
    }

    /** The values that a row refers to. */
    public static List<LargeValue> of(byte[] key, byte @Nullable [] value) {
        return value != null && isReferring(key, value)
                ? List.copyOf(read(value).values())
                : List.of();
    }

    /** The references of a row by column id. */
    static SortedMap<Integer, LargeValue> read(byte[] row) {
        SortedMap<Integer, LargeValue> references = new TreeMap<>();
        try {
            ByteBuffer in = behindMark(row);
            for (int left = in.getShort(); left > 0; left--) {
                int column = in.getInt();
                int length = in.getInt();
                references.put(column, LargeValue.decode(row, in.position(), length));
                in.position(in.position() + length);
            }
            return references;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(e, row);
        }
    }

    private static ByteBuffer behindMark(byte[] row) {
        int at = Retention.bodyAt(row) + 1;
        return ByteBuffer.wrap(row, at, row.length - at);
    }

    /** The row behind the references, or the row itself when there are none. */
    static byte[] withoutReferences(byte[] row) {
        if (!isReferring(row)) {
            return row;
        }
        try {
            ByteBuffer in = behindMark(row);
            for (int left = in.getShort(); left > 0; left--) {
                in.getInt();
                int length = in.getInt();
                in.position(in.position() + length);
            }
            return Arrays.copyOfRange(row, in.position(), row.length);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(e, row);
        }
    }

    private static AtlasException damaged(RuntimeException cause, byte[] row) {
        return ErrorCode.CORRUPT.error(cause, "a row with references has " + row.length + " bytes");
    }

    /** A row with its references before it. */
    static byte[] write(SortedMap<Integer, LargeValue> references, byte[] row) {
        List<byte[]> encoded = new ArrayList<>();
        int length = HEAD_BYTES + row.length;
        for (LargeValue value : references.values()) {
            byte[] bytes = value.encode();
            encoded.add(bytes);
            length += 2 * Integer.BYTES + bytes.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).put(MARK).putShort((short) references.size());
        int at = 0;
        for (Map.Entry<Integer, LargeValue> reference : references.entrySet()) {
            byte[] bytes = encoded.get(at++);
            out.putInt(reference.getKey()).putInt(bytes.length).put(bytes);
        }
        return out.put(row).array();
    }
}
