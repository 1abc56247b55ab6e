package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As much of JSON (RFC 8259) as a manifest needs: objects, arrays, texts, whole numbers, true, false and null, as Map, List,
 * String, Long, Boolean and null.
 */
final class Json {
    private static final int DEPTH_MAX = 32;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Reads an object.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED}
     */
    static Map<String, @Nullable Object> parse(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        json.blanks();
        if (!(value instanceof Map<?, ?>) || json.at != text.length()) {
            throw json.damaged();
        }
        @SuppressWarnings("unchecked") // objects are only made by object(), below
        Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) value;
        return object;
    }

    private @Nullable Object value(int depth) {
        if (depth > DEPTH_MAX) {
            throw damaged();
        }
        blanks();
        char next = peek();
        return switch (next) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        at++;
        blanks();
        while (peek() != '}') {
            if (!object.isEmpty()) {
                take(',');
            }
            blanks();
            String name = string();
            blanks();
            take(':');
            object.put(name, value(depth + 1));
            blanks();
        }
        at++;
        return object;
    }

    private List<@Nullable Object> array(int depth) {
        List<@Nullable Object> array = new ArrayList<>();
        at++;
        blanks();
        while (peek() != ']') {
            if (!array.isEmpty()) {
                take(',');
            }
            array.add(value(depth + 1));
            blanks();
        }
        at++;
        return array;
    }

    private String string() {
        take('"');
        StringBuilder string = new StringBuilder();
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return string.toString();
            } else if (c < ' ') {
                throw damaged();
            }
            string.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                try {
                    at += 4;
                    yield (char) Integer.parseInt(text, at - 4, at, 16);
                } catch (IndexOutOfBoundsException | NumberFormatException e) {
                    throw damaged();
                }
            }
            default -> throw damaged();
        };
    }

    private long number() {
        int start = at;
        while (peek() == '-' || (peek() >= '0' && peek() <= '9')) {
            at++;
        }
        try {
            return Long.parseLong(text, start, at, 10);
        } catch (NumberFormatException e) {
            throw damaged();
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw damaged();
        }
        at += word.length();
        return value;
    }

    private void take(char c) {
        if (peek() != c) {
            throw damaged();
        }
        at++;
    }

    private void blanks() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private RuntimeException damaged() {
        return ErrorCode.BACKUP_DAMAGED.error("its manifest is not readable at character " + at);
    }

    /** A text with its quotes. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7F) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
