package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;

/** Turns whatever a statement met into an error that a client may see. */
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    static AtlasException of(Throwable failure) {
        if (failure instanceof AtlasException known) {
            return known;
        }
        if (failure instanceof StackOverflowError) {
            return ErrorCode.LIMIT.error("the nesting of the statement", "too deep", Limits.NESTING_MAX);
        }
        String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
        LOG.log(Level.ERROR, "internal error " + id, failure);
        return ErrorCode.INTERNAL.error(failure, id);
    }

    /** Whether the transaction cannot go on after this error. */
    static boolean endsTransaction(AtlasException failure) {
        return switch (failure.code()) {
            case SERIALIZATION, SCHEMA_CHANGED, SNAPSHOT_TOO_OLD, OUTCOME_UNKNOWN, SHUTTING_DOWN, CORRUPT, INTERNAL ->
                true;
            default -> false;
        };
    }
}
