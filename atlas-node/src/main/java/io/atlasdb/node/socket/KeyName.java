package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.nio.charset.StandardCharsets;

/**
 * The name of a value: {@code TABLE.ROW}, in upper case.
 *
 * @param table the part before the first dot, never empty
 * @param row the rest; empty when there was none
 */
record KeyName(String table, String row) {
    /**
     * Reads a dotted key as a client wrote it.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER} or {@code LIMIT}
     */
    static KeyName parse(String text) {
        String upper = Text.upper(text);
        if (Text.hasControl(upper)) {
            throw ErrorCode.INVALID_PARAMETER.error("key", upper, "it contains control characters");
        }
        int dot = upper.indexOf('.');
        KeyName name =
                dot < 0 ? new KeyName(upper, "") : new KeyName(upper.substring(0, dot), upper.substring(dot + 1));
        if (name.table.isEmpty()) {
            throw ErrorCode.INVALID_PARAMETER.error("key", upper, "a table must stand before the first dot");
        }
        if (name.table.codePointCount(0, name.table.length()) > Limits.NAME_CHARACTERS_MAX) {
            throw ErrorCode.LIMIT.error(
                    "the table of a key", name.table.length() + " characters", Limits.NAME_CHARACTERS_MAX);
        }
        int bytes = name.row.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > ROW_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("a key", bytes + " bytes", ROW_BYTES_MAX);
        }
        return name;
    }

    /** A row's text, bytes of UTF-8: a key of the store less what the codec adds to escape and to frame it. */
    static final int ROW_BYTES_MAX = Limits.KEY_BYTES_MAX - 64;

    /** {@code TABLE.ROW}, or {@code TABLE} for the row ''. */
    String dotted() {
        return row.isEmpty() ? table : table + "." + row;
    }
}
