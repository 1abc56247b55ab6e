package io.atlasdb.node.storage;

import static io.atlasdb.node.storage.History.bytes;
import static io.atlasdb.node.storage.History.position;
import static io.atlasdb.node.storage.History.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.Seeds;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Mutation.Space;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every state machine does. Extended once for each. */
abstract class StateMachineContract {
    private static final long GROUP = 7;
    private static final byte[] ALL = {};

    /** An empty one. */
    abstract StateMachine create() throws Exception;

    /** The same state, after a checkpoint, a crash and a restart where that means something. */
    abstract StateMachine restarted(StateMachine machine) throws Exception;

    private static @Nullable String get(StateMachine machine, String key, long timestamp) {
        byte[] value = machine.get(GROUP, bytes(key), timestamp);
        return value == null ? null : new String(value, UTF_8);
    }

    private static List<String> scan(StateMachine machine, KeyRange range, long timestamp, boolean reverse) {
        List<String> found = new ArrayList<>();
        try (RowIterator rows = machine.scan(range, timestamp, reverse)) {
            while (rows.next()) {
                found.add(new String(rows.key(), UTF_8) + "=" + new String(rows.value(), UTF_8));
            }
            assertThat(rows.next()).as("stays at the end").isFalse();
        }
        return found;
    }

    private static KeyRange range(String from, String to) {
        return new KeyRange(GROUP, bytes(from), bytes(to));
    }

    @Test
    void aNewOneIsEmpty() throws Exception {
        try (StateMachine machine = create()) {
            assertThat(machine.positions()).isEmpty();
            assertThat(machine.applied(GROUP)).isEqualTo(Position.START);
            assertThat(get(machine, "a", Long.MAX_VALUE)).isNull();
            assertThat(machine.newestVersion(GROUP, bytes("a"))).isZero();
            assertThat(scan(machine, range("", ""), 9, false)).isEmpty();
            assertThat(machine.meta(GROUP, bytes("a"))).isNull();
            assertThat(machine.collect(group -> Long.MAX_VALUE)).isFalse();
        }
    }

    @Test
    void everyVersionIsSeenFromItsTimestampOn() throws Exception {
        try (StateMachine machine = create()) {
            machine.apply(GROUP, position(1, 10), List.of(put("a", 10, "1")));
            machine.apply(GROUP, position(2, 20), List.of(put("a", 20, "2"), put("b", 20, "x")));
            machine.apply(GROUP, position(3, 30), List.of(put("a", 30, null)));
            machine.apply(GROUP, position(4, 40), List.of(put("a", 40, "4")));
            assertThat(get(machine, "a", 9)).isNull();
            assertThat(get(machine, "a", 10)).isEqualTo("1");
            assertThat(get(machine, "a", 19)).isEqualTo("1");
            assertThat(get(machine, "a", 29)).isEqualTo("2");
            assertThat(get(machine, "a", 30)).isNull();
            assertThat(get(machine, "a", Long.MAX_VALUE)).isEqualTo("4");
            assertThat(get(machine, "b", 19)).as("inserted later").isNull();
            assertThat(scan(machine, range("", ""), 25, false)).containsExactly("a=2", "b=x");
            assertThat(scan(machine, range("", ""), 35, true)).containsExactly("b=x");
            assertThat(machine.newestVersion(GROUP, bytes("a"))).isEqualTo(40);
        }
    }

    @Test
    void aRemovalIsTheNewestVersionUntilItIsCollected() throws Exception {
        try (StateMachine machine = create()) {
            machine.apply(GROUP, position(1, 10), List.of(put("a", 10, null)));
            assertThat(machine.newestVersion(GROUP, bytes("a"))).isEqualTo(10);
            collectAll(machine, 9);
            assertThat(machine.newestVersion(GROUP, bytes("a"))).isEqualTo(10);
            collectAll(machine, 10);
            assertThat(machine.newestVersion(GROUP, bytes("a"))).isZero();
        }
    }

    @Test
    void theSameVersionIsReplacedInPlaceAndLeavesNothingBehind() throws Exception {
        try (StateMachine machine = create()) {
            machine.apply(GROUP, position(1, 10), List.of(put("a", 10, "1")));
            machine.apply(GROUP, position(2, 20), List.of(put("a", 20, "2")));
            machine.apply(GROUP, position(3, 20), List.of(put("a", 20, null)));
            assertThat(get(machine, "a", 20)).isNull();
            assertThat(get(machine, "a", 19)).isEqualTo("1");
            collectAll(machine, 20);
            assertThat(get(machine, "a", 19)).as("collected").isNull();
            assertThat(machine.newestVersion(GROUP, bytes("a"))).isZero();
        }
    }

    @Test
    void rangesIncludeTheirStartAndExcludeTheirEnd() throws Exception {
        try (StateMachine machine = create()) {
            machine.apply(GROUP, position(1, 1), List.of(put("a", 1, "1"), put("b", 1, "2"), put("c", 1, "3")));
            machine.apply(GROUP - 1, position(1, 1), List.of(put("z", 1, "before")));
            machine.apply(GROUP + 1, position(1, 1), List.of(put("", 1, "after")));
            assertThat(scan(machine, range("a", "c"), 1, false)).containsExactly("a=1", "b=2");
            assertThat(scan(machine, range("a", "c"), 1, true)).containsExactly("b=2", "a=1");
            assertThat(scan(machine, range("aa", ""), 1, true)).containsExactly("c=3", "b=2");
            assertThat(scan(machine, range("", ""), 1, true)).containsExactly("c=3", "b=2", "a=1");
            assertThat(scan(machine, range("", ""), 1, false)).containsExactly("a=1", "b=2", "c=3");
            assertThat(scan(machine, range("c", "a"), 1, false)).isEmpty();
            assertThat(scan(machine, range("c", "a"), 1, true)).isEmpty();
        }
    }

    @Test
    void groupsAtTheEdgesOfTheirNumbersKeepApart() throws Exception {
        try (StateMachine machine = create()) {
            for (long group : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
                machine.apply(group, position(1, 1), List.of(put("k", 1, "" + group)));
                assertThat(scan(machine, new KeyRange(group, ALL, ALL), 1, true))
                        .containsExactly("k=" + group);
                assertThat(scan(machine, new KeyRange(group, ALL, ALL), 1, false))
                        .containsExactly("k=" + group);
            }
            StateMachine again = restarted(machine);
            assertThat(scan(again, new KeyRange(-1, ALL, ALL), 1, true)).containsExactly("k=-1");
            assertThat(collected(again, Long.MAX_VALUE)).isTrue();
            again.close();
        }
    }

    @Test
    void metaKeepsTheNewestOnly() throws Exception {
        try (StateMachine machine = create()) {
            machine.apply(GROUP, position(1, 1), List.of(meta("la", "1"), meta("lb", "2"), meta("m", "3")));
            machine.apply(GROUP, position(2, 2), List.of(meta("la", "4"), meta("m", null)));
            assertThat(machine.meta(GROUP, bytes("la"))).isEqualTo(bytes("4"));
            assertThat(machine.meta(GROUP, bytes("m"))).isNull();
            List<String> found = new ArrayList<>();
            machine.metaScan(GROUP, bytes("l"), (key, value) -> found.add(new String(key, UTF_8)));
            assertThat(found).containsExactly("la", "lb");
        }
    }

    private static Mutation meta(String key, @Nullable String value) {
        return new Mutation(Space.META, bytes(key), 0, value == null ? null : bytes(value));
    }

    @Test
    void slotsAndVersionsDoNotGoBack() throws Exception {
        try (StateMachine machine = create()) {
            machine.apply(GROUP, position(1, 10), List.of(put("a", 10, "1")));
            assertThatThrownBy(() -> machine.apply(GROUP, position(1, 11), List.of()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> machine.apply(GROUP, position(3, 11), List.of()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> machine.apply(GROUP, position(2, 11), List.of(put("b", 9, "x"), put("a", 9, "x"))))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(get(machine, "b", 99)).as("nothing of a refused entry").isNull();
            machine.apply(GROUP, position(2, 11), List.of(put("a", 11, "2")));
            assertThat(machine.applied(GROUP)).isEqualTo(position(2, 11));
        }
    }

    @Test
    void aRemovedGroupLeavesNoRows() throws Exception {
        try (StateMachine machine = create()) {
            for (int slot = 1; slot <= 40; slot++) {
                List<Mutation> mutations = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    mutations.add(put("k" + (slot * 7 + i), slot, "v"));
                }
                mutations.add(meta("m" + slot, "x"));
                machine.apply(GROUP, position(slot, slot), mutations);
            }
            machine.apply(GROUP + 1, position(1, 1), List.of(put("a", 1, "1")));
            int calls = 1;
            while (!machine.remove(GROUP)) {
                assertThat(calls++).isLessThan(1_000);
            }
            assertThat(machine.applied(GROUP)).isEqualTo(position(40, 40));
            assertThat(scan(machine, range("", ""), 99, false)).isEmpty();
            assertThat(machine.meta(GROUP, bytes("m40"))).isNotNull();
            machine.apply(GROUP, position(41, 50), List.of(put("k8", 50, "new")));
            assertThat(get(machine, "k8", 49))
                    .as("no history of its former life")
                    .isNull();
            assertThat(collected(machine, 50)).isTrue();
        }
    }

    @Test
    void randomHistoriesReadTheSameAtEveryTimestamp() {
        Seeds.forAll(25, random -> {
            StateMachine machine = create();
            try (StateMachine oracle = new InMemoryStateMachine()) {
                History[] histories = {new History(random, 12), new History(random, 3), new History(random, 200)};
                long[] horizons = new long[histories.length];
                for (int i = 0; i < 150; i++) {
                    int group = random.nextInt(histories.length);
                    History.Step step = histories[group].next();
                    machine.apply(group, step.position(), step.mutations());
                    oracle.apply(group, step.position(), step.mutations());
                    switch (random.nextInt(20)) {
                        case 0 -> assertThat(machine.checkpoint().applied()).isEqualTo(oracle.positions());
                        case 1 -> machine = restarted(machine);
                        case 2 -> {
                            horizons[group] = random.nextLong(horizons[group], histories[group].timestamp() + 1);
                            collectAll(machine, g -> horizons[(int) g]);
                            collectAll(oracle, g -> horizons[(int) g]);
                        }
                        default -> {}
                    }
                }
                for (int group = 0; group < histories.length; group++) {
                    compare(random, machine, oracle, group, horizons[group], histories[group]);
                }
            } finally {
                machine.close();
            }
        });
    }

    private static void compare(
            RandomGenerator random,
            StateMachine machine,
            StateMachine oracle,
            long group,
            long horizon,
            History history) {
        for (long timestamp = horizon; timestamp <= history.timestamp() + 1; timestamp++) {
            byte[] key = history.key();
            assertThat(machine.get(group, key, timestamp)).isEqualTo(oracle.get(group, key, timestamp));
            assertThat(machine.newestVersion(group, key)).isEqualTo(oracle.newestVersion(group, key));
            assertThat(StateHash.of(machine, group, timestamp)).isEqualTo(StateHash.of(oracle, group, timestamp));
            assertThat(StateHash.rows(machine, group, timestamp, true))
                    .isEqualTo(StateHash.rows(oracle, group, timestamp, false));
            KeyRange range = new KeyRange(group, history.key(), random.nextInt(4) == 0 ? ALL : history.key());
            boolean reverse = random.nextBoolean();
            assertThat(scan(machine, range, timestamp, reverse)).isEqualTo(scan(oracle, range, timestamp, reverse));
        }
    }

    private static void collectAll(StateMachine machine, long horizon) {
        assertThat(collected(machine, horizon)).isTrue();
    }

    private static boolean collected(StateMachine machine, long horizon) {
        return collectAll(machine, group -> horizon);
    }

    private static boolean collectAll(StateMachine machine, java.util.function.LongUnaryOperator horizon) {
        for (int i = 0; i < 10_000; i++) {
            if (!machine.collect(horizon)) {
                return true;
            }
        }
        return false;
    }
}
