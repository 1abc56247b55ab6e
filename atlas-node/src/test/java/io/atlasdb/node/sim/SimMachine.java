package io.atlasdb.node.sim;

import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Installation;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state of the groups of a node over its lives: numbered registers in META. A crash takes it back to what was durable, which
 * may be newer than the last checkpoint, as with a store that commits on its own.
 */
final class SimMachine implements StateMachine {
    /** Key under which a snapshot carries {@link State#sum}. */
    private static final long SUM_KEY = -1;

    /**
     * One group. Replaced at every change, so that a copy is a reference.
     *
     * @param sum of all changes that led here
     */
    record State(
            Position position,
            SortedMap<Long, Long> registers,
            long sum,
            @Nullable Installation installation) {
        static final State EMPTY = new State(Position.START, new TreeMap<>(), 0, null);

        boolean isInstalling() {
            return installation != null && !installation.complete();
        }
    }

    /** Hears of every entry that is applied, of every snapshot, and of the state that it leads to. */
    @FunctionalInterface
    interface Listener {
        void applied(long group, State state, boolean snapshot);
    }

    private final Listener listener;
    private SortedMap<Long, State> states = new TreeMap<>();
    private SortedMap<Long, State> durable = new TreeMap<>();
    private long version;

    SimMachine(Listener listener) {
        this.listener = listener;
    }

    State state(long group) {
        return states.getOrDefault(group, State.EMPTY);
    }

    /** What a crash leaves of a group at least. */
    Position durable(long group) {
        return durable.getOrDefault(group, State.EMPTY).position();
    }

    void crash(boolean committedOnItsOwn) {
        if (committedOnItsOwn) {
            durable = new TreeMap<>(states);
        }
        states = new TreeMap<>(durable);
    }

    @Override
    public Export export(long group) {
        State exported = state(group);
        return new Export() {
            @Override
            public Position position() {
                return exported.position();
            }

            @Override
            public long rowsEstimate() {
                return 0;
            }

            @Override
            public Page rows(byte @Nullable [] after, long since, int bytesMax) {
                return new Page(List.of(), null);
            }

            @Override
            public Page metas(byte @Nullable [] after, int bytesMax) {
                List<Row> rows = new ArrayList<>();
                rows.add(new Row(bytes(SUM_KEY), 0, bytes(exported.sum())));
                exported.registers().forEach((key, value) -> rows.add(new Row(bytes(key), 0, bytes(value))));
                return new Page(rows, null);
            }

            @Override
            public void close() {}
        };
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static long number(byte @Nullable [] bytes) {
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    @Override
    public void beginInstall(long group, boolean incremental) {
        State before = incremental ? state(group) : State.EMPTY;
        states.put(group, new State(before.position(), before.registers(), before.sum(), Installation.BEGUN));
    }

    @Override
    public void installRows(long group, List<Export.Row> rows) {}

    @Override
    public void finishInstall(long group, Installation installation, List<Export.Row> metas) {
        SortedMap<Long, Long> registers = new TreeMap<>();
        metas.forEach(row -> registers.put(number(row.key()), number(row.value())));
        Long sum = registers.remove(SUM_KEY);
        State state = new State(installation.position(), registers, sum == null ? 0 : sum, installation);
        states.put(group, state);
        if (installation.floor() < Long.MAX_VALUE) {
            listener.applied(group, state, true);
        }
    }

    /** Whether the node has left a group and holds nothing of it. */
    boolean isDeparted(long group) {
        Installation last = state(group).installation();
        return last != null && last.complete() && last.floor() == Long.MAX_VALUE;
    }

    @Override
    public @Nullable Installation installation(long group) {
        return state(group).installation();
    }

    @Override
    public Set<Long> installing() {
        Set<Long> groups = new TreeSet<>();
        states.forEach((group, state) -> {
            if (state.isInstalling()) {
                groups.add(group);
            }
        });
        return groups;
    }

    @Override
    public Position applied(long group) {
        return state(group).position();
    }

    @Override
    public Map<Long, Position> positions() {
        Map<Long, Position> positions = new TreeMap<>();
        states.forEach((group, state) -> positions.put(group, state.position()));
        return positions;
    }

    @Override
    public void apply(long group, Position position, List<Mutation> mutations) {
        State before = state(group);
        if (position.slot() != before.position().slot() + 1) {
            throw new Violation(
                    Invariant.ONE_VALUE,
                    "group " + group + ": slot " + position.slot() + " is applied after "
                            + before.position().slot());
        }
        if (before.isInstalling()) {
            throw new Violation(
                    Invariant.ONE_VALUE,
                    "group " + group + ": slot " + position.slot() + " is applied to part of a snapshot");
        }
        SortedMap<Long, Long> registers = before.registers();
        long sum = before.sum();
        for (Mutation mutation : mutations) {
            long key = number(mutation.key());
            long value = number(mutation.value());
            registers = new TreeMap<>(registers);
            registers.put(key, value);
            sum = sum * 31 + key * 7 + value;
        }
        State after = new State(position, registers, sum, before.installation());
        states.put(group, after);
        listener.applied(group, after, false);
    }

    long register(long group, long key) {
        return state(group).registers().getOrDefault(key, 0L);
    }

    @Override
    public byte @Nullable [] meta(long group, byte[] key) {
        return null;
    }

    @Override
    public void metaScan(long group, byte[] prefix, BiConsumer<byte[], byte[]> sink) {}

    @Override
    public void metaScan(long group, byte[] prefix, int max, BiConsumer<byte[], byte[]> sink) {}

    @Override
    public byte @Nullable [] get(long group, byte[] key, long timestamp) {
        return null;
    }

    @Override
    public RowIterator scan(KeyRange range, long timestamp, boolean reverse) {
        throw new UnsupportedOperationException("there are no rows");
    }

    @Override
    public long newestVersion(long group, byte[] key) {
        return 0;
    }

    @Override
    public LogRecord.Checkpoint checkpoint() {
        durable = new TreeMap<>(states);
        return new LogRecord.Checkpoint(++version, positions());
    }

    @Override
    public boolean collect(LongUnaryOperator horizon) {
        return false;
    }

    @Override
    public boolean remove(long group) {
        return true;
    }

    @Override
    public long bytesOnDisk() {
        return 0;
    }

    @Override
    public void close() {}
}
