package io.atlasdb.node.socket;

import io.atlasdb.proto.AtlasException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command gives: data frames, then an end.
 *
 * @param frames without tag and line end
 * @param end {@code OK} or an error, the last line
 * @param closes whether the connection ends with it
 * @param heldBytes what it holds of the node's budget, until it is written or dropped
 * @param blob a value that is sent piece by piece before the end, or null; to be closed
 */
record Answer(List<byte[]> frames, String end, boolean closes, long heldBytes, KeySpace.@Nullable Outgoing blob) {
    private static final byte[] LINE_END = {'\r', '\n'};

    static final Answer OK = new Answer(List.of(), "OK", false, 0);

    Answer(List<byte[]> frames, String end, boolean closes, long heldBytes) {
        this(frames, end, closes, heldBytes, null);
    }

    /** A value that is sent piece by piece, and {@code OK}. */
    static Answer ok(KeySpace.Outgoing blob, long heldBytes) {
        return new Answer(List.of(), "OK", false, heldBytes, blob);
    }

    /** Frames of text and {@code OK}. */
    static Answer ok(List<String> frames) {
        return new Answer(
                frames.stream().map(f -> f.getBytes(StandardCharsets.UTF_8)).toList(), "OK", false, 0);
    }

    /** One frame and {@code OK}. */
    static Answer ok(String frame) {
        return ok(List.of(frame));
    }

    /** One frame of bytes that are paid from the budget, and {@code OK}. */
    static Answer ok(byte[] frame, long heldBytes) {
        return new Answer(List.of(frame), "OK", false, heldBytes);
    }

    /** An error after which the connection goes on. */
    static Answer warn(String message) {
        return new Answer(List.of(), "ERROR WARN " + Text.printable(message).strip(), false, 0);
    }

    /** An error after which the connection is closed. */
    static Answer fatal(String message) {
        return new Answer(List.of(), "ERROR FATAL " + Text.printable(message).strip(), true, 0);
    }

    /** The same answer, and the connection is closed after it. */
    Answer thenClose() {
        return new Answer(frames, end, true, heldBytes, blob);
    }

    /** The WARN for an error of a layer below, in the predecessor's words where it has some. */
    static Answer of(AtlasException error) {
        String message = String.valueOf(error.getMessage());
        return warn(
                switch (error.code()) {
                    case LOGIN -> "unauthenticated: " + message;
                    case NO_SUCH_TABLE, NO_SUCH_SCHEMA -> "not found: " + message;
                    case TIMED_OUT, OUTCOME_UNKNOWN, LOCKED -> "timeout: " + message;
                    case NO_QUORUM,
                            BUSY,
                            DISK_FULL,
                            SHUTTING_DOWN,
                            OWNER_MOVED,
                            STALENESS,
                            TOO_MANY_CONNECTIONS,
                            CONNECTION_LOST,
                            CANNOT_CONNECT -> "service unavailable: " + message;
                    default -> message;
                });
    }

    /** What stands before the bytes of a value; none stand after them. */
    ByteBuf encodeHead(@Nullable String tag, long bytes) {
        String head = (tag == null ? "" : "[ID:" + tag + "] ") + "BLOB " + bytes + "\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes on the wire, those of the {@code blob} aside; every frame carries the tag, if there is one. Large frames are not copied. */
    ByteBuf encode(@Nullable String tag) {
        byte[] prefix = tag == null ? new byte[0] : ("[ID:" + tag + "] ").getBytes(StandardCharsets.UTF_8);
        List<byte[]> parts = new ArrayList<>(3 * frames.size() + 3);
        for (byte[] frame : frames) {
            parts.add(prefix);
            parts.add(frame);
            parts.add(LINE_END);
        }
        parts.add(prefix);
        parts.add(end.getBytes(StandardCharsets.UTF_8));
        parts.add(LINE_END);
        return join(parts);
    }

    private static ByteBuf join(List<byte[]> parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        if (length > COPIED_BYTES_MAX) {
            return Unpooled.wrappedBuffer(parts.size(), parts.toArray(byte[][]::new));
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return Unpooled.wrappedBuffer(joined);
    }

    /** Up to here one copy is cheaper than a buffer of several parts. */
    private static final int COPIED_BYTES_MAX = 16 << 10;
}
