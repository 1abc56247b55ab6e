package io.atlasdb.jdbc;

import java.util.Locale;

/**
 * The escapes of JDBC (§13.4 of its specification) as plain SQL: literals, LIKE escapes, outer joins and limits. A scalar
 * function {@code {fn …}} is left to the server, which knows it.
 */
final class Escapes {
    private Escapes() {}

    static String translate(String sql) {
        if (sql.indexOf('{') < 0) {
            return sql;
        }
        StringBuilder out = new StringBuilder(sql.length());
        translate(sql, 0, out, false);
        return out.toString();
    }

    /** Copies from {@code start}, inside of braces to their end; returns where it stopped. */
    private static int translate(String sql, int start, StringBuilder out, boolean inside) {
        int i = start;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            int skipped = opaque(sql, i);
            if (skipped > i) {
                out.append(sql, i, skipped);
                i = skipped;
            } else if (c == '{') {
                i = escape(sql, i, out);
            } else if (c == '}' && inside) {
                return i;
            } else {
                out.append(c);
                i++;
            }
        }
        return i;
    }

    /** Where a quoted text, a quoted name or a comment that starts at {@code i} ends; {@code i} when none does. */
    static int opaque(String sql, int i) {
        char c = sql.charAt(i);
        int end;
        if (c == '\'' || c == '"') {
            end = sql.indexOf(c, i + 1);
        } else if (sql.startsWith("--", i)) {
            end = sql.indexOf('\n', i);
        } else if (sql.startsWith("/*", i)) {
            end = sql.indexOf("*/", i + 2);
            end = end < 0 ? end : end + 1;
        } else {
            return i;
        }
        return end < 0 ? sql.length() : end + 1;
    }

    private static int escape(String sql, int open, StringBuilder out) {
        int word = open + 1;
        while (word < sql.length() && Character.isWhitespace(sql.charAt(word))) {
            word++;
        }
        int end = word;
        while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
            end++;
        }
        String plain = switch (sql.substring(word, end).toLowerCase(Locale.ROOT)) {
            case "d" -> "DATE";
            case "t" -> "TIME";
            case "ts" -> "TIMESTAMP";
            case "oj" -> "";
            case "escape" -> "ESCAPE";
            case "limit" -> "LIMIT";
            default -> null;
        };
        if (plain == null) {
            // Not ours: the braces stay, what is inside is looked at.
            out.append(sql, open, end);
            int close = translate(sql, end, out, true);
            if (close < sql.length()) {
                out.append('}');
            }
            return Math.min(sql.length(), close + 1);
        }
        out.append(plain);
        return Math.min(sql.length(), translate(sql, end, out, true) + 1);
    }
}
