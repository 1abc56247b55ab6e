package io.atlasdb.node.log;

import static io.atlasdb.node.log.Opened.accept;
import static io.atlasdb.node.log.Opened.checkpoint;
import static io.atlasdb.node.log.Opened.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.Seeds;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random appends, power cuts and flipped bits: what was acknowledged is there, and nothing that was never written. */
@Timeout(120)
class CrashTest {
    /** What a reader of the log makes of it; the obvious implementation of what the records mean. */
    private static final class Model {
        final Map<Long, TreeMap<Long, String>> accepted = new TreeMap<>();
        final Map<Long, Long> applied = new TreeMap<>();
        final Map<Long, Long> committed = new TreeMap<>();
        final Map<Long, Long> rounds = new TreeMap<>();

        void take(LogRecord record) {
            if (record instanceof LogRecord.Accept accept) {
                TreeMap<Long, String> slots = accepted.computeIfAbsent(accept.group(), id -> new TreeMap<>());
                slots.tailMap(accept.entry().slot(), true).clear();
                slots.put(accept.entry().slot(), text(accept));
                rounds.merge(accept.group(), accept.ballot().round(), Math::max);
            } else if (record instanceof LogRecord.Promise promise) {
                rounds.merge(promise.group(), promise.ballot().round(), Math::max);
            } else if (record instanceof LogRecord.Commit commit) {
                committed.merge(commit.group(), commit.slot(), Math::max);
            } else if (record instanceof LogRecord.GroupState state) {
                rounds.merge(state.group(), state.promised().round(), Math::max);
                applied.merge(state.group(), state.applied().slot(), Math::max);
            } else if (record instanceof LogRecord.Checkpoint checkpoint) {
                checkpoint.applied().forEach((group, position) -> applied.merge(group, position.slot(), Math::max));
            }
        }

        /** What matters: entries above the applied slots, and the rest. */
        String state() {
            Map<Long, Object> groups = new LinkedHashMap<>();
            TreeMap<Long, Long> ids = new TreeMap<>(rounds);
            ids.putAll(applied);
            for (long group : ids.keySet()) {
                long slot = applied.getOrDefault(group, 0L);
                if (slot == 0 && rounds.getOrDefault(group, 0L) == 0) {
                    continue; // nothing is said of it
                }
                groups.put(
                        group,
                        List.of(
                                rounds.getOrDefault(group, 0L),
                                slot,
                                Math.max(slot, committed.getOrDefault(group, 0L)),
                                accepted.getOrDefault(group, new TreeMap<>()).tailMap(slot, false)));
            }
            return groups.toString();
        }
    }

    /** Makes records as replicas do: slots without gaps, sometimes replaced, checkpoints of some groups. */
    private static final class Writer {
        final RandomGenerator random;
        final long[] last = new long[4];
        final long[] applied = new long[4];
        /** Never cut: what is chosen is not replaced. */
        final long[] committed = new long[4];

        long round = 1;
        long version;

        Writer(RandomGenerator random) {
            this.random = random;
        }

        List<LogRecord> next() {
            List<LogRecord> records = new ArrayList<>();
            int group = random.nextInt(4);
            int what = random.nextInt(20);
            if (what == 0) {
                records.add(new LogRecord.Promise(
                        group, accept(group, 1, ++round, 0).ballot(), round, 3 * round));
            } else if (what == 1 && last[group] > committed[group]) {
                last[group] = committed[group] + random.nextLong(last[group] - committed[group]); // by a new owner
                round++;
            } else if (what < 5) {
                Map<Long, Long> positions = new TreeMap<>();
                for (int i = 0; i < 3; i++) { // group 3 is stuck
                    applied[i] += random.nextLong(last[i] - applied[i] + 1);
                    committed[i] = Math.max(committed[i], applied[i]);
                    positions.put((long) i, applied[i]);
                }
                records.add(checkpoint(++version, positions));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                int bytes = random.nextInt(10) == 0 ? random.nextInt(30_000) : random.nextInt(600);
                records.add(accept(group, ++last[group], round, group == 3 ? bytes / 20 : bytes));
            }
            if (random.nextBoolean()) {
                committed[group] += (last[group] - committed[group]) / 2;
                records.add(new LogRecord.Commit(group, committed[group]));
            }
            return records;
        }
    }

    /** Runs appends until the power fails or they are done; says the states that may be found afterwards. */
    private static List<String> write(Opened opened, Writer writer, Model model, int appends) {
        for (int i = 0; i < appends; i++) {
            List<LogRecord> records = writer.next();
            String before = model.state();
            records.forEach(model::take);
            if (!opened.append(records.toArray(LogRecord[]::new))) {
                return List.of(before, model.state());
            }
        }
        return List.of(model.state());
    }

    private static String stateOf(List<LogRecord> records) {
        Model model = new Model();
        records.forEach(model::take);
        return model.state();
    }

    @Test
    void whatWasForcedSurvivesAnyCrash() {
        Seeds.forAll(100, random -> {
            MemoryDisk disk = new MemoryDisk();
            Writer writer = new Writer(random);
            Model model = new Model();
            List<String> possible = List.of(model.state());
            for (int crash = 0; crash < 4; crash++) {
                disk.powerOffAfter(Long.MAX_VALUE);
                Opened opened = Opened.small(disk);
                assertThat(opened.recovery.damaged()).isFalse();
                assertThat(stateOf(opened.found)).isIn(possible);
                model = new Model();
                opened.found.forEach(model::take);
                writer = resumed(random, model, writer);
                disk.powerOffAfter(random.nextInt(150));
                possible = write(opened, writer, model, 40);
                disk.powerOffAfter(0); // the writer may be idle
                MemoryDisk next = disk.crash(random);
                opened.close();
                disk = next;
                disk = crashedWhileOpening(disk, random);
            }
            try (Opened opened = Opened.small(disk)) {
                assertThat(opened.recovery.damaged()).isFalse();
                assertThat(stateOf(opened.found)).isIn(possible);
            }
        });
    }

    /** The power may fail again while the log is being opened. */
    private static MemoryDisk crashedWhileOpening(MemoryDisk disk, RandomGenerator random) {
        if (random.nextInt(3) != 0) {
            return disk;
        }
        disk.powerOffAfter(random.nextInt(12));
        Opened opened = null;
        try {
            opened = Opened.small(disk);
        } catch (RuntimeException expected) {
            assertThat(expected).hasStackTraceContaining("the power is off");
        }
        MemoryDisk next = disk.crash(random);
        if (opened != null) {
            opened.close();
        }
        return next;
    }

    private static Writer resumed(RandomGenerator random, Model model, Writer before) {
        Writer writer = new Writer(random);
        writer.round = before.round + 1;
        writer.version = before.version;
        for (int group = 0; group < 4; group++) {
            writer.applied[group] = model.applied.getOrDefault((long) group, 0L);
            writer.committed[group] = Math.max(writer.applied[group], model.committed.getOrDefault((long) group, 0L));
            TreeMap<Long, String> slots = model.accepted.getOrDefault((long) group, new TreeMap<>());
            writer.last[group] =
                    slots.isEmpty() ? writer.applied[group] : Math.max(writer.applied[group], slots.lastKey());
        }
        return writer;
    }

    @Test
    void aFlippedBitIsFoundOrDoesNoHarm() {
        Seeds.forAll(100, random -> {
            MemoryDisk disk = new MemoryDisk();
            Writer writer = new Writer(random);
            Model model = new Model();
            Set<String> written = new HashSet<>();
            try (Opened opened = Opened.small(disk)) {
                for (int i = 0; i < 60; i++) {
                    List<LogRecord> records = writer.next();
                    records.forEach(model::take);
                    records.forEach(record -> written.add(text(record)));
                    assertThat(opened.append(records.toArray(LogRecord[]::new))).isTrue();
                }
            }
            String last = model.state();
            List<String> names = disk.segments();
            String name = names.get(random.nextInt(names.size()));
            disk.flip(name, random.nextLong(disk.content(name).seen.length * 8L));
            Opened flipped = Opened.small(disk);
            flipped.close();
            String found = stateOf(flipped.found);
            assertThat(flipped.found.stream()
                            .filter(LogRecord.Accept.class::isInstance)
                            .map(Opened::text))
                    .as("entries")
                    .isSubsetOf(written);
            assertThat(flipped.recovery.damaged() || found.equals(last))
                    .as("noticed")
                    .isTrue();
            try (Opened again = Opened.small(disk)) {
                assertThat(again.recovery.damaged()).isEqualTo(flipped.recovery.damaged());
                assertThat(stateOf(again.found)).isEqualTo(found);
            }
        });
    }

    @Test
    void aRecycledSegmentNeverShowsWhatItHeldBefore() {
        Seeds.forAll(50, random -> {
            MemoryDisk disk = new MemoryDisk();
            List<String> last = new ArrayList<>();
            try (Opened opened = Opened.small(disk)) {
                // records of one size, so that the batches of every use of a file begin at the same places
                for (long slot = 1; slot <= 60 + random.nextInt(40); slot++) {
                    assertThat(opened.append(accept(1, slot, 1_000))).isTrue();
                    last.add(text(accept(1, slot, 1_000)));
                    if (slot % 7 == 0) {
                        assertThat(opened.append(checkpoint(slot, Map.of(1L, slot))))
                                .isTrue();
                        last.clear();
                    }
                }
            }
            try (Opened opened = Opened.small(disk)) {
                assertThat(opened.recovery.damaged()).isFalse();
                assertThat(opened.found.stream()
                                .filter(LogRecord.Accept.class::isInstance)
                                .map(Opened::text))
                        .isEqualTo(last);
                Position applied = ((LogRecord.GroupState) opened.found.get(0)).applied();
                assertThat(applied.slot() % 7).isZero();
            }
        });
    }
}
