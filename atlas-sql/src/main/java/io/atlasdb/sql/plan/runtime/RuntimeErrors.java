package io.atlasdb.sql.plan.runtime;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in generated code and in Calcite's own runtime functions, as Atlas's errors.
 *
 * <p>Generated code evaluates its constants once, in static fields. A constant that fails makes the class unusable: the JVM tells
 * the cause the first time only, so it is kept here for later executions of the same plan.
 */
public final class RuntimeErrors {
    private volatile @Nullable AtlasException constant;

    /** For one piece of generated code. */
    public RuntimeErrors() {}

    /** The error to show for a failure of this code. */
    public AtlasException of(Throwable failure) {
        AtlasException known = constant;
        if (failure instanceof NoClassDefFoundError && known != null) {
            return known;
        }
        AtlasException error = translate(failure);
        if (failure instanceof LinkageError) {
            constant = error;
        }
        return error;
    }

    /** The error to show. Its cause keeps what really happened, for the log. */
    public static AtlasException translate(Throwable thrown) {
        // Generated code keeps constants in static fields.
        Throwable failure =
                thrown instanceof ExceptionInInitializerError && thrown.getCause() != null ? thrown.getCause() : thrown;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AtlasException known) {
                return known;
            }
        }
        if (failure instanceof StackOverflowError) {
            return ErrorCode.LIMIT.error(failure, "the expression", "its nesting", "a few thousand levels");
        }
        failure = deepest(failure);
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
        if (isOfFunction(failure)) {
            return ErrorCode.DATA.error(failure, "a function was given a value that it does not take: " + message);
        }
        if (failure instanceof NoClassDefFoundError) {
            return ErrorCode.DATA.error(failure, "a constant of the statement has no value");
        }
        return ErrorCode.INTERNAL.error(failure, failure.getClass().getSimpleName());
    }

    private static Throwable deepest(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest;
    }

    /** Whether a function of Calcite's complains of its arguments, or the library for JSON paths does. */
    private static boolean isOfFunction(Throwable failure) {
        if (failure instanceof NullPointerException || failure instanceof ClassCastException) {
            return false;
        }
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName().startsWith("com.jayway.jsonpath.")
                || (failure instanceof RuntimeException
                        && trace.length > 0
                        && trace[0].getClassName().startsWith("org.apache.calcite.runtime."));
    }

    private static String message(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.contains("org.apache")
                ? "no details"
                : message.lines().findFirst().orElse("no details");
    }
}
