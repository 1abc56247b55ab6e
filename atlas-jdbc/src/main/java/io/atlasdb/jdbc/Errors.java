package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Error;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Errors as the subclass of {@code SQLException} that their SQLSTATE asks for. */
final class Errors {
    private Errors() {}

    static SQLException of(Error error) {
        return of(error.getMessage(), error.getSqlState(), error.getCode(), null);
    }

    static SQLException of(ErrorCode code, Object... arguments) {
        return of(code.message(arguments), code.sqlState(), code.number(), null);
    }

    static SQLException of(Throwable cause, ErrorCode code, Object... arguments) {
        return of(code.message(arguments), code.sqlState(), code.number(), cause);
    }

    /** What this driver does not do. */
    static SQLException unsupported(String what) {
        return of(ErrorCode.UNSUPPORTED, what);
    }

    private static SQLException of(String message, String state, int code, @Nullable Throwable cause) {
        if (code == ErrorCode.TIMED_OUT.number()) {
            return new SQLTimeoutException(message, state, code, cause);
        }
        return switch (state) {
            // Whether to run it again depends on the outcome, which somebody has to find out first.
            case "40003" -> new SQLNonTransientException(message, state, code, cause);
            case "53300" -> new SQLTransientConnectionException(message, state, code, cause);
            case "57P01" -> new SQLNonTransientConnectionException(message, state, code, cause);
            case "WA001", "WA003", "WA006" -> new SQLTransientException(message, state, code, cause);
            default -> ofClass(message, state, code, cause);
        };
    }

    private static SQLException ofClass(String message, String state, int code, @Nullable Throwable cause) {
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "07", "21", "22" -> new SQLDataException(message, state, code, cause);
            case "08" -> new SQLNonTransientConnectionException(message, state, code, cause);
            case "0A" -> new SQLFeatureNotSupportedException(message, state, code, cause);
            case "23" -> new SQLIntegrityConstraintViolationException(message, state, code, cause);
            case "28" -> new SQLInvalidAuthorizationSpecException(message, state, code, cause);
            case "40" -> new SQLTransactionRollbackException(message, state, code, cause);
            case "2B", "3F", "42" -> new SQLSyntaxErrorException(message, state, code, cause);
            case "53", "55" -> new SQLTransientException(message, state, code, cause);
            default -> new SQLException(message, state, code, cause);
        };
    }
}
