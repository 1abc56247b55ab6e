package io.atlasdb.node.cli;

import io.atlasdb.proto.ErrorCode;
import java.sql.SQLException;

/** Exit codes of the command. */
final class Exit {
    static final int OK = 0;
    /** A fault of Atlas. */
    static final int INTERNAL = 1;
    /** A command line or configuration that cannot be used. */
    static final int USAGE = 2;
    /** Nobody answers, or the login was refused. */
    static final int CANNOT_CONNECT = 3;
    /** The command or a statement failed. */
    static final int FAILED = 4;
    /** The node or cluster is not well. */
    static final int UNHEALTHY = 5;
    /** Ctrl-C. */
    static final int INTERRUPTED = 130;

    private Exit() {}

    /** The exit code for an error. */
    static int of(ErrorCode code) {
        return switch (code) {
            case CANNOT_CONNECT, CONNECTION_LOST, LOGIN -> CANNOT_CONNECT;
            case NO_SUCH_SETTING, INVALID_PARAMETER, SYNTAX, CANNOT_START -> USAGE;
            case INTERNAL -> INTERNAL;
            default -> FAILED;
        };
    }

    /** The exit code for an error of the driver, by its SQLSTATE. */
    static int of(SQLException error) {
        String state = error.getSQLState();
        int code = error.getErrorCode();
        if (state != null && state.startsWith("08") && code == 0) {
            // No code of ours: DriverManager found no driver for the URL.
            return USAGE;
        }
        boolean connection = state != null && (state.startsWith("08") || state.startsWith("28"));
        return connection ? CANNOT_CONNECT : FAILED;
    }
}
