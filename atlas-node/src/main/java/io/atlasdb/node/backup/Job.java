package io.atlasdb.node.backup;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A backup or restore of this node, for those who watch. Safe for several threads. */
public final class Job {
    /** What it does. */
    public enum Kind {
        BACKUP,
        RESTORE
    }

    /** How far it is. */
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    private final long number;
    private final Kind kind;
    private final String user;
    private final long startedMs;
    private final int groups;
    private final AtomicInteger groupsDone = new AtomicInteger();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile State state = State.RUNNING;
    private volatile long endedMs;
    private volatile @Nullable String remark;

    Job(long number, Kind kind, String user, int groups, long nowMs) {
        this.number = number;
        this.kind = kind;
        this.user = user;
        this.groups = groups;
        this.startedMs = nowMs;
    }

    void add(long moreRows, long moreBytes) {
        rows.addAndGet(moreRows);
        bytes.addAndGet(moreBytes);
    }

    void groupDone() {
        groupsDone.incrementAndGet();
    }

    /** Ends it, unless it has ended; {@code why} is null when all went well. */
    synchronized void end(State how, @Nullable String why, long nowMs) {
        if (state == State.RUNNING) {
            remark = why;
            endedMs = nowMs;
            state = how;
        }
    }

    /** Counted from 1 since the node started. */
    public long number() {
        return number;
    }

    public Kind kind() {
        return kind;
    }

    public State state() {
        return state;
    }

    /** Who asked for it; empty for nobody. */
    public String user() {
        return user;
    }

    /** Milliseconds since 1970. */
    public long startedMs() {
        return startedMs;
    }

    /** Milliseconds since 1970; 0 while it runs. */
    public long endedMs() {
        return endedMs;
    }

    /** Groups that it is about. */
    public int groups() {
        return groups;
    }

    /** Groups that are through. */
    public int groupsDone() {
        return groupsDone.get();
    }

    /** Rows, index entries among them, that are through. */
    public long rows() {
        return rows.get();
    }

    /** Bytes of keys and values that are through. */
    public long bytes() {
        return bytes.get();
    }

    /** Why it failed; null unless it did. */
    public @Nullable String remark() {
        return remark;
    }
}
