package io.atlasdb.node.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Keys or values of one page as a block with a checksum, since MVStore itself has none that covers data.
 *
 * <pre>
 *   keys:    length of items (4) | CRC32C of items (4) | CRC32C of the page before this block (4) | items
 *   values:  length of items (4) | CRC32C of items (4) | items
 * </pre>
 *
 * <p>The items' checksum begins with their number and kind. What precedes the keys in a page is its header and, in an inner
 * page, the positions of its children; MVStore fills those in after the keys are written, so {@link PageFile} adds their
 * checksum on the way to disk.
 */
abstract class PageType<T> extends BasicDataType<T> {
    /** Where in a block of keys the checksum of what precedes the block stands. */
    static final int PREFIX_CRC_OFFSET = 8;

    /** More items than a page ever holds (it is split at 48); a damaged count fails here and not by exhausting memory. */
    private static final int ITEMS_MAX = 1 << 12;

    private final boolean keys;

    PageType(boolean keys) {
        this.keys = keys;
    }

    @Override
    public final boolean isMemoryEstimationAllowed() {
        return false; // sizes of rows differ too much for a sample to tell when a page is full
    }

    @Override
    public final void write(WriteBuffer buffer, Object storage, int count) {
        int start = buffer.position();
        buffer.putInt(0).putInt(0);
        if (keys) {
            buffer.putInt(0);
        }
        int first = buffer.position();
        T[] items = cast(storage);
        for (int i = 0; i < count; i++) {
            write(buffer, items[i]);
        }
        int length = buffer.position() - first;
        buffer.putInt(start, length);
        buffer.putInt(start + 4, checksum(buffer.getBuffer(), first, length, count));
    }

    @Override
    public final void read(ByteBuffer buffer, Object storage, int count) {
        int start = buffer.position();
        int length = buffer.getInt();
        int expected = buffer.getInt();
        if (keys && buffer.getInt() != crc(buffer, 0, start)) {
            throw corrupt("the head of a page does not match its checksum");
        }
        if (length < 0 || length > buffer.remaining()) {
            throw corrupt("a page says that it holds " + length + " bytes of " + buffer.remaining());
        }
        int first = buffer.position();
        if (checksum(buffer, first, length, count) != expected) {
            throw corrupt("the items of a page do not match their checksum");
        }
        T[] items = cast(storage);
        for (int i = 0; i < count; i++) {
            items[i] = read(buffer);
        }
        if (buffer.position() != first + length) {
            throw corrupt("a page holds " + length + " bytes, read were " + (buffer.position() - first));
        }
    }

    @Override
    public final T[] createStorage(int size) {
        if (size < 0 || size > ITEMS_MAX) {
            throw corrupt("a page says that it holds " + size + " items");
        }
        return array(size);
    }

    /** An array for that many items. */
    abstract T[] array(int size);

    /** The CRC32C of a part of a buffer on the heap. */
    static int crc(ByteBuffer buffer, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), buffer.arrayOffset() + from, length);
        return (int) crc.getValue();
    }

    private int checksum(ByteBuffer buffer, int first, int length, int count) {
        CRC32C crc = new CRC32C();
        crc.update(keys ? 'k' : 'v');
        crc.update(count);
        crc.update(count >>> 8);
        crc.update(buffer.array(), buffer.arrayOffset() + first, length);
        return (int) crc.getValue();
    }

    static MVStoreException corrupt(String what) {
        return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "{0}", what);
    }

    static void putBytes(WriteBuffer buffer, byte[] bytes) {
        buffer.putVarInt(bytes.length).put(bytes);
    }

    static byte[] getBytes(ByteBuffer buffer) {
        int length = DataUtils.readVarInt(buffer);
        if (length < 0 || length > buffer.remaining()) {
            throw corrupt("an item says that it has " + length + " bytes of " + buffer.remaining());
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
