package io.atlasdb.node.cli;

import io.atlasdb.node.socket.FrameReader;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A client's end of the socket protocol: one command at a time, its whole answer. */
final class SocketSession implements AutoCloseable {
    /** What a command gave: frames without line ends, the last of them {@code OK} or an error. */
    record Reply(List<String> frames) {
        String end() {
            return untagged(frames.get(frames.size() - 1));
        }

        boolean ok() {
            return end().equals("OK");
        }

        boolean fatal() {
            return end().startsWith("ERROR FATAL");
        }
    }

    /** What stands before the bytes of a value. */
    private static final Pattern BLOB = Pattern.compile("BLOB \\d+");

    private final Path path;
    private final SocketChannel channel;
    private final FrameReader reader;

    private SocketSession(Path path, SocketChannel channel) {
        this.path = path;
        this.channel = channel;
        reader = new FrameReader(Channels.newInputStream(channel));
    }

    /**
     * Connects and shakes hands.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CANNOT_CONNECT}
     */
    static SocketSession open(Path path) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                SocketSession session = new SocketSession(path, channel);
                session.greet();
                return session;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw ErrorCode.CANNOT_CONNECT.error(
                    e, path, e.getMessage() + "; is the node running, and is this its socket?");
        }
    }

    private void greet() throws IOException {
        String welcome = reader.next();
        if (!welcome.startsWith("WELCOME 1.")) {
            throw new IOException("no Atlas node listens there, it says: " + welcome);
        }
        send("HELLO 1.0 atlas-cli");
        String ready = reader.next();
        if (!ready.equals("READY")) {
            throw new IOException(ready);
        }
    }

    /**
     * Sends a line and waits for its answer.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CONNECTION_LOST}
     */
    Reply ask(String line) {
        return ask(line, InputStream.nullInputStream(), head -> OutputStream.nullOutputStream());
    }

    /**
     * The same for a line that has bytes behind it, or is answered by some.
     *
     * @param sent what stands behind the line
     * @param taken gives what the bytes of a value are written to, for the frame before them, which is none of the reply's
     */
    Reply ask(String line, InputStream sent, Function<String, OutputStream> taken) {
        try {
            send(line);
            sent.transferTo(Channels.newOutputStream(channel));
            List<String> frames = new ArrayList<>();
            while (true) {
                String frame = reader.next();
                String text = untagged(frame);
                if (BLOB.matcher(text).matches()) {
                    copy(Long.parseLong(text.substring(text.indexOf(' ') + 1)), taken.apply(frame));
                    continue;
                }
                frames.add(frame);
                if (text.equals("OK") || text.startsWith("ERROR ")) {
                    return new Reply(frames);
                }
            }
        } catch (IOException e) {
            throw ErrorCode.CONNECTION_LOST.error(e, path, String.valueOf(e.getMessage()));
        }
    }

    private void copy(long bytes, OutputStream to) throws IOException {
        byte[] piece = new byte[64 << 10];
        for (long left = bytes; left > 0; ) {
            int read = reader.bytes(piece, (int) Math.min(piece.length, left));
            to.write(piece, 0, read);
            left -= read;
        }
    }

    /** A frame without {@code [ID:x] }. */
    private static String untagged(String frame) {
        int end = frame.startsWith("[ID:") ? frame.indexOf("] ") : -1;
        return end < 0 ? frame : frame.substring(end + 2);
    }

    private void send(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            Faults.log(e);
        }
    }
}
