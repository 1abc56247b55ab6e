package io.atlasdb.node.cli;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a script into statements at semicolons, except in quotes and comments, and into lines that begin with a backslash. A
 * semicolon is not needed at the end.
 */
final class StatementReader {
    private static final int END = -1;

    private final BufferedReader in;
    private final StringBuilder text = new StringBuilder();

    StatementReader(Reader in) {
        this.in = new BufferedReader(in);
    }

    /** The next statement without its semicolon, or a backslash command; null at the end. */
    @Nullable
    String next() throws IOException {
        while (true) {
            text.setLength(0);
            int last = read();
            while (last != END && last != ';') {
                if (last == '\\' && isBlank()) {
                    String rest = in.readLine();
                    return "\\" + (rest == null ? "" : rest.strip());
                }
                append((char) last);
                last = part(last);
            }
            String statement = text.toString().strip();
            if (!isBlank()) {
                return statement;
            }
            if (last == END) {
                return null;
            }
        }
    }

    /** Reads on after a character that was appended; returns the next one that is not. */
    private int part(int first) throws IOException {
        if (first == '\'' || first == '"') {
            return quoted(first);
        }
        int next = read();
        if (first == '-' && next == '-') {
            text.setLength(text.length() - 1);
            return lineEnd();
        }
        if (first == '/' && next == '*') {
            text.setLength(text.length() - 1);
            return commentEnd();
        }
        return next;
    }

    private int quoted(int quote) throws IOException {
        int next = read();
        while (next != END && next != quote) {
            append((char) next);
            next = read();
        }
        if (next == quote) {
            append((char) quote);
            return read();
        }
        return END;
    }

    private int lineEnd() throws IOException {
        int next = read();
        while (next != END && next != '\n') {
            next = read();
        }
        return next;
    }

    private int commentEnd() throws IOException {
        append(' ');
        int last = 0;
        int next = read();
        while (next != END && !(last == '*' && next == '/')) {
            last = next;
            next = read();
        }
        return next == END ? END : read();
    }

    private int read() throws IOException {
        return in.read();
    }

    private void append(char c) {
        if (text.length() >= Limits.STATEMENT_CHARACTERS_MAX) {
            throw ErrorCode.LIMIT.error(
                    "the statement", "more than " + text.length() + " characters", Limits.STATEMENT_CHARACTERS_MAX);
        }
        text.append(c);
    }

    private boolean isBlank() {
        return text.chars().allMatch(Character::isWhitespace);
    }
}
