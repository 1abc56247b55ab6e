package io.atlasdb.sql.store;

import java.util.Arrays;

/**
 * Keys of one group from {@code from} (included) up to {@code to} (excluded), in unsigned byte order. An empty {@code to}
 * means the end of the group. Arrays are not copied; nobody changes them.
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyRange(long group, byte[] from, byte[] to) {
    /** The range that holds exactly one key. */
    public static KeyRange of(long group, byte[] key) {
        return new KeyRange(group, key, Arrays.copyOf(key, key.length + 1));
    }

    /** All keys that begin with {@code prefix}. */
    public static KeyRange prefix(long group, byte[] prefix) {
        return new KeyRange(group, prefix, end(prefix));
    }

    /** The smallest key above all those that begin with {@code prefix}; empty when there is none. */
    public static byte[] end(byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
            length--;
        }
        byte[] end = Arrays.copyOf(prefix, length);
        if (length > 0) {
            end[length - 1]++;
        }
        return end;
    }

    /** Whether the key lies in this range. */
    public boolean contains(byte[] key) {
        return Arrays.compareUnsigned(from, key) <= 0 && (to.length == 0 || Arrays.compareUnsigned(key, to) < 0);
    }

    /** Whether no key can lie in this range. */
    public boolean isEmpty() {
        return to.length != 0 && Arrays.compareUnsigned(from, to) >= 0;
    }
}
