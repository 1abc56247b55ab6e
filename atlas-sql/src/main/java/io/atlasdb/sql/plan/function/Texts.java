package io.atlasdb.sql.plan.function;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.UUID;

/** Conversions between texts and other values, and lengths. A length counts UTF-16 code units. */
public final class Texts {
    private Texts() {}

    public static boolean parseBoolean(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default -> throw ErrorCode.INVALID_TEXT.error(text, "BOOLEAN");
        };
    }

    public static String formatBoolean(boolean value) {
        return value ? "TRUE" : "FALSE";
    }

    public static String formatBigint(long value) {
        return Long.toString(value);
    }

    public static String formatDecimal(BigDecimal value) {
        return value.toPlainString();
    }

    public static String formatDouble(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Double.toString(value);
    }

    public static String formatReal(float value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return Long.toString((long) value);
        }
        return Float.toString(value);
    }

    public static UUID parseUuid(String text) {
        String trimmed = text.strip();
        try {
            if (trimmed.length() == 36) {
                return UUID.fromString(trimmed);
            }
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.INVALID_TEXT.error(text, "UUID");
        }
        throw ErrorCode.INVALID_TEXT.error(text, "UUID");
    }

    public static String formatUuid(UUID value) {
        return value.toString();
    }

    /** What two texts make together; a value has an end, and one that has none would take all memory of the node. */
    public static String concat(String left, String right) {
        requireLength((long) left.length() + right.length());
        return left.concat(right);
    }

    /** The text so many times. */
    public static String repeat(String text, int times) {
        requireLength((long) text.length() * Math.max(0, times));
        return text.repeat(Math.max(0, times));
    }

    /** REPLACE with all occurrences replaced; an empty {@code search} changes nothing. */
    public static String replace(String text, String search, String replacement) {
        if (search.isEmpty()) {
            return text;
        }
        if (replacement.length() > search.length()) {
            long most = (long) (text.length() / search.length()) * (replacement.length() - search.length());
            requireLength(text.length() + Math.min(most, growth(text, search, replacement)));
        }
        return text.replace(search, replacement);
    }

    private static long growth(String text, String search, String replacement) {
        long count = 0;
        for (int at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + search.length())) {
            count++;
        }
        return count * (replacement.length() - search.length());
    }

    /** A length that LPAD and RPAD may fill up to. */
    public static int paddedLength(int length) {
        requireLength(length);
        return length;
    }

    private static void requireLength(long characters) {
        if (characters > Limits.VALUE_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("a text", characters + " characters", Limits.VALUE_BYTES_MAX + " characters");
        }
    }

    /** An explicit CAST cuts what is too long, as the standard says. */
    public static String cut(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text;
    }

    /** An explicit CAST to CHAR cuts or pads. */
    public static String cutAndPad(String text, int length) {
        return text.length() > length ? text.substring(0, length) : pad(text, length);
    }

    /** Pads with blanks; what is longer stays, so that a comparison with it tells the difference. */
    public static String pad(String text, int length) {
        return text.length() >= length ? text : text + " ".repeat(length - text.length());
    }

    /** The padding of a CHAR has no meaning. */
    public static String unpad(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** For an assignment: only blanks may be cut. */
    public static String assign(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        if (!text.substring(length).isBlank()) {
            throw ErrorCode.STRING_TOO_LONG.error("VARCHAR(" + length + ")", text.length(), length);
        }
        return text.substring(0, length);
    }

    public static String assignAndPad(String text, int length) {
        if (text.length() > length && !text.substring(length).isBlank()) {
            throw ErrorCode.STRING_TOO_LONG.error("CHAR(" + length + ")", text.length(), length);
        }
        return cutAndPad(text, length);
    }
}
