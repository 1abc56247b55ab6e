package io.atlasdb.node.log;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.Journal;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
import io.atlasdb.proto.AtlasException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A journal that was opened for a test, with what it found and how it failed. */
final class Opened implements AutoCloseable {
    static final JournalOptions SMALL = new JournalOptions(16 << 10, 4 << 10, 1 << 20, 2, 0, 0, 16 << 10, 5, 2_000);

    final List<LogRecord> found = new ArrayList<>();
    final CountDownLatch failed = new CountDownLatch(1);
    final SegmentedJournal journal;
    final Journal.Recovery recovery;
    volatile @Nullable Throwable failure;

    Opened(Disk disk, JournalOptions options) {
        journal = SegmentedJournal.open(disk, options, cause -> {
            failure = cause;
            failed.countDown();
        });
        recovery = journal.recover(found::add);
    }

    static Opened small(Disk disk) {
        return new Opened(disk, SMALL);
    }

    /** Appends and waits; false when the journal failed instead. */
    boolean append(LogRecord... records) {
        CountDownLatch forced = new CountDownLatch(1);
        try {
            journal.append(List.of(records), forced::countDown);
        } catch (AtlasException e) {
            return false;
        }
        eventually(() -> forced.getCount() == 0 || failed.getCount() == 0);
        return forced.getCount() == 0;
    }

    /** Waits up to 20 s for a condition. */
    static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen in 20 s");
            }
            if (i < 100) {
                Thread.onSpinWait();
            } else {
                java.util.concurrent.locks.LockSupport.parkNanos(20_000);
            }
        }
    }

    /** An entry of a group whose payload says where it belongs. */
    static LogRecord.Accept accept(long group, long slot, int bytes) {
        return accept(group, slot, 1, bytes);
    }

    static LogRecord.Accept accept(long group, long slot, long round, int bytes) {
        byte[] payload = new byte[bytes];
        Arrays.fill(payload, (byte) (group * 31 + slot * 7 + round));
        Entry entry = new Entry(slot, new Hash(group, slot), Entry.Kind.COMMAND, slot, payload);
        return new LogRecord.Accept(group, new Ballot(round, 1, 2, 3), entry);
    }

    static LogRecord.Checkpoint checkpoint(long version, Map<Long, Long> applied) {
        Map<Long, Position> positions = new java.util.TreeMap<>();
        applied.forEach((group, slot) -> positions.put(group, position(group, slot)));
        return new LogRecord.Checkpoint(version, positions);
    }

    static Position position(long group, long slot) {
        return slot == 0 ? Position.START : new Position(slot, new Hash(group, slot), slot);
    }

    /** A record as text, so that arrays are compared by what they hold. */
    static String text(LogRecord record) {
        if (record instanceof LogRecord.Accept accept) {
            Entry entry = accept.entry();
            return "Accept " + accept.group() + " " + accept.ballot() + " " + entry.slot() + " " + entry.hash() + " "
                    + entry.kind() + " " + entry.timestamp() + " " + entry.payload().length + " "
                    + Arrays.hashCode(entry.payload());
        } else if (record instanceof LogRecord.GroupState state) {
            return "GroupState " + state.group() + " " + state.promised() + " " + state.ownRound() + " "
                    + state.applied() + " " + Arrays.toString(state.configuration());
        }
        return record.toString();
    }

    List<String> texts() {
        return found.stream().map(Opened::text).toList();
    }

    @Override
    public void close() {
        journal.close();
    }
}
