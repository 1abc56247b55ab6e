package io.atlasdb.sql.plan.function;

import io.atlasdb.proto.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Functions that are called for NULL as well, and refuse it. */
public final class Presence {
    private Presence() {}

    /** The order of a window with {@code RANGE n PRECEDING} or {@code FOLLOWING}. */
    public static int measuredInteger(@Nullable Integer key) {
        return key == null ? refuse() : key;
    }

    public static long measuredBigint(@Nullable Long key) {
        return key == null ? refuse() : key;
    }

    public static double measuredDouble(@Nullable Double key) {
        return key == null ? refuse() : key;
    }

    private static int refuse() {
        throw ErrorCode.UNSUPPORTED.error("RANGE with an offset over NULL (leave such rows out)");
    }
}
