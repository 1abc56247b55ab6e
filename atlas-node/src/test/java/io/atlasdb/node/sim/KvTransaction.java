package io.atlasdb.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A transaction as its client saw it: lists that it read, and numbers that it put at their ends. */
final class KvTransaction {
    /** What became of it. */
    enum End {
        /** Not known, or not yet. */
        OPEN,
        COMMITTED,
        ABORTED
    }

    final long number;
    /** Whether it has to see what was acknowledged before it began. */
    final boolean strong;

    final long beganMicros;
    long endedMicros = Long.MAX_VALUE;
    End end = End.OPEN;
    /** By key: what it found. */
    final Map<Long, List<Long>> reads = new TreeMap<>();
    /** Keys at whose ends it put its number. */
    final List<Long> appends = new ArrayList<>();

    KvTransaction(long number, boolean strong, long beganMicros) {
        this.number = number;
        this.strong = strong;
        this.beganMicros = beganMicros;
    }

    /** Whether what it saw need not be what stood there when it ran. */
    boolean isStaleRead() {
        return !strong && appends.isEmpty();
    }

    @Override
    public String toString() {
        return "T" + number + (strong ? "" : " stale") + " reads " + reads + " appends to " + appends + " " + end + " ["
                + beganMicros + ", " + (endedMicros == Long.MAX_VALUE ? "?" : endedMicros) + "]";
    }
}
