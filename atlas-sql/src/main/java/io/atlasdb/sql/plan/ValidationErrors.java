package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.calcite.runtime.CalciteContextException;
import org.jspecify.annotations.Nullable;

/** What the validator and the planner complain about, as Atlas's errors: with the place, and the nearest known name. */
final class ValidationErrors {
    private static final Pattern OBJECT = Pattern.compile("^(?:Object|Table) '(.*?)' not found.*", Pattern.DOTALL);
    private static final Pattern COLUMN =
            Pattern.compile("^(?:Unknown target column '(.*?)'|Column '(.*?)' not found in .*)", Pattern.DOTALL);
    private static final Pattern AMBIGUOUS = Pattern.compile("^Column '(.*?)' is ambiguous.*", Pattern.DOTALL);
    private static final Pattern FUNCTION =
            Pattern.compile("^No match found for function signature (.*)$", Pattern.DOTALL);
    private static final Pattern GROUPING = Pattern.compile(
            ".*(is not being grouped|Aggregate expression|Aggregate expressions|Windowed aggregate|must be aggregate"
                    + "|GROUPING|HAVING clause|DISTINCT).*",
            Pattern.DOTALL);
    private static final Pattern TYPES = Pattern.compile(
            "^(Cannot apply|Cast function cannot|Type mismatch|Values passed to|Illegal mixing|Illegal use of dynamic|"
                    + "Cannot infer|Incompatible|Inequality|Expected|The type|ELSE clause|Parameters must).*",
            Pattern.DOTALL);
    private static final Pattern RANGE =
            Pattern.compile("^(?:Numeric )?[lL]iteral '?(.*?)'? out of range.*", Pattern.DOTALL);

    private ValidationErrors() {}

    /** The error to show for what went wrong while a statement was validated or planned. */
    static AtlasException translate(Throwable failure, PlanningContext context) {
        @Nullable CalciteContextException placed = null;
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AtlasException known) {
                return known;
            }
            if (cause instanceof CalciteContextException context2) {
                placed = context2;
            }
            deepest = cause;
        }
        if (placed != null) {
            Throwable cause = placed.getCause();
            String message = String.valueOf((cause == null ? placed : cause).getMessage());
            return named(
                    message,
                    " (line " + placed.getPosLine() + ", column " + placed.getPosColumn() + ")",
                    placed,
                    context);
        }
        if (failure instanceof StackOverflowError) {
            return ErrorCode.LIMIT.error(failure, "the statement", "nested too deeply", "about a thousand levels");
        }
        if (failure instanceof UnsupportedOperationException || isUnplannable(failure)) {
            return ErrorCode.UNSUPPORTED.error(failure, "this combination of clauses");
        }
        String message = String.valueOf(deepest.getMessage());
        if (deepest.getClass().getName().startsWith("org.apache.calcite.runtime") && !message.contains("org.apache")) {
            return named(message, "", failure, context);
        }
        return ErrorCode.INTERNAL.error(failure, failure.getClass().getSimpleName());
    }

    private static boolean isUnplannable(Throwable failure) {
        return failure.getClass().getSimpleName().equals("CannotPlanException");
    }

    private static AtlasException named(String message, String place, Throwable failure, PlanningContext context) {
        Matcher object = OBJECT.matcher(message);
        if (object.matches()) {
            String name = object.group(1);
            return ErrorCode.NO_SUCH_TABLE.error(failure, name, nearest(name, tables(context)) + place);
        }
        Matcher column = COLUMN.matcher(message);
        if (column.matches()) {
            String name = column.group(1) == null ? column.group(2) : column.group(1);
            return ErrorCode.NO_SUCH_COLUMN.error(failure, name, nearest(name, columns(context)) + place);
        }
        Matcher ambiguous = AMBIGUOUS.matcher(message);
        if (ambiguous.matches()) {
            return ErrorCode.AMBIGUOUS_COLUMN.error(failure, ambiguous.group(1));
        }
        Matcher function = FUNCTION.matcher(message);
        if (function.matches()) {
            return ErrorCode.NO_SUCH_FUNCTION.error(failure, function.group(1), place);
        }
        Matcher range = RANGE.matcher(message);
        if (range.matches()) {
            return ErrorCode.NUMERIC_OVERFLOW.error(failure, range.group(1), "a literal" + place);
        }
        if (TYPES.matcher(message).matches()) {
            return ErrorCode.DATATYPE_MISMATCH.error(failure, readable(message) + place);
        }
        if (GROUPING.matcher(message).matches()) {
            return ErrorCode.GROUPING.error(failure, readable(message) + place);
        }
        return ErrorCode.SYNTAX.error(failure, readable(message) + place);
    }

    private static String readable(String message) {
        if (message.startsWith("Illegal use of dynamic parameter")) {
            return "the type of a parameter is not known here; write CAST(? AS type)";
        }
        String line = message.lines().findFirst().orElse("not understood");
        return line.replace(" CHARACTER SET \"UTF-8\"", "");
    }

    private static Stream<String> tables(PlanningContext context) {
        return context.catalog().schemas().values().stream().flatMap(tables -> tables.keySet().stream());
    }

    private static Stream<String> columns(PlanningContext context) {
        Catalog catalog = context.catalog();
        return catalog.schemas().getOrDefault(context.schema(), java.util.Map.of()).values().stream()
                .map(Table::columns)
                .flatMap(columns ->
                        columns.stream().filter(column -> !column.hidden()).map(Column::name));
    }

    /** {@code , did you mean X?} when some known name is close, else nothing. */
    static String nearest(String name, Stream<String> known) {
        String wanted = name.toUpperCase(Locale.ROOT);
        int limit = Math.max(1, wanted.length() / 3);
        String best = null;
        int distance = limit + 1;
        for (String candidate : (Iterable<String>) known.distinct().sorted()::iterator) {
            int edits = edits(wanted, candidate.toUpperCase(Locale.ROOT), limit);
            if (edits < distance) {
                best = candidate;
                distance = edits;
            }
        }
        return best == null ? "" : ", did you mean " + best + "?";
    }

    /** Edits between two words, with neighbours that swapped places as one; more than {@code limit} counts as {@code limit + 1}. */
    private static int edits(String left, String right, int limit) {
        if (Math.abs(left.length() - right.length()) > limit) {
            return limit + 1;
        }
        int[][] table = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                int least = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1);
                least = Math.min(least, table[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    least = Math.min(least, table[i - 2][j - 2] + 1);
                }
                table[i][j] = least;
            }
        }
        return Math.min(limit + 1, table[left.length()][right.length()]);
    }
}
