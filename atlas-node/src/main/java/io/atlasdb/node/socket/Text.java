package io.atlasdb.node.socket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How the protocol treats text: case, characters that would break a frame, and what is not UTF-8. */
final class Text {
    /** What an error message echoes of a command, characters; the rest is cut, since a command may have 128 MiB. */
    private static final int ECHO_CHARACTERS_MAX = 4096;

    private Text() {}

    /**
     * Upper case, one code point at a time, so that no text changes its length in code points and {@code ß} stays. Does not
     * depend on the locale.
     */
    static String upper(String text) {
        StringBuilder upper = new StringBuilder(text.length());
        text.codePoints().map(Character::toUpperCase).forEach(upper::appendCodePoint);
        return upper.toString();
    }

    /** Whether a code point may not stand in a frame, since a reader could take it for an end of line. */
    static boolean isControl(int codePoint) {
        return codePoint < 0x20 || codePoint == 0x7F || codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029;
    }

    /** Whether any code point is a control character. */
    static boolean hasControl(String text) {
        return text.codePoints().anyMatch(Text::isControl);
    }

    /** The text with a blank in place of each control character. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().map(c -> isControl(c) ? ' ' : c).forEach(printable::appendCodePoint);
        return printable.toString();
    }

    /** The text of UTF-8 bytes, or null when they are not UTF-8. */
    static @Nullable String decode(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Bytes for an error message: malformed ones replaced, the end cut when it is long. */
    static String echo(byte[] bytes, int from, int to) {
        // A character takes at most four bytes, so this never cuts what would have been shown.
        int length = Math.min(to - from, 4 * ECHO_CHARACTERS_MAX);
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        boolean whole = length == to - from && text.length() <= ECHO_CHARACTERS_MAX;
        return whole ? text : text.substring(0, Math.min(text.length(), ECHO_CHARACTERS_MAX)) + "...";
    }
}
