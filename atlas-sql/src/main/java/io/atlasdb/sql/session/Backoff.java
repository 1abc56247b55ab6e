package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.exec.Interrupt;
import java.util.concurrent.ThreadLocalRandom;

/** How often and after which pauses the server runs a transaction again by itself. */
final class Backoff {
    /** Enough for a few dozen sessions that change one row; beyond that the client should know. */
    private static final int TRIES_MAX = 40;

    private static final long PAUSE_MAX_MS = 50;
    /** The first conflicts are met at once: the other transaction has committed already. */
    private static final int TRIES_WITHOUT_PAUSE = 2;

    private int tries;

    /** Whether another try may help after this failure. */
    static boolean isWorthwhile(AtlasException failure) {
        return failure.code() == ErrorCode.SERIALIZATION
                || failure.code() == ErrorCode.SCHEMA_CHANGED
                || failure.code() == ErrorCode.OWNER_MOVED;
    }

    /** Pauses before the next try, or throws {@code failure} when another try would not help. */
    void next(AtlasException failure, Interrupt interrupt) {
        tries++;
        if (!isWorthwhile(failure) || tries >= TRIES_MAX) {
            throw failure;
        }
        interrupt.checkNow();
        if (tries > TRIES_WITHOUT_PAUSE) {
            long limit = Math.min(PAUSE_MAX_MS, 1L << Math.min(tries - TRIES_WITHOUT_PAUSE, 6));
            interrupt.pause(ThreadLocalRandom.current().nextLong(limit + 1));
        }
    }
}
