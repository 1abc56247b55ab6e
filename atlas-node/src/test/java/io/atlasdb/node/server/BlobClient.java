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
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A client of the socket protocol that sends and takes values as bytes. */
final class BlobClient implements AutoCloseable {
    final SocketChannel channel;
    private final InputStream in;

    BlobClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        frame();
        send("HELLO 1.0 test\r\n".getBytes(StandardCharsets.US_ASCII));
        frame();
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** The last frame of the answer to a command. */
    String ask(String command) throws IOException {
        send((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        String frame = frame();
        return frame.equals("OK") || frame.startsWith("ERROR") ? frame : frame + "|" + frame();
    }

    String set(String key, byte[] value) throws IOException {
        send(("KEY BLOB SET " + key + " " + value.length + "\r\n").getBytes(StandardCharsets.UTF_8));
        send(value);
        return frame();
    }

    /** The value, or null when there is none. */
    byte @Nullable [] get(String key) throws IOException {
        send(("KEY BLOB GET " + key + "\r\n").getBytes(StandardCharsets.UTF_8));
        String head = frame();
        if (head.equals("EMPTY")) {
            expectOk();
            return null;
        }
        if (!head.startsWith("BLOB ")) {
            throw new IOException(head);
        }
        byte[] value = in.readNBytes(Integer.parseInt(head.substring(5)));
        expectOk();
        return value;
    }

    private void expectOk() throws IOException {
        String end = frame();
        if (!end.equals("OK")) {
            throw new IOException("expected OK, got " + end);
        }
    }

    byte[] bytes(int length) throws IOException {
        return in.readNBytes(length);
    }

    String frame() throws IOException {
        StringBuilder frame = new StringBuilder();
        while (frame.length() < 2 || frame.charAt(frame.length() - 2) != '\r') {
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
