package io.atlasdb.node.socket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The frames that a node sends, as a client reads them: bytes up to CRLF, in which line feeds may stand. For one thread. */
public final class FrameReader {
    private static final int CHUNK_BYTES = 64 << 10;

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int at;
    private int end;
    private byte[] frame = new byte[256];

    public FrameReader(InputStream in) {
        this.in = in;
    }

    /** The next frame, without its CRLF. */
    public String next() throws IOException {
        int length = 0;
        while (true) {
            if (at == end) {
                fill();
            }
            byte next = chunk[at++];
            if (next == '\n' && length > 0 && frame[length - 1] == '\r') {
                return new String(frame, 0, length - 1, StandardCharsets.UTF_8);
            }
            if (length == frame.length) {
                frame = Arrays.copyOf(frame, 2 * length);
            }
            frame[length++] = next;
        }
    }

    /** Bytes that stand behind a frame: some, {@code wanted} at the most; how many. */
    public int bytes(byte[] to, int wanted) throws IOException {
        if (at == end) {
            fill();
        }
        int taken = Math.min(wanted, end - at);
        System.arraycopy(chunk, at, to, 0, taken);
        at += taken;
        return taken;
    }

    private void fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(chunk));
        if (end == 0) {
            throw new IOException("the node closed the connection");
        }
    }
}
