package io.atlasdb.sql.catalog;

import io.atlasdb.sql.store.KeyRange;
import java.util.Arrays;

/**
 * Where the parts of a table stand in its group. A group may hold several tables.
 *
 * <pre>
 *   01 | table                       descriptor: 8 bytes version, then the schema
 *   02 | table | column              sequence of an identity column: 8 bytes, the next number that is not given out
 *   03 | table | index | key …       rows (index 0) and index entries
 *   04                               the name of a group of tables
 *   05 | table | 0                   the rights on the table: 8 bytes version, see {@code access.AccessList}
 *   05 | table | 1 | key …           the rights on the row that stands at 03 | table | 0 | key …
 * </pre>
 *
 * Numbers are varints whose bytes sort like the numbers: below 0xF8 one byte, else 0xF7 + n and n bytes big-endian.
 */
public final class GroupKeys {
    private static final byte DESCRIPTOR = 1;
    private static final byte SEQUENCE = 2;
    private static final byte ROWS = 3;
    private static final byte NAME = 4;
    private static final byte ACCESS = 5;
    private static final int SINGLE_BYTE_MAX = 0xF7;

    private GroupKeys() {}

    /** What a key of a group stands for. */
    public enum Kind {
        DESCRIPTOR,
        SEQUENCE,
        /** A row of a table, or an entry of an index. */
        ROW,
        /** The name of a group of tables. */
        NAME,
        /** None of the above. */
        OTHER
    }

    /**
     * A key taken apart.
     *
     * @param table 0 for a name or another
     * @param number of a sequence its column, of a row 0, of an entry its index; else 0
     */
    public record Parts(Kind kind, long table, int number) {}

    /** Takes a key apart; what is cut short is {@link Kind#OTHER}. */
    public static Parts parts(byte[] key) {
        Parts other = new Parts(Kind.OTHER, 0, 0);
        if (key.length == 0) {
            return other;
        }
        if (key[0] == NAME) {
            return key.length == 1 ? new Parts(Kind.NAME, 0, 0) : other;
        }
        long table = number(key, 1);
        int next = 1 + size(key, 1);
        if (table < 0) {
            return other;
        }
        if (key[0] == DESCRIPTOR) {
            return key.length == next ? new Parts(Kind.DESCRIPTOR, table, 0) : other;
        }
        long number = number(key, next);
        if (number < 0 || number > Integer.MAX_VALUE || (key[0] != SEQUENCE && key[0] != ROWS)) {
            return other;
        }
        return new Parts(key[0] == SEQUENCE ? Kind.SEQUENCE : Kind.ROW, table, (int) number);
    }

    private static int size(byte[] key, int at) {
        return at >= key.length ? 0 : Math.max(1, 1 + (key[at] & 0xFF) - SINGLE_BYTE_MAX);
    }

    /** The number that begins there; -1 when the key ends before it. */
    private static long number(byte[] key, int at) {
        int size = size(key, at);
        if (size == 0 || at + size > key.length) {
            return -1;
        }
        long number = size == 1 ? key[at] & 0xFF : 0;
        for (int i = 1; i < size; i++) {
            number = number << Byte.SIZE | (key[at + i] & 0xFF);
        }
        return number;
    }

    /** The key of the name of a group of tables. */
    static byte[] group() {
        return key(NAME);
    }

    /** The key of a table's descriptor; what {@code Guard} looks at. */
    public static byte[] descriptor(long table) {
        return key(DESCRIPTOR, table);
    }

    /** The key of an identity column's sequence. */
    public static byte[] sequence(long table, int column) {
        return key(SEQUENCE, table, column);
    }

    /** What all rows of a table (index 0) or all entries of an index begin with. */
    public static byte[] rows(long table, int index) {
        return key(ROWS, table, index);
    }

    /** Whether a key is that of a row, rather than of an index entry or of anything else. */
    public static boolean isRow(byte[] key) {
        if (key.length < 3 || key[0] != ROWS) {
            return false;
        }
        int table = key[1] & 0xFF;
        int index = 2 + Math.max(0, table - SINGLE_BYTE_MAX);
        return index < key.length && key[index] == 0;
    }

    /** What the rows and all index entries of a table begin with. */
    public static byte[] data(long table) {
        return key(ROWS, table);
    }

    /** The key of the rights on a table. */
    public static byte[] access(long table) {
        return key(ACCESS, table, 0);
    }

    /** The key of the rights on a row, by the row's key. */
    public static byte[] rowAccess(long table, byte[] rowKey) {
        return moved(rowKey, rows(table, 0).length, rowAccesses(table));
    }

    /** The key of the rights on a row, by the key of those on the same row of another table. */
    public static byte[] rowAccess(long table, long other, byte[] otherKey) {
        return moved(otherKey, rowAccesses(other).length, rowAccesses(table));
    }

    /** The key of the row that the rights at a key are about. */
    public static byte[] rowOf(long table, byte[] accessKey) {
        return moved(accessKey, rowAccesses(table).length, rows(table, 0));
    }

    /** What the rights on all rows of a table begin with. */
    public static byte[] rowAccesses(long table) {
        return key(ACCESS, table, 1);
    }

    /** What all rights on a table and its rows begin with. */
    public static byte[] accesses(long table) {
        return key(ACCESS, table);
    }

    /** Where the rights on the rows of a range stand. */
    public static KeyRange rowAccess(long table, KeyRange rows) {
        byte[] prefix = rows(table, 0);
        byte[] moved = rowAccesses(table);
        boolean bounded = startsWith(rows.to(), prefix);
        return new KeyRange(
                rows.group(),
                startsWith(rows.from(), prefix) ? moved(rows.from(), prefix.length, moved) : moved,
                bounded ? moved(rows.to(), prefix.length, moved) : KeyRange.end(moved));
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The key with another prefix. */
    private static byte[] moved(byte[] key, int prefixLength, byte[] prefix) {
        byte[] moved = Arrays.copyOf(prefix, prefix.length + key.length - prefixLength);
        System.arraycopy(key, prefixLength, moved, prefix.length, key.length - prefixLength);
        return moved;
    }

    /** A space byte followed by numbers, none of them negative. */
    static byte[] key(byte space, long... numbers) {
        byte[] bytes = new byte[1 + 9 * numbers.length];
        bytes[0] = space;
        int length = 1;
        for (long number : numbers) {
            length = put(bytes, length, number);
        }
        return Arrays.copyOf(bytes, length);
    }

    private static int put(byte[] bytes, int at, long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a negative number in a key: " + number);
        }
        int position = at;
        if (number <= SINGLE_BYTE_MAX) {
            bytes[position++] = (byte) number;
            return position;
        }
        int count = (71 - Long.numberOfLeadingZeros(number)) / 8;
        bytes[position++] = (byte) (SINGLE_BYTE_MAX + count);
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            bytes[position++] = (byte) (number >>> shift);
        }
        return position;
    }
}
