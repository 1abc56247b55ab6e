package io.atlasdb.sql.session;

/** The text of a statement without values: {@code ?} in place of strings and numbers, no comments, on one line. */
final class MaskedText {
    private static final int CHARACTERS_MAX = 2_000;

    private final String sql;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private MaskedText(String sql) {
        this.sql = sql;
    }

    static String of(String sql) {
        return new MaskedText(sql).run();
    }

    private String run() {
        while (at < sql.length() && out.length() < CHARACTERS_MAX) {
            char c = sql.charAt(at);
            if (c == '\'') {
                over('\'');
                out.append('?');
            } else if (c == '"') {
                int from = at;
                over('"');
                out.append(sql, from, at);
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else if (Character.isDigit(c)) {
                number();
            } else if (Character.isJavaIdentifierStart(c)) {
                int from = at;
                while (at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at))) {
                    at++;
                }
                out.append(sql, from, at);
            } else {
                blankOr(c);
                at++;
            }
        }
        return at < sql.length() ? out.append('…').toString() : out.toString().strip();
    }

    private void blankOr(char c) {
        if (!Character.isWhitespace(c) && !Character.isISOControl(c)) {
            out.append(c);
        } else if (out.length() > 0 && out.charAt(out.length() - 1) != ' ') {
            out.append(' ');
        }
    }

    /** Moves behind a quoted text, in which a doubled quote stands for itself; one that is not closed goes to the end. */
    private void over(char quote) {
        at++;
        while (at < sql.length()) {
            if (sql.charAt(at) == quote) {
                at++;
                if (at >= sql.length() || sql.charAt(at) != quote) {
                    return;
                }
            }
            at++;
        }
    }

    private void number() {
        while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '.')) {
            at++;
        }
        out.append('?');
    }
}
