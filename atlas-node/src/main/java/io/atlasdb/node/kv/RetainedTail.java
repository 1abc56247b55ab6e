package io.atlasdb.node.kv;

import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.codec.RetentionRule;
import io.atlasdb.sql.store.Retention;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The retained records of a group as its owner sees them: what is applied, overlaid with what is on its way. Made anew for each
 * time that the group is owned. On the group's thread.
 */
final class RetainedTail implements RetentionRule.State {
    private final Replica replica;
    private final StateMachine machine;
    private final RetentionRule rule = new RetentionRule(this);
    /** The latest time of each table, by the bytes of its number; read when first needed. */
    private @Nullable SortedMap<byte[], Long> marks;
    /** Retained values that are not applied yet. */
    private final TreeMap<byte[], byte[]> inFlight = new TreeMap<>(Arrays::compareUnsigned);

    private final Deque<Flying> order = new ArrayDeque<>();

    @SuppressWarnings("ArrayRecordComponent")
    private record Flying(byte[] key, byte[] value, long timestamp) {}

    RetainedTail(Replica replica, StateMachine machine) {
        this.replica = replica;
        this.machine = machine;
    }

    /** Why a part of a transaction must not be committed at a time, milliseconds since 1970; null when it may. */
    @Nullable
    AtlasException refuse(Part part, long nowMs) {
        SortedMap<byte[], Long> known = marks();
        return known.isEmpty() ? null : RetainedState.refuse(rule, known, part.puts, part.drop, nowMs);
    }

    /** Writes are on their way; or they are applied, and {@code timestamp} is 0. */
    void wrote(Iterable<Command.Put> puts, long timestamp) {
        long applied = replica.applied().timestamp();
        while (!order.isEmpty() && order.getFirst().timestamp() <= applied) {
            Flying landed = order.removeFirst();
            inFlight.remove(landed.key(), landed.value());
        }
        for (Command.Put put : puts) {
            byte[] value = put.value();
            if (value != null && RetainedState.isRetained(put.key(), value)) {
                marks().merge(Retention.table(put.key()), Retention.of(value).untilMs(), Math::max);
                if (timestamp != 0) {
                    inFlight.put(put.key(), value);
                    order.add(new Flying(put.key(), value, timestamp));
                }
            }
        }
    }

    private SortedMap<byte[], Long> marks() {
        SortedMap<byte[], Long> known = marks;
        if (known == null) {
            known = RetainedState.read(machine, replica.group());
            marks = known;
        }
        return known;
    }

    @Override
    public byte @Nullable [] value(byte[] key) {
        byte[] flying = inFlight.get(key);
        return flying != null ? flying : machine.get(replica.group(), key, Long.MAX_VALUE);
    }

    @Override
    public long lastUntilMs(byte[] table) {
        return marks().getOrDefault(table, Long.MIN_VALUE);
    }
}
