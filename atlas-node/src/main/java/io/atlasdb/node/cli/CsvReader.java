package io.atlasdb.node.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of a CSV file (RFC 4180), one at a time. An empty field is NULL, a quoted empty one an empty text. */
final class CsvReader {
    private static final int END = -1;
    /** Beyond it a quote was probably forgotten; larger values do not fit a row. */
    private static final int FIELD_CHARACTERS_MAX = 16 << 20;

    private final BufferedReader in;
    private final StringBuilder field = new StringBuilder();
    private long line = 1;
    private long recordLine = 1;
    /** The character that ended the last field. */
    private int delimiter;

    CsvReader(Reader in) {
        this.in = new BufferedReader(in);
    }

    /** The line on which the last record began, from 1. */
    long recordLine() {
        return recordLine;
    }

    /** The fields of the next record; null at the end. Empty lines are skipped. */
    @Nullable
    List<@Nullable String> next() throws IOException {
        while (true) {
            recordLine = line;
            List<@Nullable String> fields = new ArrayList<>();
            do {
                fields.add(field());
            } while (delimiter == ',');
            boolean blank = fields.size() == 1 && fields.get(0) == null;
            if (!blank) {
                return fields;
            }
            if (delimiter == END) {
                return null;
            }
        }
    }

    private @Nullable String field() throws IOException {
        field.setLength(0);
        int c = read();
        boolean quoted = c == '"';
        if (quoted) {
            quoted();
            c = read();
        }
        while (c != ',' && c != '\n' && c != END) {
            append(c);
            c = read();
        }
        delimiter = c;
        int length = field.length();
        if (c == '\n' && length > 0 && field.charAt(length - 1) == '\r') {
            field.setLength(length - 1);
        }
        return field.isEmpty() && !quoted ? null : field.toString();
    }

    /** What stands between quotes; a doubled quote is one. */
    private void quoted() throws IOException {
        while (true) {
            int c = read();
            if (c == END) {
                throw new IOException("line " + recordLine + ": a quote is not closed");
            }
            if (c == '"') {
                in.mark(1);
                if (in.read() != '"') {
                    in.reset();
                    return;
                }
            }
            append(c);
        }
    }

    private void append(int c) throws IOException {
        if (field.length() >= FIELD_CHARACTERS_MAX) {
            throw new IOException(
                    "line " + recordLine + ": a field is longer than " + FIELD_CHARACTERS_MAX + " characters");
        }
        field.append((char) c);
    }

    private int read() throws IOException {
        int c = in.read();
        if (c == '\n') {
            line++;
        }
        return c;
    }
}
