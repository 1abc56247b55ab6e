package io.atlasdb.node.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What no answer may hold. */
final class Answers {
    /** A text that only its owner may see. */
    static final String SECRET = "zq7-for-nobody-else";

    private static final List<String> INSIDE = List.of(
            "\tat ",
            "at io.atlasdb.",
            "at java.base/",
            "Exception: ",
            "Error: ",
            "io.netty.",
            "NullPointerException",
            "ClassCastException",
            "IndexOutOfBounds",
            "internal error",
            "XX000",
            SECRET);

    private Answers() {}

    /** Fails when an answer shows the inside of the node or what its reader must not see. */
    static void check(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        for (String inside : INSIDE) {
            int at = text.indexOf(inside);
            if (at >= 0) {
                String around = text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 300));
                throw new AssertionError("an answer holds '" + inside + "': " + around);
            }
        }
    }
}
