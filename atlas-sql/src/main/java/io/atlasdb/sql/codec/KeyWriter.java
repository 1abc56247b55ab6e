package io.atlasdb.sql.codec;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.Limits;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes values one after the other so that the bytes sort like the values; {@link KeyReader} reads them back. */
final class KeyWriter {
    /** The first byte of NULL, of values without a tag of their own, and of the booleans; see {@link #putWhole} for numbers. */
    static final int NULL = 0x00;

    static final int VALUE = 0x01;
    static final int FALSE = 0x02;
    static final int TRUE = 0x03;
    /** First byte of the whole number 0; n above it a number of n bytes, n + 1 below it a negative one. */
    static final int ZERO = 0x40;
    /** DECIMAL(38) needs 16 bytes. */
    static final int WHOLE_BYTES_MAX = 17;

    static final int ESCAPE = 0x00;
    static final int ESCAPED_ZERO = 0xFF;
    static final int END = 0x01;

    private final Bytes out = new Bytes(48);

    KeyWriter(byte[] prefix) {
        out.put(prefix);
    }

    byte[] toBytes() {
        return out.toArray();
    }

    /** Only a first byte: the bound above or below all NULLs. */
    void putTag(int tag, boolean descending) {
        out.put(descending ? ~tag : tag);
    }

    void put(SqlType type, @Nullable Object value, boolean descending) {
        int from = out.length();
        if (value == null) {
            out.put(NULL);
        } else {
            putValue(type, value);
        }
        if (descending) {
            out.invert(from);
        }
    }

    private void putValue(SqlType type, Object value) {
        switch (type.kind()) {
            case BOOLEAN -> out.put((Boolean) value ? TRUE : FALSE);
            case TINYINT,
                    SMALLINT,
                    INTEGER,
                    BIGINT,
                    DATE,
                    TIME,
                    TIMESTAMP,
                    TIMESTAMP_TZ,
                    INTERVAL_YEAR_MONTH,
                    INTERVAL_DAY_TIME -> putWhole(((Number) value).longValue());
            case DECIMAL ->
                putWhole(((BigDecimal) value)
                        .setScale(type.scale(), RoundingMode.UNNECESSARY)
                        .unscaledValue());
            case REAL -> putReal((Float) value);
            case DOUBLE -> putDouble((Double) value);
            case CHAR, VARCHAR, JSON -> putText((String) value);
            case BINARY, VARBINARY -> putEscaped(bytes(value));
            case UUID -> putUuid((UUID) value);
        }
    }

    private void putWhole(long value) {
        int count = (71 - Long.numberOfLeadingZeros(value < 0 ? ~value : value)) / 8;
        out.put(value < 0 ? ZERO - 1 - count : ZERO + count);
        out.putBigEndian(value, count);
    }

    private void putWhole(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            putWhole(value.longValue());
            return;
        }
        byte[] bytes = value.toByteArray();
        int sign = bytes[0] == (value.signum() < 0 ? -1 : 0) ? 1 : 0;
        int count = bytes.length - sign;
        assert count <= WHOLE_BYTES_MAX : count;
        out.put(value.signum() < 0 ? ZERO - 1 - count : ZERO + count);
        for (int i = sign; i < bytes.length; i++) {
            out.put(bytes[i]);
        }
    }

    private void putReal(float value) {
        int bits = Float.floatToIntBits(value == 0 ? 0 : value);
        out.put(VALUE);
        out.putBigEndian(bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE, Integer.BYTES);
    }

    private void putDouble(double value) {
        long bits = Double.doubleToLongBits(value == 0 ? 0 : value);
        out.put(VALUE);
        out.putBigEndian(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE, Long.BYTES);
    }

    private void putUuid(UUID value) {
        out.put(VALUE);
        out.putBigEndian(value.getMostSignificantBits() ^ Long.MIN_VALUE, Long.BYTES);
        out.putBigEndian(value.getLeastSignificantBits() ^ Long.MIN_VALUE, Long.BYTES);
    }

    private void putText(String value) {
        out.put(VALUE);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0) {
                out.put(ESCAPE);
                out.put(ESCAPED_ZERO);
            } else if (c < 0x80) {
                out.put(c);
            } else if (c < 0x800) {
                out.put(0xC0 | c >> 6);
                out.put(0x80 | (c & 0x3F));
            } else {
                out.put(0xE0 | c >> 12);
                out.put(0x80 | (c >> 6 & 0x3F));
                out.put(0x80 | (c & 0x3F));
            }
        }
        out.put(ESCAPE);
        out.put(END);
    }

    private static byte[] bytes(Object value) {
        if (value instanceof LargeValue large) {
            throw ErrorCode.LIMIT.error("a value in a key", large.size() + " bytes", Limits.KEY_BYTES_MAX);
        }
        return (byte[]) value;
    }

    private void putEscaped(byte[] value) {
        out.put(VALUE);
        for (byte b : value) {
            out.put(b);
            if (b == ESCAPE) {
                out.put(ESCAPED_ZERO);
            }
        }
        out.put(ESCAPE);
        out.put(END);
    }
}
