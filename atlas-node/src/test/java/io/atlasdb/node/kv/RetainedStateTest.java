package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.Applier.Applied;
import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Installation;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.node.storage.InMemoryStateMachine;
import io.atlasdb.sql.store.Retention;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two replicas that apply the same entries, one of them on a snapshot of the other. */
class RetainedStateTest {
    private static final long GROUP = 100;
    private static final long NOW_MS = 1_000_000_000_000L;
    private static final long UNTIL_MS = NOW_MS + 1_000;

    private final StateMachine machine = new InMemoryStateMachine();
    private final KvApplier applier = new KvApplier(machine, (group, entry, outcome) -> {});
    private final StateMachine other = new InMemoryStateMachine();
    private final KvApplier otherApplier = new KvApplier(other, (group, entry, outcome) -> {});

    @Test
    void aSnapshotBringsWhatIsRetained() {
        assertThat(apply(other, otherApplier, NOW_MS, write("a", "0"))).isTrue();
        assertThat(apply(machine, applier, NOW_MS, write("a", "0"))).isTrue();
        assertThat(apply(machine, applier, NOW_MS, retained("a", "1", UNTIL_MS)))
                .isTrue();
        install();
        for (Command command : new Command[] {
            write("a", "2"), remove("a"), retained("a", "2", UNTIL_MS + 1), retained("a", "1", UNTIL_MS - 1)
        }) {
            assertThat(apply(machine, applier, NOW_MS + 1, command)).isFalse();
            assertThat(apply(other, otherApplier, NOW_MS + 1, command)).isFalse();
        }
        assertThat(apply(other, otherApplier, NOW_MS + 2, retained("a", "1", UNTIL_MS + 1)))
                .isTrue();
        assertThat(apply(machine, applier, NOW_MS + 2, retained("a", "1", UNTIL_MS + 1)))
                .isTrue();
        assertThat(apply(other, otherApplier, UNTIL_MS, remove("a"))).isFalse();
        assertThat(apply(machine, applier, UNTIL_MS, remove("a"))).isFalse();
        assertThat(apply(other, otherApplier, UNTIL_MS + 1, remove("a"))).isTrue();
        assertThat(apply(machine, applier, UNTIL_MS + 1, remove("a"))).isTrue();
        assertThat(machine.get(GROUP, key("a"), Long.MAX_VALUE)).isNull();
        assertThat(other.get(GROUP, key("a"), Long.MAX_VALUE)).isNull();
    }

    @Test
    void anotherInstanceFindsTheMarksAgain() {
        assertThat(apply(machine, applier, NOW_MS, retained("a", "1", UNTIL_MS)))
                .isTrue();
        KvApplier restarted = new KvApplier(machine, (group, entry, outcome) -> {});
        assertThat(apply(machine, restarted, NOW_MS, remove("a"))).isFalse();
    }

    @Test
    void aGroupWithoutRetainedRecordsHasNoMark() {
        assertThat(apply(machine, applier, NOW_MS, write("a", "0"))).isTrue();
        assertThat(RetainedState.read(machine, GROUP)).isEmpty();
        assertThat(apply(machine, applier, NOW_MS, retained("a", "1", UNTIL_MS)))
                .isTrue();
        assertThat(apply(machine, applier, NOW_MS, retained("b", "1", UNTIL_MS - 7)))
                .isTrue();
        assertThat(RetainedState.read(machine, GROUP).values()).containsExactly(UNTIL_MS);
    }

    private void install() {
        other.beginInstall(GROUP, false);
        try (Export export = machine.export(GROUP)) {
            other.installRows(GROUP, export.rows(null, 0, 1 << 20).rows());
            Installation whole = new Installation(true, export.position(), 0, new byte[0]);
            other.finishInstall(GROUP, whole, export.metas(null, 1 << 20).rows());
        }
        otherApplier.installed(GROUP);
    }

    /** Whether the entry took effect. */
    private static boolean apply(StateMachine machine, KvApplier applier, long nowMs, Command command) {
        Position before = machine.applied(GROUP);
        long timestamp = Math.max(HybridClock.of(nowMs), before.timestamp() + 1);
        Entry entry =
                new Entry(before.slot() + 1, Hash.ZERO, Entry.Kind.COMMAND, timestamp, CommandCodec.encode(command));
        Applied applied = applier.apply(GROUP, entry);
        machine.apply(GROUP, new Position(entry.slot(), Hash.ZERO, timestamp), applied.mutations());
        return ((KvApplier.Outcome) applied.outcome()).refusal() == null;
    }

    private static byte[] key(String name) {
        byte[] key = ("___" + name).getBytes(UTF_8);
        key[0] = 3;
        key[1] = 7;
        key[2] = 0;
        return key;
    }

    private static Command write(String name, String value) {
        return put(name, value.getBytes(UTF_8));
    }

    private static Command retained(String name, String value, long untilMs) {
        return put(name, Retention.until(untilMs).on(value.getBytes(UTF_8)));
    }

    private static Command remove(String name) {
        return put(name, null);
    }

    private static Command put(String name, byte @Nullable [] value) {
        return new Command.Write(null, List.of(new Command.Put(key(name), value)));
    }
}
