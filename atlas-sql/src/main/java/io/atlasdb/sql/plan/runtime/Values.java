package io.atlasdb.sql.plan.runtime;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Between the values of rows and those of generated code, which differ in binary strings alone. */
public final class Values {
    private Values() {}

    /** As generated code holds it. */
    public static @Nullable Object toInternal(@Nullable Object value) {
        return value instanceof byte[] bytes ? new ByteString(bytes) : value;
    }

    /** As rows and clients hold it. */
    public static @Nullable Object toExternal(@Nullable Object value) {
        return value instanceof ByteString bytes ? bytes.getBytes() : value;
    }

    /** Whether two key values are the same. */
    static boolean same(@Nullable Object left, @Nullable Object right) {
        return (left instanceof byte[] bytes && right instanceof byte[] others)
                ? Arrays.equals(bytes, others)
                : java.util.Objects.equals(left, right);
    }

    /** Roughly what a row holds on the heap, bytes. */
    static long size(@Nullable Object row) {
        if (row instanceof Object[] values) {
            long size = 16 + 4L * values.length;
            for (Object value : values) {
                size += size(value);
            }
            return size;
        }
        if (row instanceof List<?> key) {
            return size(key.toArray());
        }
        if (row == null || row instanceof Boolean) {
            return 0;
        }
        if (row instanceof String text) {
            return 48L + text.length();
        }
        if (row instanceof ByteString bytes) {
            return 40L + bytes.length();
        }
        return row instanceof Number ? 24 : 48;
    }
}
