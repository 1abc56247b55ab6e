package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
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
            "^(Cannot apply|Invalid type|WHERE clause must|Cast function cannot|Type mismatch|Values passed to|Illegal mixing|Illegal use of dynamic|"
                    + "Cannot infer|Incompatible|Inequality|Expected|The type|ELSE clause|Parameters must).*",
            Pattern.DOTALL);
    private static final Pattern RANGE =
            Pattern.compile("^(?:Numeric )?[lL]iteral '?(.*?)'? out of range.*", Pattern.DOTALL);

    private static final Pattern DATETIME = Pattern.compile(
            "^Illegal (?:([A-Z ]+) literal '(.*?)': .*|interval literal format '?(.*?)'? for (.*))", Pattern.DOTALL);
    private static final Pattern INTERVAL_FIELD =
            Pattern.compile("^Interval field value (.*?) exceeds precision of (.*?) field.*", Pattern.DOTALL);

    private static final String BAD_UUID = "Invalid UUID string: ";

    private static final System.Logger LOG = System.getLogger(ValidationErrors.class.getName());

    private ValidationErrors() {}

    /** {@link #translate(Throwable, PlanningContext)} with the statement at hand, to tell a schema from a table. */
    static AtlasException translate(Throwable failure, PlanningContext context, SqlNode statement) {
        AtlasException error = translate(failure, context);
        if (error.code() != ErrorCode.NO_SUCH_TABLE
                || !(error.getCause() instanceof CalciteContextException placed)
                || placed.getCause() == null) {
            return error;
        }
        Matcher object = OBJECT.matcher(String.valueOf(placed.getCause().getMessage()));
        String schema = object.matches() ? schemaAt(statement, placed, object.group(1)) : null;
        return schema == null || context.catalog().schemas().containsKey(schema)
                ? error
                : ErrorCode.NO_SUCH_SCHEMA.error(
                        placed, schema, nearest(schema, context.catalog().schemas().keySet().stream()) + place(placed));
    }

    /** The name in a FROM that stands where the error is and goes on behind {@code first}, else null. */
    private static @Nullable String schemaAt(SqlNode statement, CalciteContextException placed, String first) {
        boolean[] found = new boolean[1];
        statement.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                found[0] |= name.names.size() > 1
                        && name.names.get(0).equals(first)
                        && name.getParserPosition().getLineNum() == placed.getPosLine()
                        && name.getParserPosition().getColumnNum() == placed.getPosColumn()
                        && String.valueOf(placed.getCause()).contains("Object '");
                return null;
            }
        });
        return found[0] ? first : null;
    }

    private static String place(CalciteContextException placed) {
        return " (line " + placed.getPosLine() + ", column " + placed.getPosColumn() + ")";
    }

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
            // Calcite hides the reason why no code could be made.
            if (cause.getCause() == null && cause.getSuppressed().length > 0) {
                return translate(cause.getSuppressed()[0], context);
            }
        }
        if (placed != null) {
            Throwable cause = placed.getCause();
            String message = String.valueOf((cause == null ? placed : cause).getMessage());
            return named(message, place(placed), placed, context);
        }
        if (failure instanceof StackOverflowError) {
            return ErrorCode.LIMIT.error(failure, "the statement", "nested too deeply", "about a thousand levels");
        }
        String message = String.valueOf(deepest.getMessage());
        if (deepest instanceof IllegalArgumentException && message.startsWith(BAD_UUID)) {
            return ErrorCode.INVALID_TEXT.error(failure, message.substring(BAD_UUID.length()), "UUID");
        }
        if (deepest.getClass().getName().startsWith("org.apache.calcite.runtime") && !message.contains("org.apache")) {
            return named(message, "", failure, context);
        }
        if (context.abandoned().get()) {
            return ErrorCode.CANCELLED.error(failure);
        }
        if (failure instanceof UnsupportedOperationException || isOfLibrary(deepest)) {
            LOG.log(Level.WARNING, "a statement could not be planned: " + firstLine(deepest));
            LOG.log(Level.DEBUG, "a statement could not be planned", failure);
            return ErrorCode.UNSUPPORTED.error(failure, "this combination of clauses, functions and types");
        }
        return ErrorCode.INTERNAL.error(failure, failure.getClass().getSimpleName());
    }

    /** Whether Calcite or its compiler gave up, rather than a part of Atlas. */
    private static boolean isOfLibrary(Throwable failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            String place = frame.getClassName();
            if (place.startsWith("org.apache.calcite.") || place.startsWith("org.codehaus.")) {
                return true;
            }
            if (place.startsWith("io.atlasdb.")) {
                return false;
            }
        }
        return false;
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
        Matcher datetime = DATETIME.matcher(message);
        if (datetime.matches()) {
            boolean interval = datetime.group(1) == null;
            return ErrorCode.INVALID_DATETIME.error(
                    failure,
                    datetime.group(interval ? 3 : 2),
                    (interval ? datetime.group(4) : datetime.group(1)) + place);
        }
        Matcher field = INTERVAL_FIELD.matcher(message);
        if (field.matches()) {
            return ErrorCode.NUMERIC_OVERFLOW.error(failure, field.group(1), "INTERVAL " + field.group(2) + place);
        }
        if (TYPES.matcher(message).matches()) {
            return ErrorCode.DATATYPE_MISMATCH.error(failure, readable(message) + place);
        }
        if (GROUPING.matcher(message).matches()) {
            return ErrorCode.GROUPING.error(failure, readable(message) + place);
        }
        return ErrorCode.SYNTAX.error(failure, readable(message) + place);
    }

    private static String firstLine(Throwable failure) {
        return failure.toString().lines().findFirst().orElse("");
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
