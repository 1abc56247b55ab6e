package io.atlasdb.node.kv;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.List;

/** What a transaction does in one group. */
final class Part {
    final List<KeyRange> ranges = new ArrayList<>();
    final List<Command.Put> puts = new ArrayList<>();
    final List<Guard> guards = new ArrayList<>();
    boolean drop;

    /**
     * The bytes of a write.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LIMIT} when key or value is too large
     */
    static long bytes(Write write) {
        if (write.key().length > Limits.KEY_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("a key", write.key().length + " bytes", Limits.KEY_BYTES_MAX);
        }
        byte[] value = write.value();
        if (value != null && value.length > Limits.ROW_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("a row", value.length + " bytes", Limits.ROW_BYTES_MAX);
        }
        return (long) write.key().length + (value == null ? 0 : value.length);
    }

    /** A part that only reads. */
    static Part reading(List<KeyRange> ranges) {
        Part part = new Part();
        part.ranges.addAll(ranges);
        return part;
    }

    /** Whether the group must come into being for it. */
    boolean writes() {
        return !puts.isEmpty() || drop;
    }
}
