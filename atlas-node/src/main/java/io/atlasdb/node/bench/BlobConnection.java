package io.atlasdb.node.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;

/** A connection to a node's socket that writes and reads values piece by piece. One thread. */
final class BlobConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;
    private final byte[] piece = new byte[256 << 10];

    BlobConnection(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        in = new BufferedInputStream(Channels.newInputStream(channel), 64 << 10);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            frame();
            send("HELLO 1.0 bench\r\n".getBytes(StandardCharsets.US_ASCII), 17);
            frame();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void set(String key, BlobSet values, int number) throws IOException {
        byte[] line = ("KEY BLOB SET " + key + " " + values.size(number) + "\r\n").getBytes(StandardCharsets.UTF_8);
        send(line, line.length);
        values.forEach(number, this::send);
        expect("OK");
    }

    /** Whether the value is there and has that hash. */
    boolean get(String key, byte[] sha256) throws IOException {
        byte[] line = ("KEY BLOB GET " + key + "\r\n").getBytes(StandardCharsets.UTF_8);
        send(line, line.length);
        String head = frame();
        if (head.equals("EMPTY")) {
            expect("OK");
            return false;
        }
        if (!head.startsWith("BLOB ")) {
            throw new IOException(head);
        }
        MessageDigest digest = BlobSet.digest();
        for (long left = Long.parseLong(head.substring(5)); left > 0; ) {
            int read = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0) {
                throw new EOFException("the node ended in the middle of a value");
            }
            digest.update(piece, 0, read);
            left -= read;
        }
        expect("OK");
        return Arrays.equals(digest.digest(), sha256);
    }

    private void expect(String end) throws IOException {
        String frame = frame();
        if (!frame.equals(end)) {
            throw new IOException(frame);
        }
    }

    private void send(byte[] bytes, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    private String frame() throws IOException {
        StringBuilder frame = new StringBuilder();
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new EOFException("the node closed the connection");
            }
            frame.append((char) next);
        }
        return frame.substring(0, Math.max(0, frame.length() - 1));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
