package io.atlasdb.node.socket;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line, split on blanks and tabs, with its bytes at hand: a value keeps the bytes that the client sent.
 *
 * <pre>
 *   KEY  PUT users.alice  hi
 *   ^from                   ^to     a token is the bytes from one boundary to the next
 * </pre>
 */
final class Line {
    /** A command has at most so many words before its value. */
    private static final int WORDS_MAX = 16;

    private final byte[] bytes;
    private final int from;
    private final List<int[]> words = new ArrayList<>(8);

    /** The line that begins at {@code from}. */
    Line(byte[] bytes, int from) {
        this.bytes = bytes;
        this.from = from;
        int at = from;
        while (words.size() < WORDS_MAX && (at = skip(at, true)) < bytes.length) {
            int end = skip(at, false);
            words.add(new int[] {at, end});
            at = end;
        }
    }

    private int skip(int from, boolean blanks) {
        int at = from;
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\t') == blanks) {
            at++;
        }
        return at;
    }

    /** How many words there are; {@link #WORDS_MAX} stands for that many and more. */
    int size() {
        return words.size();
    }

    /** The word as written; null when it is not UTF-8. */
    @Nullable
    String word(int index) {
        int[] word = words.get(index);
        return Text.decode(bytes, word[0], word[1]);
    }

    /** The word in upper case for comparison and messages; empty when there is none. */
    String verb(int index) {
        if (index >= words.size()) {
            return "";
        }
        int[] word = words.get(index);
        return Text.upper(Text.echo(bytes, word[0], word[1]));
    }

    /** Everything after the one separator that follows the word; empty when there is nothing. */
    byte[] after(int index) {
        int value = words.get(index)[1] + 1;
        return value >= bytes.length ? new byte[0] : Arrays.copyOfRange(bytes, value, bytes.length);
    }

    /** The line as the client wrote it, for messages. */
    String raw() {
        return Text.echo(bytes, from, bytes.length);
    }

    @Override
    public String toString() {
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }
}
