package io.atlasdb.node.kv;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** What a transaction does in one group. */
final class Part {
    final List<KeyRange> ranges = new ArrayList<>();
    final List<Command.Put> puts = new ArrayList<>();
    final List<Guard> guards = new ArrayList<>();
    boolean drop;
    /** Nodes that have every value on disk that the puts refer to outside of their rows. */
    Set<Integer> holders = Set.of();

    /** What a commit does in each of its groups. */
    static SortedMap<Long, Part> byGroup(Commit commit, LongPredicate exists) {
        SortedMap<Long, Part> parts = new TreeMap<>();
        for (Write write : commit.writes()) {
            of(parts, write.group()).puts.add(new Command.Put(write.key(), write.value()));
        }
        commit.drops().forEach(group -> of(parts, group).drop = true);
        for (KeyRange range : commit.reads()) {
            // A group that does not exist holds nothing; it cannot come into being with a version below this snapshot.
            if (parts.containsKey(range.group()) || exists.test(range.group())) {
                of(parts, range.group()).ranges.add(range);
            }
        }
        for (Guard guard : commit.guards()) {
            of(parts, guard.group()).guards.add(guard);
        }
        return parts;
    }

    private static Part of(SortedMap<Long, Part> parts, long group) {
        return parts.computeIfAbsent(group, any -> new Part());
    }

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

    /** The same with the periods that its rows are to be retained for counted from a time, milliseconds since 1970. */
    Part settled(long nowMs) {
        boolean pending = false;
        for (Command.Put put : puts) {
            byte[] value = put.value();
            pending |= value != null && Retention.isPending(value) && Retention.isRow(put.key());
        }
        if (!pending) {
            return this;
        }
        Part settled = new Part();
        settled.ranges.addAll(ranges);
        settled.guards.addAll(guards);
        settled.drop = drop;
        settled.holders = holders;
        puts.forEach(put -> settled.puts.add(settled(put, nowMs)));
        return settled;
    }

    /** A write with the period that its row is to be retained for counted from a time. */
    static Command.Put settled(Command.Put put, long nowMs) {
        byte[] value = put.value();
        return value == null || !Retention.isRow(put.key())
                ? put
                : new Command.Put(put.key(), Retention.settled(value, nowMs));
    }

    /** Whether the group must come into being for it. */
    boolean writes() {
        return !puts.isEmpty() || drop;
    }
}
