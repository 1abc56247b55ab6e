package io.atlasdb.node.bench;

import java.util.BitSet;

/**
 * What one writer of the crash test knows of its operations in one round, numbered from 0. An operation is acknowledged,
 * refused, or unknown: begun, with the node gone before it answered. Written by one thread, read after that has ended.
 */
final class WriterLog {
    private final int writer;
    private final BitSet acknowledged = new BitSet();
    private final BitSet refused = new BitSet();
    private int begun;

    WriterLog(int writer) {
        this.writer = writer;
    }

    int writer() {
        return writer;
    }

    /** Begins the next operation and returns its number. */
    int begin() {
        return begun++;
    }

    /** The node said that the operation is durable. */
    void acknowledge(int operation) {
        acknowledged.set(operation);
    }

    /** The node said that the operation had no effect. */
    void refuse(int operation) {
        refused.set(operation);
    }

    int begun() {
        return begun;
    }

    boolean isAcknowledged(int operation) {
        return acknowledged.get(operation);
    }

    boolean isRefused(int operation) {
        return refused.get(operation);
    }

    int acknowledged() {
        return acknowledged.cardinality();
    }

    int refused() {
        return refused.cardinality();
    }

    /** Operations that may or may not have happened. */
    int unknown() {
        return begun - acknowledged() - refused();
    }

    /** Says what is wrong with an operation of which so many parts of all were found, or "" when nothing is. */
    String judge(int operation, long found, long all) {
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
