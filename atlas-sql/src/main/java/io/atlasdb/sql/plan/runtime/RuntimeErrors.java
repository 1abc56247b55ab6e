package io.atlasdb.sql.plan.runtime;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What goes wrong in Calcite's own runtime functions, as Atlas's errors. */
public final class RuntimeErrors {
    private RuntimeErrors() {}

    /** The error to show. Its cause keeps what really happened, for the log. */
    public static AtlasException translate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AtlasException known) {
                return known;
            }
        }
        if (failure instanceof StackOverflowError) {
            return ErrorCode.LIMIT.error(failure, "the expression", "its nesting", "a few thousand levels");
        }
        String message = message(failure);
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("more than one value in agg single_value")) {
            return ErrorCode.CARDINALITY.error(failure);
        }
        if (failure instanceof ArithmeticException) {
            return lower.contains("zero")
                    ? ErrorCode.DIVISION_BY_ZERO.error(failure)
                    : ErrorCode.NUMERIC_OVERFLOW.error(failure, "of an expression", "its type");
        }
        if (failure instanceof NumberFormatException) {
            return ErrorCode.INVALID_TEXT.error(failure, "a text", "number");
        }
        if (failure instanceof IllegalArgumentException || failure instanceof IndexOutOfBoundsException) {
            return ErrorCode.DATA.error(failure, "a function was given a value that it does not take: " + message);
        }
        if (failure.getClass().getName().startsWith("org.apache.calcite.runtime.CalciteException")) {
            return ErrorCode.DATA.error(failure, message);
        }
        return ErrorCode.INTERNAL.error(failure, failure.getClass().getSimpleName());
    }

    private static String message(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.contains("org.apache") ? "no details" : message;
    }
}
