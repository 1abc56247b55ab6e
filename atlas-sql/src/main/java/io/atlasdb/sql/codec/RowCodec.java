package io.atlasdb.sql.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.store.Retention;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The value side of a row; the layout is drawn in the package's description.
 *
 * <p>A bit set has bit {@code id % 8} of byte {@code id / 8}. The n-th value that is not NULL, by ascending column id, lies
 * between the end offsets n − 1 and n.
 */
final class RowCodec {
    /** High half of the first byte; the low half is the width of an offset in bytes, 1, 2 or 4. */
    private static final int FORMAT = 0x10;

    private RowCodec() {}

    /**
     * @param positions the positions in {@code row} of the columns to store, by ascending column id
     * @param ids the column id at each position of {@code row}
     */
    static byte[] encode(int[] positions, int[] ids, SqlType[] types, @Nullable Object[] row) {
        int bits = positions.length == 0 ? 0 : ids[positions[positions.length - 1]] / 8 + 1;
        byte[] held = new byte[bits];
        byte[] set = new byte[bits];
        int[] ends = new int[positions.length];
        int count = 0;
        Bytes data = new Bytes(64);
        for (int position : positions) {
            int id = ids[position];
            held[id >> 3] |= (byte) (1 << (id & 7));
            Object value = row[position];
            if (value != null) {
                set[id >> 3] |= (byte) (1 << (id & 7));
                put(data, types[position], value);
                ends[count++] = data.length();
            }
        }
        int width = data.length() <= 0xFF ? 1 : data.length() <= 0xFFFF ? 2 : 4;
        Bytes head = new Bytes(3 + 2 * bits + width * count);
        head.put(FORMAT | width);
        head.putBigEndian(bits, 2);
        head.put(held);
        head.put(set);
        for (int i = 0; i < count; i++) {
            head.putBigEndian(ends[i], width);
        }
        byte[] value = new byte[head.length() + data.length()];
        head.copyTo(value, 0);
        data.copyTo(value, head.length());
        return value;
    }

    private static void put(Bytes out, SqlType type, Object value) {
        switch (type.kind()) {
            case BOOLEAN -> out.putBigEndian(1, (Boolean) value ? 1 : 0);
            case TINYINT,
                    SMALLINT,
                    INTEGER,
                    BIGINT,
                    DATE,
                    TIME,
                    TIMESTAMP,
                    TIMESTAMP_TZ,
                    INTERVAL_YEAR_MONTH,
                    INTERVAL_DAY_TIME -> {
                long number = ((Number) value).longValue();
                int bits = Long.SIZE - Long.numberOfLeadingZeros(number < 0 ? ~number : number);
                out.putBigEndian(number, number == 0 ? 0 : bits / 8 + 1);
            }
            case DECIMAL ->
                out.put(((BigDecimal) value)
                        .setScale(type.scale(), RoundingMode.UNNECESSARY)
                        .unscaledValue()
                        .toByteArray());
            case REAL -> out.putBigEndian(Float.floatToIntBits((Float) value), Integer.BYTES);
            case DOUBLE -> out.putBigEndian(Double.doubleToLongBits((Double) value), Long.BYTES);
            case CHAR, VARCHAR, JSON -> out.put(((String) value).getBytes(UTF_8));
            case BINARY, VARBINARY -> out.put((byte[]) value);
            case UUID -> {
                out.putBigEndian(((UUID) value).getMostSignificantBits(), Long.BYTES);
                out.putBigEndian(((UUID) value).getLeastSignificantBits(), Long.BYTES);
            }
        }
    }

    /** A row's value opened for reading single columns. Damaged bytes end in an unchecked exception of any kind. */
    static final class Reader {
        private final byte[] value;
        private final int width;
        private final int bits;
        private final int held;
        private final int set;
        private final int ends;
        private final int data;
        /** The ids that are not NULL, when they are all below 64. */
        private final long few;

        Reader(byte[] value) {
            int at = Retention.bodyAt(value);
            if ((value[at] & 0xF0) != FORMAT) {
                throw new IllegalStateException("row format " + (value[at] & 0xFF));
            }
            this.value = value;
            width = value[at] & 0x0F;
            bits = (value[at + 1] & 0xFF) << 8 | (value[at + 2] & 0xFF);
            held = at + 3;
            set = held + bits;
            ends = set + bits;
            long first = 0;
            for (int i = Math.min(bits, Long.BYTES) - 1; i >= 0; i--) {
                first = first << 8 | (value[set + i] & 0xFF);
            }
            few = first;
            data = ends + width * rank(8 * bits);
        }

        /** Whether the row was written by a schema that had this column. */
        boolean holds(int id) {
            return bit(held, id);
        }

        @Nullable
        Object read(int id, SqlType type) {
            if (!bit(set, id)) {
                return null;
            }
            int slot = rank(id);
            int from = data + (slot == 0 ? 0 : end(slot - 1));
            int length = data + end(slot) - from;
            Objects.checkFromIndexSize(from, length, value.length);
            return switch (type.kind()) {
                case BOOLEAN -> length != 0;
                case TINYINT -> (byte) Bytes.signed(value, from, length);
                case SMALLINT -> (short) Bytes.signed(value, from, length);
                case INTEGER, DATE, INTERVAL_YEAR_MONTH -> (int) Bytes.signed(value, from, length);
                case BIGINT, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_DAY_TIME -> Bytes.signed(value, from, length);
                case DECIMAL ->
                    length <= Long.BYTES
                            ? BigDecimal.valueOf(Bytes.signed(value, from, length), type.scale())
                            : new BigDecimal(new BigInteger(value, from, length), type.scale());
                case REAL -> Float.intBitsToFloat((int) Bytes.signed(value, from, Integer.BYTES));
                case DOUBLE -> Double.longBitsToDouble(Bytes.signed(value, from, Long.BYTES));
                case CHAR, VARCHAR, JSON -> new String(value, from, length, UTF_8);
                case BINARY, VARBINARY -> {
                    byte[] bytes = new byte[length];
                    System.arraycopy(value, from, bytes, 0, length);
                    yield bytes;
                }
                case UUID ->
                    new UUID(Bytes.signed(value, from, Long.BYTES), Bytes.signed(value, from + Long.BYTES, Long.BYTES));
            };
        }

        private boolean bit(int at, int id) {
            return id < 8 * bits && (value[at + (id >> 3)] >> (id & 7) & 1) != 0;
        }

        /** How many ids below {@code id} are not NULL. */
        private int rank(int id) {
            if (id < Long.SIZE) {
                return Long.bitCount(few & ((1L << id) - 1));
            }
            int count = 0;
            for (int i = 0; i < id >> 3; i++) {
                count += Integer.bitCount(value[set + i] & 0xFF);
            }
            return (id & 7) == 0 ? count : count + Integer.bitCount(value[set + (id >> 3)] & ((1 << (id & 7)) - 1));
        }

        private int end(int slot) {
            int at = ends + slot * width;
            return switch (width) {
                case 1 -> value[at] & 0xFF;
                case 2 -> (value[at] & 0xFF) << 8 | (value[at + 1] & 0xFF);
                default -> (int) Bytes.signed(value, at, Integer.BYTES);
            };
        }
    }
}
