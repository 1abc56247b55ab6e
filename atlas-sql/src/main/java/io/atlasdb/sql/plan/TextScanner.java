package io.atlasdb.sql.plan;

/**
 * Walks over SQL text and shows its characters without blanks and comments; a whole string or quoted name shows as its opening
 * quote.
 */
final class TextScanner {
    /** No more characters. */
    static final char END = 0;

    private final String text;
    private int position;
    private boolean open;

    TextScanner(String text) {
        this.text = text;
    }

    /** Where the character after the last shown one stands. */
    int position() {
        return position;
    }

    /** Whether the text ended inside a string, a quoted name or a comment of more lines. */
    boolean open() {
        return open;
    }

    /** The next character, or {@link #END}. */
    char next() {
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '-' && peek() == '-') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end + 1;
            } else if (c == '/' && peek() == '*') {
                skipTo("*/", position + 1);
            } else if (c == '\'') {
                skipString();
                return c;
            } else if (c == '"') {
                skipTo("\"", position);
                return c;
            } else if (!Character.isWhitespace(c) && c != END) {
                return c;
            }
        }
        return END;
    }

    private char peek() {
        return position < text.length() ? text.charAt(position) : END;
    }

    private void skipTo(String end, int from) {
        int found = text.indexOf(end, from);
        open |= found < 0;
        position = found < 0 ? text.length() : found + end.length();
    }

    /** A doubled quote ends a string and begins the next, which comes to the same. A backslash escapes in {@code E'…'} alone. */
    private void skipString() {
        if (!escapes()) {
            skipTo("'", position);
            return;
        }
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '\\') {
                position = Math.min(position + 1, text.length());
            } else if (c == '\'') {
                return;
            }
        }
        open = true;
    }

    private boolean escapes() {
        int prefix = position - 2;
        return prefix >= 0
                && (text.charAt(prefix) == 'E' || text.charAt(prefix) == 'e')
                && (prefix == 0 || !Character.isJavaIdentifierPart(text.charAt(prefix - 1)));
    }
}
