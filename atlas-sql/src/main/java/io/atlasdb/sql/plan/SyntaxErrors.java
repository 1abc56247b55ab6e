package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Turns the parser's exceptions into one short line: where, near what, and what may stand there when that is little. */
final class SyntaxErrors {
    /** More choices than this help nobody. */
    private static final int EXPECTED_MAX = 5;
    /** Characters of the text that a message shows. */
    private static final int NEAR_CHARACTERS_MAX = 40;
    /** Characters of a reason that the parser gave; it may quote the text. */
    private static final int REASON_CHARACTERS_MAX = 160;

    private static final String NO_QUERY = "Non-query expression";
    private static final List<String> BEGINNINGS = List.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "UPSERT",
            "DELETE",
            "VALUES",
            "WITH",
            "TABLE",
            "CREATE",
            "DROP",
            "ALTER",
            "TRUNCATE",
            "EXPLAIN",
            "BEGIN",
            "START",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT",
            "RELEASE",
            "SET",
            "RESET",
            "SHOW");
    private static final Set<String> KEYWORDS = Set.of(
            "SELECT",
            "DISTINCT",
            "FROM",
            "WHERE",
            "GROUP",
            "HAVING",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "JOIN",
            "INNER",
            "OUTER",
            "UNION",
            "VALUES",
            "INTO",
            "TABLE",
            "UPDATE",
            "DELETE",
            "BETWEEN");

    private static final Pattern PLANNED =
            Pattern.compile("(?i)\\s*(select|insert|update|upsert|delete|with|values)\\b");
    /** What sets a password, or was meant to. */
    private static final Pattern SECRET = Pattern.compile("(?is).*\\bpassword\\b.*");

    private SyntaxErrors() {}

    static AtlasException of(String sql, SqlParseException e) {
        if (SECRET.matcher(sql).matches() && !PLANNED.matcher(sql).lookingAt()) {
            // Neither the word at which it went wrong nor the parser's own message, since either may be the password.
            return ErrorCode.SYNTAX.error("syntax error in a statement with a password, which is not shown;"
                    + " write CREATE USER name PASSWORD '…' or ALTER USER name PASSWORD '…'");
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof AtlasException known) {
                return known;
            }
        }
        SqlParserPos pos = e.getPos();
        if (pos == null) {
            return ErrorCode.SYNTAX.error(e, "syntax error: " + reason(e));
        }
        String at = "line " + pos.getLineNum() + ", column " + pos.getColumnNum() + ": ";
        int offset = atEnd(e) ? sql.length() : offset(sql, pos);
        if (reason(e).startsWith(NO_QUERY)) {
            return ErrorCode.SYNTAX.error(e, at + noQuery(sql, offset));
        }
        if (e.getExpectedTokenSequences() != null) {
            String what = unexpected(sql, offset);
            return ErrorCode.SYNTAX.error(
                    e, at + what + (what.startsWith("syntax error") ? suggestion(sql, offset, e) : ""));
        }
        return ErrorCode.SYNTAX.error(
                e, isLexical(e) ? at + unexpected(sql, offset) : at + reason(e) + near(sql, offset));
    }

    /** The position of the end is that of the last character. */
    private static boolean atEnd(SqlParseException e) {
        String message = e.getMessage();
        return message != null && message.startsWith("Encountered \"<EOF>\"");
    }

    private static boolean isLexical(SqlParseException e) {
        String message = e.getMessage();
        return message != null && message.startsWith("Lexical error");
    }

    private static String reason(SqlParseException e) {
        String message = e.getMessage();
        String line =
                message == null ? "not understood" : message.lines().findFirst().orElse("not understood");
        return line.length() <= REASON_CHARACTERS_MAX ? line : line.substring(0, REASON_CHARACTERS_MAX) + "…";
    }

    /** The parser takes whatever begins a statement for an expression, and then wonders why it is none of a query. */
    private static String noQuery(String sql, int offset) {
        String word = word(sql, offset);
        if (!isFirst(sql, offset)) {
            return "expected a query, met \"" + word + "\"";
        }
        String hint = ValidationErrors.nearest(word, BEGINNINGS.stream());
        return "a statement cannot begin with \"" + word + "\""
                + (hint.isEmpty() ? "; expected SELECT, INSERT, UPDATE, DELETE, CREATE or the like" : hint);
    }

    private static boolean isFirst(String sql, int offset) {
        return new TextScanner(sql.substring(0, offset)).next() == TextScanner.END;
    }

    /** What may stand there, or a word that was probably meant; the one before is often the misspelt one, taken for a name. */
    private static String suggestion(String sql, int offset, SqlParseException e) {
        String word = word(sql, offset);
        String meant =
                ValidationErrors.nearest(word, expectedWords(e).filter(expected -> !expected.equalsIgnoreCase(word)));
        if (!meant.isEmpty() && word.length() > 2) {
            return meant;
        }
        String expected = expected(e);
        String before = wordBefore(sql, offset);
        if (!expected.isEmpty() || before.length() < 3 || KEYWORDS.contains(before.toUpperCase(Locale.ROOT))) {
            return expected;
        }
        String keyword = ValidationErrors.nearest(before, KEYWORDS.stream());
        return keyword.isEmpty() ? "" : keyword.replace("?", " instead of \"" + before + "\"?");
    }

    private static String wordBefore(String sql, int offset) {
        int end = Math.min(offset, sql.length());
        while (end > 0 && Character.isWhitespace(sql.charAt(end - 1))) {
            end--;
        }
        int start = end;
        while (start > 0 && Character.isJavaIdentifierPart(sql.charAt(start - 1))) {
            start--;
        }
        return sql.substring(start, end);
    }

    private static Stream<String> expectedWords(SqlParseException e) {
        String[] images = e.getTokenImages();
        int[][] sequences = e.getExpectedTokenSequences();
        return images == null || sequences == null
                ? Stream.empty()
                : Stream.of(sequences)
                        .map(sequence -> images[sequence[0]])
                        .filter(image -> image.length() > 3 && Character.isLetter(image.charAt(1)))
                        .map(image -> image.substring(1, image.length() - 1));
    }

    private static String unexpected(String sql, int offset) {
        String word = word(sql, offset);
        if (StatementSplitter.scan(sql).open()) {
            return "a string, quoted name or comment is not closed" + (word.isEmpty() ? "" : ", near \"" + word + "\"");
        }
        if (word.isEmpty()) {
            return "syntax error at the end of the statement";
        }
        if (StatementSplitter.scan(sql.substring(0, offset)).complete().size() > 0) {
            return "several statements in one text, near \"" + word + "\"; send them one by one";
        }
        return "syntax error near \"" + word + "\"";
    }

    private static String near(String sql, int offset) {
        String word = word(sql, offset);
        return word.isEmpty() ? "" : ", near \"" + word + "\"";
    }

    /** The word or sign at an offset, shortened; empty at the end. */
    private static String word(String sql, int offset) {
        int start = Math.min(offset, sql.length());
        int end = start;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
            end++;
        }
        if (end == start) {
            end = Math.min(start + 1, sql.length());
        }
        String word = sql.substring(start, end).strip();
        return word.length() <= NEAR_CHARACTERS_MAX ? word : word.substring(0, NEAR_CHARACTERS_MAX) + "…";
    }

    private static int offset(String sql, SqlParserPos pos) {
        int offset = 0;
        for (int line = 1; line < pos.getLineNum(); line++) {
            int end = sql.indexOf('\n', offset);
            if (end < 0) {
                return sql.length();
            }
            offset = end + 1;
        }
        return Math.min(offset + Math.max(pos.getColumnNum() - 1, 0), sql.length());
    }

    /** {@code ; expected A, B or C}, when there are few choices. */
    private static String expected(SqlParseException e) {
        String[] images = e.getTokenImages();
        int[][] sequences = e.getExpectedTokenSequences();
        if (images == null || sequences == null) {
            return "";
        }
        TreeSet<String> names = new TreeSet<>();
        for (int[] sequence : sequences) {
            String name = name(images[sequence[0]]);
            if (name != null) {
                names.add(name);
            }
        }
        if (names.isEmpty() || names.size() > EXPECTED_MAX) {
            return "";
        }
        List<String> sorted = List.copyOf(names);
        int last = sorted.size() - 1;
        return "; expected " + (last == 0 ? "" : String.join(", ", sorted.subList(0, last)) + " or ")
                + sorted.get(last);
    }

    /** How a token is called in a message; null for one that is not worth naming. */
    private static @Nullable String name(String image) {
        if (image.startsWith("\"")) {
            return image.substring(1, image.length() - 1);
        }
        return switch (image) {
            case "<IDENTIFIER>" -> "a name";
            case "<EOF>" -> "the end";
            case "<QUOTED_STRING>" -> "a string";
            case "<UNSIGNED_INTEGER_LITERAL>" -> "a number";
            default ->
                image.toUpperCase(Locale.ROOT).contains("IDENTIFIER") || image.contains("LITERAL") ? null : image;
        };
    }
}
