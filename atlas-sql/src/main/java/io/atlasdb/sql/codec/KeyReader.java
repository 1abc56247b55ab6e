package io.atlasdb.sql.codec;

import io.atlasdb.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link KeyWriter} wrote. Damaged bytes end in an {@code IndexOutOfBoundsException} or {@code IllegalStateException}. */
final class KeyReader {
    private final byte[] key;
    private int position;
    /** FF while a descending column is read: its bytes are stored inverted. */
    private int mask;

    KeyReader(byte[] key, int position) {
        this.key = key;
        this.position = position;
    }

    int position() {
        return position;
    }

    @Nullable
    Object read(SqlType type, boolean descending) {
        mask = descending ? 0xFF : 0;
        int tag = next();
        if (tag == KeyWriter.NULL) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> tag == KeyWriter.TRUE;
            case TINYINT -> (byte) whole(tag);
            case SMALLINT -> (short) whole(tag);
            case INTEGER, DATE, INTERVAL_YEAR_MONTH -> (int) whole(tag);
            case BIGINT, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_DAY_TIME -> whole(tag);
            case DECIMAL -> decimal(tag, type.scale());
            case REAL -> {
                int bits = (int) bigEndian(Integer.BYTES);
                yield Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits);
            }
            case DOUBLE -> {
                long bits = bigEndian(Long.BYTES);
                yield Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
            }
            case CHAR, VARCHAR, JSON -> text();
            case BINARY, VARBINARY -> bytes();
            case UUID -> new UUID(bigEndian(Long.BYTES) ^ Long.MIN_VALUE, bigEndian(Long.BYTES) ^ Long.MIN_VALUE);
        };
    }

    void skip(SqlType type, boolean descending) {
        mask = descending ? 0xFF : 0;
        int tag = next();
        if (tag == KeyWriter.NULL) {
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> {}
            case TINYINT,
                    SMALLINT,
                    INTEGER,
                    DATE,
                    INTERVAL_YEAR_MONTH,
                    BIGINT,
                    TIME,
                    TIMESTAMP,
                    TIMESTAMP_TZ,
                    INTERVAL_DAY_TIME,
                    DECIMAL -> position += count(tag);
            case REAL -> position += Integer.BYTES;
            case DOUBLE -> position += Long.BYTES;
            case UUID -> position += 2 * Long.BYTES;
            case CHAR, VARCHAR, JSON, BINARY, VARBINARY -> {
                while (!(next() == KeyWriter.ESCAPE && next() == KeyWriter.END)) {
                    // every other byte belongs to the value
                }
            }
        }
    }

    private int next() {
        return (key[position++] ^ mask) & 0xFF;
    }

    private static int count(int tag) {
        int count = tag >= KeyWriter.ZERO ? tag - KeyWriter.ZERO : KeyWriter.ZERO - 1 - tag;
        if (count > KeyWriter.WHOLE_BYTES_MAX) {
            throw new IllegalStateException("a number of " + count + " bytes");
        }
        return count;
    }

    private long whole(int tag) {
        long value = tag >= KeyWriter.ZERO ? 0 : -1;
        for (int i = count(tag); i > 0; i--) {
            value = value << 8 | next();
        }
        return value;
    }

    private BigDecimal decimal(int tag, int scale) {
        int count = count(tag);
        boolean negative = tag < KeyWriter.ZERO;
        if (count < Long.BYTES) {
            return BigDecimal.valueOf(whole(tag), scale);
        }
        byte[] bytes = new byte[count + 1];
        bytes[0] = (byte) (negative ? -1 : 0);
        for (int i = 1; i <= count; i++) {
            bytes[i] = (byte) next();
        }
        return new BigDecimal(new BigInteger(bytes), scale);
    }

    private long bigEndian(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        while (true) {
            int b = next();
            if (b == KeyWriter.ESCAPE) {
                if (next() == KeyWriter.END) {
                    return text.toString();
                }
                text.append('\0');
            } else if (b < 0x80) {
                text.append((char) b);
            } else if (b < 0xE0) {
                text.append((char) ((b & 0x1F) << 6 | (next() & 0x3F)));
            } else {
                text.append((char) ((b & 0x0F) << 12 | (next() & 0x3F) << 6 | (next() & 0x3F)));
            }
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[16];
        int length = 0;
        while (true) {
            int b = next();
            if (b == KeyWriter.ESCAPE && next() == KeyWriter.END) {
                return Arrays.copyOf(bytes, length);
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
            bytes[length++] = (byte) b;
        }
    }
}
