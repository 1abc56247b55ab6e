package io.atlasdb.node.transport;

import java.util.concurrent.atomic.AtomicLong;

/** Memory that all calls together may hold. */
final class ByteBudget {
    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes the bytes, or takes none and returns false. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) > bytesMax) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        long left = taken.addAndGet(-bytes);
        assert left >= 0 : "gave back " + bytes + " bytes, " + left + " are left";
    }

    long takenBytes() {
        return taken.get();
    }
}
