package io.atlasdb.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A journal in memory whose every append is forced at once; a test may take any prefix of it as what survived a crash. */
public final class MemoryJournal implements Journal {
    private final List<LogRecord> records = new ArrayList<>();
    private volatile boolean full;

    public MemoryJournal(List<LogRecord> survived) {
        records.addAll(survived);
    }

    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;

    /** Everything that is forced by now, in order. */
    public synchronized List<LogRecord> records() {
        return List.copyOf(records);
    }

    public void setFull(boolean full) {
        this.full = full;
    }

    @Override
    public synchronized Recovery recover(Consumer<LogRecord> sink) {
        long version = 0;
        for (LogRecord record : records) {
            sink.accept(record);
            if (record instanceof LogRecord.Checkpoint checkpoint) {
                version = checkpoint.version();
            }
        }
        return new Recovery(version, false);
    }

    @Override
    public void append(List<LogRecord> batch, Runnable forced) {
        synchronized (this) {
            records.addAll(batch);
            if (holding) {
                held.add(forced);
                return;
            }
        }
        forced.run();
    }

    /** From now on nothing is forced until {@link #release}. */
    public synchronized void hold() {
        holding = true;
    }

    /** Forces what was held, and everything from now on at once. */
    public void release() {
        List<Runnable> forced;
        synchronized (this) {
            holding = false;
            forced = List.copyOf(held);
            held.clear();
        }
        forced.forEach(Runnable::run);
    }

    @Override
    public boolean full() {
        return full;
    }

    @Override
    public void close() {}
}
