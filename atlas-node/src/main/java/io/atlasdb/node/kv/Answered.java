package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.replica.StateMachine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of other nodes that a group has carried out, in META under {@code R}, the time of the request and its node: they are
 * part of the group's state, so that they move with it, and go when no such request is accepted any more.
 */
final class Answered {
    /** How old a request may be when it becomes an entry, milliseconds. */
    static final long LIFE_MS = 60_000;

    private static final byte PREFIX = 'R';
    /** Removed with one write: more than one, so that they do not pile up. */
    private static final int REMOVED_MAX = 4;

    private Answered() {}

    static byte[] key(TxnId request) {
        return ByteBuffer.allocate(17)
                .put(PREFIX)
                .putLong(request.number())
                .putLong(request.node())
                .array();
    }

    static byte[] value(long timestamp) {
        return ByteBuffer.allocate(8).putLong(timestamp).array();
    }

    static long timestamp(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    /** Whether a request is too old to become an entry at a timestamp. */
    static boolean isExpired(long number, long timestamp) {
        return HybridClock.millis(timestamp) - HybridClock.millis(number) > LIFE_MS;
    }

    /** Some keys of requests that are too old for an entry at a timestamp. The same at every replica. */
    static List<byte[]> expired(StateMachine machine, long group, long timestamp) {
        List<byte[]> expired = new ArrayList<>();
        machine.metaScan(group, new byte[] {PREFIX}, REMOVED_MAX, (key, value) -> {
            if (isExpired(ByteBuffer.wrap(key, 1, 8).getLong(), timestamp)) {
                expired.add(key);
            }
        });
        return expired;
    }
}
