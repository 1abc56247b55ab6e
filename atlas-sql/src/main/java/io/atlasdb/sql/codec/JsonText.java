package io.atlasdb.sql.codec;

/** Checks JSON texts by the grammar of RFC 8259. */
final class JsonText {
    private static final int DEPTH_MAX = 1_000;

    private final String text;
    private int position;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    static boolean isValid(String text) {
        JsonText json = new JsonText(text);
        return json.value() && json.position == text.length();
    }

    private boolean value() {
        blanks();
        boolean valid = switch (peek()) {
            case '{' -> container('}', true);
            case '[' -> container(']', false);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
        blanks();
        return valid;
    }

    /** An object or an array; the depth is bounded since each level is a call. */
    private boolean container(char end, boolean named) {
        position++;
        if (++depth > DEPTH_MAX) {
            return false;
        }
        blanks();
        boolean more = peek() != end;
        while (more) {
            if (named && !name()) {
                return false;
            }
            if (!value()) {
                return false;
            }
            more = peek() == ',';
            if (more) {
                position++;
            }
        }
        depth--;
        return take(end);
    }

    private boolean name() {
        blanks();
        if (peek() != '"' || !string()) {
            return false;
        }
        blanks();
        return take(':');
    }

    private boolean string() {
        position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '"') {
                return true;
            }
            if (c < ' ' || (c == '\\' && !escape())) {
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        char c = peek();
        position++;
        if (c != 'u') {
            return c != 0 && "\"\\/bfnrt".indexOf(c) >= 0;
        }
        for (int i = 0; i < 4; i++) {
            if ("0123456789abcdefABCDEF".indexOf(peek()) < 0) {
                return false;
            }
            position++;
        }
        return true;
    }

    private boolean number() {
        if (peek() == '-') {
            position++;
        }
        if (peek() == '0') {
            position++;
        } else if (!digits()) {
            return false;
        }
        if (peek() == '.') {
            position++;
            if (!digits()) {
                return false;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        return position > start;
    }

    private boolean word(String word) {
        boolean found = text.startsWith(word, position);
        position += word.length();
        return found;
    }

    private boolean take(char c) {
        return peek() == c && position++ >= 0;
    }

    private void blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            position++;
        }
    }

    private char peek() {
        return position < text.length() ? text.charAt(position) : 0;
    }
}
