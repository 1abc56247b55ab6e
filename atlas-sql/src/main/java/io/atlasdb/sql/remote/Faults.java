package io.atlasdb.sql.remote;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.UUID;

/** Turns whatever was thrown into an error that a client may see. */
final class Faults {
    /** The class of SQLSTATEs that tell of a fault here: internal errors and damaged data. */
    private static final String SYSTEM_ERRORS = "XX";

    private Faults() {}

    /**
     * The error itself when it tells of the user's request; {@code INTERNAL} with an id that stands in the log otherwise. Causes
     * of a user's errors (a parser's, a validator's) are not logged: they say what the client is told.
     */
    static AtlasException visible(Throwable thrown, FaultLog log) {
        if (thrown instanceof AtlasException error) {
            if (error.getCause() != null && error.code().sqlState().startsWith(SYSTEM_ERRORS)) {
                log.fault(error.code().name(), error);
            }
            return error;
        }
        if (thrown instanceof StackOverflowError) {
            return ErrorCode.LIMIT.error("the nesting of the statement", "too deep", "a few hundred levels");
        }
        String id = UUID.randomUUID().toString().substring(0, 8);
        log.fault(id, thrown);
        return ErrorCode.INTERNAL.error(id);
    }
}
