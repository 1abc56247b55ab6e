package io.atlasdb.node.kv;

import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import java.util.ArrayList;
import java.util.List;

/** What a transaction does in one group. */
final class Part {
    final List<KeyRange> ranges = new ArrayList<>();
    final List<Command.Put> puts = new ArrayList<>();
    final List<Guard> guards = new ArrayList<>();
    boolean drop;

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
