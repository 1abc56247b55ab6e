package io.atlasdb.node.socket;

import io.atlasdb.sql.store.Limits;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a client into lines and reads them as requests. It is asked for the next request and so never runs
 * ahead of its caller; what it has not read stays in the caller's buffer.
 *
 * <p>A line that is longer than any command that can be obeyed is counted and thrown away, except for its beginning.
 */
final class FrameDecoder {
    static final String TOO_LONG = "command exceeded maximum length";

    /** The longest line that can be obeyed, bytes: a value, its key and its options. */
    static final int LINE_BYTES_KEPT_MAX = Limits.VALUE_BYTES_MAX + (64 << 10);

    /** What is kept of a longer line, bytes: enough for the tag and the verb. */
    private static final int HEAD_BYTES = 4 << 10;

    private final int lineBytesKeptMax;
    private final long lineBytesMax;

    /** Bytes of the buffer, from its reader index, that hold no line end. */
    private int scannedBytes;
    /** Bytes that still have to be skipped. */
    private long skippedBytes;
    /** What to return once they are. */
    private @Nullable Request afterSkip;
    /** The beginning of a line that is too long, and its length so far. */
    private byte @Nullable [] head;

    private long lineBytes;

    FrameDecoder() {
        this(LINE_BYTES_KEPT_MAX, Limits.LINE_BYTES_MAX);
    }

    /** With other bounds, for tests. */
    FrameDecoder(int lineBytesKeptMax, long lineBytesMax) {
        this.lineBytesKeptMax = lineBytesKeptMax;
        this.lineBytesMax = lineBytesMax;
    }

    /** The next request, or null when more bytes are needed. Bytes of what it returned have been read from the buffer. */
    @Nullable
    Request next(ByteBuf in) {
        while (true) {
            if (afterSkip != null) {
                return skip(in);
            }
            int length = in.indexOf(in.readerIndex() + scannedBytes, in.writerIndex(), (byte) '\n');
            if (length < 0) {
                return unfinished(in);
            }
            length -= in.readerIndex();
            scannedBytes = 0;
            if (head != null || length > lineBytesKeptMax) {
                return endOfLongLine(in, length);
            }
            byte[] line = new byte[length];
            in.readBytes(line).skipBytes(1);
            Request request = CommandParser.parse(withoutReturn(line));
            if (request != null && request.command() instanceof Command.Refused refused && refused.skippedBytes() > 0) {
                afterSkip = request;
                skippedBytes = refused.skippedBytes();
            } else if (request != null) {
                return request;
            }
        }
    }

    private @Nullable Request skip(ByteBuf in) {
        int bytes = (int) Math.min(skippedBytes, in.readableBytes());
        in.skipBytes(bytes);
        skippedBytes -= bytes;
        if (skippedBytes > 0) {
            return null;
        }
        Request request = afterSkip;
        afterSkip = null;
        return request;
    }

    /** No line end in sight: keeps the bytes, or counts and drops them when the line is too long already. */
    private @Nullable Request unfinished(ByteBuf in) {
        scannedBytes = in.readableBytes();
        if (lineBytes + scannedBytes > lineBytesMax) {
            return new Request(null, new Command.Refused(Answer.fatal(TOO_LONG), 0));
        }
        if (head != null || scannedBytes > lineBytesKeptMax) {
            drop(in, scannedBytes);
            scannedBytes = 0;
        }
        return null;
    }

    private Request endOfLongLine(ByteBuf in, int length) {
        byte[] beginning = drop(in, length);
        in.skipBytes(1);
        long bytes = lineBytes;
        head = null;
        lineBytes = 0;
        return bytes > lineBytesMax
                ? new Request(null, new Command.Refused(Answer.fatal(TOO_LONG), 0))
                : CommandParser.tooLong(beginning, bytes);
    }

    private byte[] drop(ByteBuf in, int bytes) {
        byte[] beginning = head;
        if (beginning == null) {
            beginning = new byte[Math.min(bytes, HEAD_BYTES)];
            in.getBytes(in.readerIndex(), beginning);
            head = beginning;
        }
        in.skipBytes(bytes);
        lineBytes += bytes;
        return beginning;
    }

    private static byte[] withoutReturn(byte[] line) {
        boolean ends = line.length > 0 && line[line.length - 1] == '\r';
        return ends ? Arrays.copyOf(line, line.length - 1) : line;
    }
}
