package io.atlasdb.node.storage;

import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Mutation.Space;
import io.atlasdb.node.replica.Position;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * How fast the store is, without the log: {@code java … io.atlasdb.node.storage.StorageBench [directory [rows]]}. One thread;
 * rows of 100 bytes, keys of 8. Each figure is the median of five rounds; beside it stands the rate by the thread's CPU time,
 * which other load on the machine changes little.
 */
public final class StorageBench {
    private static final long GROUP = 1;
    private static final byte[] ALL = {};
    private static final int ROUNDS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final MvStateMachine machine;
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private final int rows;
    private long slot;

    private StorageBench(MvStateMachine machine, int rows) {
        this.machine = machine;
        this.rows = rows;
    }

    /** What is measured returns how much it did. */
    private interface Work {
        long run();
    }

    /** Runs all measurements and prints a line for each. */
    public static void main(String[] arguments) throws IOException {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("atlas-storage-bench");
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        try (MvStateMachine machine = MvStateMachine.open(directory, StorageOptions.defaults(), 0)) {
            new StorageBench(machine, rows).run();
        }
    }

    private void run() {
        int share = rows / ROUNDS;
        measure("insert, 1 row an entry", () -> apply(share, 1, true));
        measure("update at random, 1 row an entry", () -> apply(share, 1, false));
        measure("update at random, 100 rows an entry", () -> apply(share / 100, 100, false));
        measure("get at latest", () -> gets(Long.MAX_VALUE));
        measure("get of an older version", () -> gets(rows));
        measure("scan at latest, rows", () -> scan(Long.MAX_VALUE));
        measure("scan of older versions, rows", () -> scan(rows));
        measure("update with a checkpoint each 1,000", () -> {
            long done = 0;
            for (int i = 0; i < 5; i++) {
                done += apply(1_000, 1, false);
                machine.checkpoint();
            }
            return done;
        });
        measure("collect, versions", () -> {
            long before = machine.historySize();
            long horizon = slot - rows / 10;
            boolean more = true;
            while (more && before - machine.historySize() < rows / 10) {
                more = machine.collect(group -> horizon);
            }
            return before - machine.historySize();
        });
        System.out.printf(Locale.ROOT, "%-40s %,12d bytes%n", "on disk", machine.bytesOnDisk());
    }

    private static void measure(String what, Work work) {
        double[] rates = new double[ROUNDS];
        double[] ratesByCpu = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long cpu = THREADS.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            long done = work.run();
            rates[i] = done * 1e9 / (System.nanoTime() - start);
            ratesByCpu[i] = done * 1e9 / (THREADS.getCurrentThreadCpuTime() - cpu);
        }
        Arrays.sort(rates);
        Arrays.sort(ratesByCpu);
        System.out.printf(
                Locale.ROOT,
                "%-40s %,10.0f /s (%,.0f to %,.0f)   %,10.0f /CPU s%n",
                what,
                rates[ROUNDS / 2],
                rates[0],
                rates[ROUNDS - 1],
                ratesByCpu[ROUNDS / 2]);
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    private long apply(int entries, int perEntry, boolean insert) {
        for (int i = 0; i < entries; i++) {
            slot++;
            List<Mutation> mutations = new ArrayList<>(perEntry);
            for (int j = 0; j < perEntry; j++) {
                long number = insert ? slot : 1 + random.nextInt(rows);
                mutations.add(new Mutation(Space.ROWS, key(number), slot, new byte[100]));
            }
            machine.apply(GROUP, new Position(slot, Hash.ZERO, slot), distinct(mutations));
        }
        return (long) entries * perEntry;
    }

    private static List<Mutation> distinct(List<Mutation> mutations) {
        TreeMap<byte[], Mutation> byKey = new TreeMap<>(Arrays::compareUnsigned);
        mutations.forEach(m -> byKey.put(m.key(), m));
        return List.copyOf(byKey.values());
    }

    private long gets(long timestamp) {
        int count = 200_000;
        for (int i = 0; i < count; i++) {
            if (machine.get(GROUP, key(1 + random.nextInt(rows)), timestamp) == null) {
                throw new AssertionError("a row is missing");
            }
        }
        return count;
    }

    private long scan(long timestamp) {
        long seen = 0;
        try (RowIterator found = machine.scan(new KeyRange(GROUP, ALL, ALL), timestamp, false)) {
            while (found.next()) {
                seen++;
            }
        }
        if (seen != rows) {
            throw new AssertionError(seen + " rows were seen of " + rows);
        }
        return seen;
    }
}
