package io.atlasdb.proto;

import org.jspecify.annotations.Nullable;

/**
 * An error that a user may see: its code and a finished message. Made by {@link ErrorCode#error}.
 *
 * <p>It has no stack trace of its own, since it tells of the user's request and not of a fault in the program; the cause, if
 * there is one, has its trace and goes to the node's log only.
 */
public final class AtlasException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    AtlasException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.code = code;
    }

    /** An error that another node made: its code and its finished message. */
    public static AtlasException received(ErrorCode code, String message) {
        return new AtlasException(code, message, null);
    }

    /** The same error with the place in front of its message where it happened: {@code row 3 of the batch: …}. */
    public AtlasException at(String place) {
        return new AtlasException(code, place + ": " + getMessage(), getCause());
    }

    /** The code; its SQLSTATE and number go to the client. */
    public ErrorCode code() {
        return code;
    }

    /** The finished message. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
