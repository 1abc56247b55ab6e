package io.atlasdb.node.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client of the socket protocol that speaks in frames. */
final class SocketLines implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    private SocketLines(SocketChannel channel) {
        this.channel = channel;
        in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    static SocketLines open(TestNode node) throws IOException {
        return open(node.node());
    }

    static SocketLines open(Node node) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(node.socketPath()));
        SocketLines lines = new SocketLines(channel);
        lines.frame();
        lines.send("HELLO 1.0 test");
        lines.frame();
        return lines;
    }

    void send(String command) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The frames of the answer, the last of them OK or an error. */
    List<String> ask(String command) throws IOException {
        send(command);
        List<String> frames = new ArrayList<>();
        String frame;
        do {
            frame = frame();
            frames.add(frame);
        } while (!frame.equals("OK") && !frame.startsWith("ERROR "));
        return frames;
    }

    /** Bytes up to CRLF. */
    String frame() throws IOException {
        StringBuilder frame = new StringBuilder();
        while (frame.length() < 2
                || frame.charAt(frame.length() - 2) != '\r'
                || frame.charAt(frame.length() - 1) != '\n') {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the node closed the connection after " + frame);
            }
            frame.append((char) next);
        }
        return frame.substring(0, frame.length() - 2);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
