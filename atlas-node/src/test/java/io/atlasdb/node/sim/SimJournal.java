package io.atlasdb.node.sim;

import io.atlasdb.node.replica.Journal;
import io.atlasdb.node.replica.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The log of a node over its lives. What was appended and not forced is lost at a crash, but for a part that may have reached
 * the disk. A force takes its time, at times a long one.
 */
final class SimJournal implements Journal {
    private final Events events;
    private final Chance chance;
    private final Consumer<LogRecord> appended;

    private List<LogRecord> durable = new ArrayList<>();
    private final SortedMap<Long, Held> held = new TreeMap<>();
    private Deque<Append> pending = new ArrayDeque<>();
    private boolean forcing;
    private int life;
    long slowMicros;

    private record Append(List<LogRecord> records, Runnable forced) {}

    SimJournal(Events events, Chance chance, Consumer<LogRecord> appended) {
        this.events = events;
        this.chance = chance;
        this.appended = appended;
    }

    Held held(long group) {
        return held.computeIfAbsent(group, any -> new Held());
    }

    /** The records before the first that could be forced are all that a crash leaves, and perhaps some of the next. */
    void crash() {
        life++;
        int survive = chance.percent(50) ? 0 : chance.between(0, pending.size());
        while (survive-- > 0) {
            write(pending.remove().records());
        }
        pending = new ArrayDeque<>();
        forcing = false;
    }

    @Override
    public Recovery recover(Consumer<LogRecord> sink) {
        long version = 0;
        for (LogRecord record : durable) {
            sink.accept(record);
            if (record instanceof LogRecord.Checkpoint checkpoint) {
                version = checkpoint.version();
            }
        }
        return new Recovery(version, false);
    }

    @Override
    public void append(List<LogRecord> records, Runnable forced) {
        records.forEach(appended);
        pending.add(new Append(List.copyOf(records), forced));
        force();
    }

    private void force() {
        if (forcing || pending.isEmpty()) {
            return;
        }
        forcing = true;
        int count = pending.size();
        int mine = life;
        events.after(chance.micros(50, 800) + slowMicros, () -> {
            if (mine == life) {
                forced(count);
            }
        });
    }

    private void forced(int count) {
        List<Runnable> done = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Append append = pending.remove();
            write(append.records());
            done.add(append.forced());
        }
        forcing = false;
        done.forEach(Runnable::run);
        force();
    }

    private void write(List<LogRecord> records) {
        for (LogRecord record : records) {
            durable.add(record);
            if (record instanceof LogRecord.Checkpoint checkpoint) {
                checkpoint.applied().forEach((group, position) -> held(group).forget(position));
            } else {
                held(group(record)).add(record);
            }
        }
        if (durable.size() > 300 && durable.get(durable.size() - 1) instanceof LogRecord.Checkpoint last) {
            List<LogRecord> shorter = new ArrayList<>();
            held.forEach((group, one) -> shorter.addAll(one.compacted(group)));
            shorter.add(last);
            durable = shorter;
        }
    }

    private static long group(LogRecord record) {
        if (record instanceof LogRecord.Promise promise) {
            return promise.group();
        } else if (record instanceof LogRecord.Accept accept) {
            return accept.group();
        } else if (record instanceof LogRecord.Commit commit) {
            return commit.group();
        }
        return ((LogRecord.GroupState) record).group();
    }

    @Override
    public boolean full() {
        return false;
    }

    @Override
    public void close() {}
}
