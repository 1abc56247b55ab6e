package io.atlasdb.node.consensus;

import java.util.List;

/** Which applied entries are kept, for members that lag. */
public final class Retention {
    /** What is kept for members that take a snapshot, bytes: some seconds of many writes. */
    private static final long HELD_BYTES_MAX = 64L << 20;

    private final AcceptedLog log;
    private final int retainBytes;
    /** All members hold what is at or below it, as an owner said. */
    private long stable;
    /** Entries above it are kept, since a member takes a snapshot of it and will go on from there. */
    private long heldSlot = Long.MAX_VALUE;

    Retention(AcceptedLog log, int retainBytes) {
        this.log = log;
        this.retainBytes = retainBytes;
    }

    /** Payload of the entries that are held, applied or not, bytes. */
    public long heldBytes() {
        return log.bytes();
    }

    /** All members hold what is at or below a slot. */
    void stable(long slot) {
        stable = Math.max(stable, slot);
    }

    /** Keeps applied entries above a slot until another slot is named; within a bound of memory. */
    public void hold(long slot) {
        heldSlot = slot;
    }

    /** Everything up to a slot is applied; what all members hold, or is more than is kept, goes. */
    void applied(long slot) {
        log.forget(unheld(slot), stable, retainBytes);
    }

    /** Nothing happened for long: of what is applied up to a slot, only what is held is kept. */
    public void idle(long slot) {
        log.forget(unheld(slot), slot, 0);
    }

    /** The entries above a slot that this node accepted. */
    public List<Entry> above(long slot) {
        return log.from(slot + 1).stream().map(Message.Accepted::entry).toList();
    }

    private long unheld(long slot) {
        return log.bytes() > HELD_BYTES_MAX ? slot : Math.min(slot, heldSlot);
    }
}
