package io.atlasdb.node.log;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Prints durable appends per second of one record with 256 B of payload, by the number of appenders, each of which waits for
 * its append. Arguments: a directory on the disk to be measured, seconds per row.
 */
public final class LogBenchmark {
    private LogBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        for (int appenders : new int[] {64, 1, 8, 64}) { // the first one warms up
            delete(directory);
            try (SegmentedJournal journal =
                    SegmentedJournal.open(directory, JournalOptions.DEFAULT.withFreeFloorBytes(1 << 20))) {
                journal.recover(record -> {});
                System.out.printf("%2d appenders: %,d appends/s%n", appenders, run(journal, appenders, seconds));
            }
        }
        delete(directory);
    }

    private static long run(SegmentedJournal journal, int appenders, int seconds) throws InterruptedException {
        LongAdder done = new LongAdder();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < appenders; i++) {
            long group = i;
            Thread thread = new Thread(() -> {
                Semaphore forced = new Semaphore(0);
                Runnable release = forced::release;
                byte[] payload = new byte[256];
                Ballot ballot = new Ballot(1, 0, 0, 0);
                for (long slot = 1; System.nanoTime() < end; slot++) {
                    Entry entry = new Entry(slot, Hash.ZERO, Entry.Kind.COMMAND, slot, payload);
                    journal.append(List.of(new LogRecord.Accept(group, ballot, entry)), release);
                    forced.acquireUninterruptibly();
                    done.increment();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return done.sum() / seconds;
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
