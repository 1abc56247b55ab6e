package io.atlasdb.node.kv;

import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Mutation.Space;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.codec.RetentionRule;
import io.atlasdb.sql.store.Retention;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What every replica holds against entries that would change retained records, in META under {@code W} and a table's number: the
 * latest time that a record of the table is retained until, 8 bytes of milliseconds since 1970. A group without such a mark
 * costs one look in memory per entry.
 *
 * <p>Invariant: a mark is never below the time of any record of its table, and above the present only while such a record is
 * there, since the one that set it cannot go before. Methods of a group are called on its thread.
 */
final class RetainedState {
    private static final byte PREFIX = 'W';

    private final StateMachine machine;
    /** The marks of groups that were asked for, by the bytes of the table's number; as META has them, entries at hand included. */
    private final Map<Long, SortedMap<byte[], Long>> marks = new ConcurrentHashMap<>();

    RetainedState(StateMachine machine) {
        this.machine = machine;
    }

    /** The marks that META holds of a group. */
    static SortedMap<byte[], Long> read(StateMachine machine, long group) {
        SortedMap<byte[], Long> found = new TreeMap<>(Arrays::compareUnsigned);
        machine.metaScan(
                group,
                new byte[] {PREFIX},
                (key, value) -> found.put(
                        Arrays.copyOfRange(key, 1, key.length),
                        ByteBuffer.wrap(value).getLong()));
        return found;
    }

    /** The state of a group was replaced. */
    void forget(long group) {
        marks.remove(group);
    }

    /** Why the writes, or the end of the group, must not take effect at a time; null when they may. */
    @Nullable
    AtlasException refuse(long group, List<Command.Put> puts, boolean drop, long nowMs) {
        SortedMap<byte[], Long> known = marks(group);
        return known.isEmpty() ? null : refuse(rule(group, known), known, puts, drop, nowMs);
    }

    /** The same for a rule over any state. */
    static @Nullable AtlasException refuse(
            RetentionRule rule, SortedMap<byte[], Long> known, List<Command.Put> puts, boolean drop, long nowMs) {
        for (Command.Put put : puts) {
            AtlasException refusal =
                    rule.refuse(put.key(), Part.settled(put, nowMs).value(), nowMs);
            if (refusal != null) {
                return refusal;
            }
        }
        if (drop) {
            for (byte[] table : known.keySet()) {
                AtlasException refusal = rule.refuseTable(key((byte) 0, table), nowMs);
                if (refusal != null) {
                    return refusal;
                }
            }
        }
        return null;
    }

    /** The writes that may take effect. */
    List<Command.Put> allowed(long group, List<Command.Put> puts, long nowMs) {
        if (refuse(group, puts, false, nowMs) == null) {
            return puts;
        }
        List<Command.Put> allowed = new ArrayList<>(puts);
        allowed.removeIf(put -> refuse(group, List.of(put), false, nowMs) != null);
        return allowed;
    }

    /** Adds the marks that writes among the mutations of an entry bring. */
    void remember(long group, List<Mutation> mutations) {
        SortedMap<byte[], Long> raised = raised(mutations);
        if (raised != null) {
            SortedMap<byte[], Long> known = marks(group);
            raised.forEach((table, untilMs) -> {
                if (untilMs > known.getOrDefault(table, Long.MIN_VALUE)) {
                    known.put(table, untilMs);
                    byte[] mark =
                            ByteBuffer.allocate(Long.BYTES).putLong(untilMs).array();
                    mutations.add(new Mutation(Space.META, key(PREFIX, table), 0, mark));
                }
            });
        }
    }

    private static @Nullable SortedMap<byte[], Long> raised(List<Mutation> mutations) {
        SortedMap<byte[], Long> raised = null;
        for (Mutation mutation : mutations) {
            byte[] value = mutation.value();
            if (value != null && mutation.space() == Space.ROWS && isRetained(mutation.key(), value)) {
                raised = raised == null ? new TreeMap<>(Arrays::compareUnsigned) : raised;
                raised.merge(
                        Retention.table(mutation.key()), Retention.of(value).untilMs(), Math::max);
            }
        }
        return raised;
    }

    /** Whether a write stores a record that has a time. */
    static boolean isRetained(byte[] key, byte[] value) {
        return Retention.isRow(key) && Retention.bodyAt(value) > 0;
    }

    private SortedMap<byte[], Long> marks(long group) {
        return marks.computeIfAbsent(group, any -> read(machine, group));
    }

    private RetentionRule rule(long group, SortedMap<byte[], Long> known) {
        return new RetentionRule(new RetentionRule.State() {
            @Override
            public byte @Nullable [] value(byte[] key) {
                return machine.get(group, key, Long.MAX_VALUE);
            }

            @Override
            public long lastUntilMs(byte[] table) {
                return known.getOrDefault(table, Long.MIN_VALUE);
            }
        });
    }

    private static byte[] key(byte prefix, byte[] table) {
        return ByteBuffer.allocate(1 + table.length).put(prefix).put(table).array();
    }
}
