package io.atlasdb.sql.plan.runtime;

import org.jspecify.annotations.Nullable;

/** Rows between steps: an array of values, or the bare value where a row has one column. */
public final class Tuples {
    private Tuples() {}

    /** The values of a row; not a copy. */
    public static @Nullable Object[] values(@Nullable Object row, int width) {
        if (width != 1) {
            return row instanceof Object[] values ? values : new Object[0];
        }
        return new @Nullable Object[] {row};
    }

    /** One value of a row. */
    public static @Nullable Object value(@Nullable Object row, int field) {
        return row instanceof Object[] values ? values[field] : row;
    }

    /** The row of some values, which it keeps. */
    public static @Nullable Object row(@Nullable Object[] values) {
        return values.length == 1 ? values[0] : values;
    }

    /** Two rows side by side. A side that is null, as outer joins make, is as many NULLs; a bare NULL is the same. */
    public static @Nullable Object[] joined(
            @Nullable Object left, int leftWidth, @Nullable Object right, int rightWidth) {
        @Nullable Object[] values = new @Nullable Object[leftWidth + rightWidth];
        copy(left, leftWidth, values, 0);
        copy(right, rightWidth, values, leftWidth);
        return values;
    }

    private static void copy(@Nullable Object row, int width, @Nullable Object[] values, int at) {
        if (row instanceof Object[] array) {
            System.arraycopy(array, 0, values, at, width);
        } else if (width == 1) {
            values[at] = row;
        }
    }
}
