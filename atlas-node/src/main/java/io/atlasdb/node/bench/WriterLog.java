package io.atlasdb.node.bench;

import java.util.BitSet;

/**
 * What one writer of the crash test knows of its operations in one round, numbered from 0. An operation is acknowledged,
 * refused, or unknown: begun, with the node gone before it answered. Written by one thread, read after that has ended.
 */
public final class WriterLog {
    private final int writer;
    private final BitSet acknowledged = new BitSet();
    private final BitSet refused = new BitSet();
    private int begun;

    public WriterLog(int writer) {
        this.writer = writer;
    }

    public int writer() {
        return writer;
    }

    /** Begins the next operation and returns its number. */
    public int begin() {
        return begun++;
    }

    /** The node said that the operation is durable. */
    public void acknowledge(int operation) {
        acknowledged.set(operation);
    }

    /** The node said that the operation had no effect. */
    public void refuse(int operation) {
        refused.set(operation);
    }

    public int begun() {
        return begun;
    }

    public boolean isAcknowledged(int operation) {
        return acknowledged.get(operation);
    }

    public boolean isRefused(int operation) {
        return refused.get(operation);
    }

    public int acknowledged() {
        return acknowledged.cardinality();
    }

    public int refused() {
        return refused.cardinality();
    }

    /** Operations that may or may not have happened. */
    public int unknown() {
        return begun - acknowledged() - refused();
    }

    /** Says what is wrong with an operation of which so many parts of all were found, or "" when nothing is. */
    public String judge(int operation, long found, long all) {
        if (operation >= begun) {
            return found == 0 ? "" : found + " rows of an operation that was never begun";
        }
        if (found != 0 && found != all) {
            return "half there: " + found + " of " + all + " rows";
        }
        if (isAcknowledged(operation) && found == 0) {
            return "acknowledged and lost";
        }
        return isRefused(operation) && found != 0 ? "refused and there all the same" : "";
    }
}
