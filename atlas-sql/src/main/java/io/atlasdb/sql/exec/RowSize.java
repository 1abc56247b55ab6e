package io.atlasdb.sql.exec;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Estimates what a row takes on the heap, so that budgets follow real memory; within a factor of two of the truth. */
final class RowSize {
    private static final int ARRAY_BYTES = 32;
    private static final int SLOT_BYTES = 4;
    private static final int BOXED_BYTES = 24;
    private static final int STRING_BYTES = 48;
    private static final int DECIMAL_BYTES = 64;

    private RowSize() {}

    /** Bytes of a row and its values. */
    static long of(@Nullable Object[] row) {
        long bytes = ARRAY_BYTES + (long) SLOT_BYTES * row.length;
        for (Object value : row) {
            if (value instanceof String text) {
                bytes += STRING_BYTES + text.length();
            } else if (value instanceof byte[] binary) {
                bytes += ARRAY_BYTES + binary.length;
            } else if (value instanceof BigDecimal) {
                bytes += DECIMAL_BYTES;
            } else if (value != null) {
                bytes += BOXED_BYTES;
            }
        }
        return bytes;
    }
}
