package io.atlasdb.sql.codec;

import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.KeyRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns that make a primary key or the leading part of an index entry, and the bytes before them. */
final class KeyShape {
    /** Above every DECIMAL that a column can hold, in unscaled form. */
    private static final BigInteger UNSCALED_BOUND = BigInteger.TEN.pow(38);

    private final long group;
    private final byte[] prefix;
    private final int[] positions;
    private final boolean[] descending;
    private final SqlType[] types;

    KeyShape(Table table, byte[] prefix, List<Index.Part> parts) {
        group = table.group();
        this.prefix = prefix;
        positions = new int[parts.size()];
        descending = new boolean[parts.size()];
        types = new SqlType[parts.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = table.position(parts.get(i).column());
            descending[i] = parts.get(i).descending();
            types[i] = table.columns().get(positions[i]).type();
        }
    }

    int size() {
        return positions.length;
    }

    int position(int part) {
        return positions[part];
    }

    byte[] prefix() {
        return prefix;
    }

    KeyWriter start() {
        return new KeyWriter(prefix);
    }

    /** Appends the key columns of a row; true when one of them is NULL. */
    boolean append(KeyWriter out, @Nullable Object[] row) {
        boolean hasNull = false;
        for (int i = 0; i < positions.length; i++) {
            Object value = row[positions[i]];
            hasNull |= value == null;
            out.put(types[i], value, descending[i]);
        }
        return hasNull;
    }

    /** Appends values given in the order of the key. */
    void appendValues(KeyWriter out, @Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            out.put(types[i], values[i], descending[i]);
        }
    }

    /** Reads key columns into a row; the reader stands behind the prefix and is left behind the columns. */
    void read(KeyReader in, @Nullable Object[] row) {
        for (int i = 0; i < positions.length; i++) {
            row[positions[i]] = in.read(types[i], descending[i]);
        }
    }

    void skip(KeyReader in) {
        for (int i = 0; i < positions.length; i++) {
            in.skip(types[i], descending[i]);
        }
    }

    KeyRange range(
            @Nullable Object[] equal,
            @Nullable Object lower,
            boolean lowerInclusive,
            @Nullable Object upper,
            boolean upperInclusive) {
        int next = equal.length;
        if (next > positions.length || (next == positions.length && (lower != null || upper != null))) {
            throw new IllegalArgumentException(
                    "bounds for " + next + " and more columns, the key has " + positions.length);
        }
        for (int i = 0; i < next; i++) {
            if (types[i].kind() == SqlType.Kind.DECIMAL
                    && equal[i] instanceof BigDecimal value
                    && !fits(value, types[i].scale())) {
                return new KeyRange(group, prefix, prefix);
            }
        }
        byte[] start = bytes(equal, null, false);
        if (lower == null && upper == null) {
            return KeyRange.prefix(group, start);
        }
        boolean fromInside = lowerInclusive;
        boolean toInside = upperInclusive;
        Object low = lower;
        Object high = upper;
        if (low instanceof BigDecimal value && !fits(value, types[next].scale())) {
            low = floor(value, types[next].scale());
            fromInside = false;
        }
        if (high instanceof BigDecimal value && !fits(value, types[next].scale())) {
            high = floor(value, types[next].scale());
            toInside = true;
        }
        byte @Nullable [] lowKey = low == null ? null : bytes(equal, low, true);
        byte @Nullable [] highKey = high == null ? null : bytes(equal, high, true);
        return descending[next]
                ? new KeyRange(
                        group,
                        highKey == null ? start : toInside ? highKey : KeyRange.end(highKey),
                        lowKey == null ? nulls(equal, true) : fromInside ? KeyRange.end(lowKey) : lowKey)
                : new KeyRange(
                        group,
                        lowKey == null ? nulls(equal, false) : fromInside ? lowKey : KeyRange.end(lowKey),
                        highKey == null ? KeyRange.end(start) : toInside ? KeyRange.end(highKey) : highKey);
    }

    private byte[] bytes(@Nullable Object[] equal, @Nullable Object bound, boolean bounded) {
        KeyWriter out = start();
        appendValues(out, equal);
        if (bounded) {
            out.put(types[equal.length], bound, descending[equal.length]);
        }
        return out.toBytes();
    }

    /** The border between NULLs and values of the next column. */
    private byte[] nulls(@Nullable Object[] equal, boolean after) {
        KeyWriter out = start();
        appendValues(out, equal);
        out.putTag(after ? KeyWriter.NULL : KeyWriter.VALUE, after);
        return out.toBytes();
    }

    private static boolean fits(BigDecimal value, int scale) {
        return (long) value.precision() - value.scale() + scale <= 38
                && value.stripTrailingZeros().scale() <= scale;
    }

    /** The largest value of that scale at or below {@code value}, as far as a column can hold it. */
    private static BigDecimal floor(BigDecimal value, int scale) {
        if ((long) value.precision() - value.scale() + scale > 38) {
            return new BigDecimal(value.signum() < 0 ? UNSCALED_BOUND.negate() : UNSCALED_BOUND, scale);
        }
        return value.setScale(scale, RoundingMode.FLOOR);
    }
}
