package io.atlasdb.node.socket;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A client that sends and expects bytes; it waits for at most ten seconds. Latin-1 stands for bytes. */
final class SocketClient implements AutoCloseable {
    private static final long WAIT_MS = 10_000;
    static final String GREETING = "WELCOME 1.0 Chronalys/1.0\r\n";

    private final SocketChannel channel;
    private final Selector selector;

    SocketClient(Path path) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** A client that has shaken hands. */
    static SocketClient ready(Path path) throws IOException {
        SocketClient client = new SocketClient(path);
        client.send("HELLO 1.0 test\r\n");
        String answer = client.read((GREETING + "READY\r\n").length());
        if (!answer.equals(GREETING + "READY\r\n")) {
            throw new IOException("unexpected greeting: " + answer);
        }
        return client;
    }

    void send(String latin1) throws IOException {
        send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                channel.keyFor(selector).interestOps(SelectionKey.OP_WRITE);
                selector.select(WAIT_MS);
                channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
                if (System.nanoTime() > endNanos) {
                    throw new IOException("the server takes nothing");
                }
            }
        }
    }

    /** As many bytes as the kernel takes now, without waiting. */
    int sendSome(byte[] bytes) throws IOException {
        return channel.write(ByteBuffer.wrap(bytes));
    }

    /** Up to so many bytes; fewer when the server closed or said nothing more. */
    String read(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (buffer.hasRemaining() && System.nanoTime() < endNanos) {
            int read = channel.read(buffer);
            if (read < 0) {
                break;
            }
            if (read == 0) {
                selector.select(WAIT_MS / 10);
            }
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }

    /** A line with its end. */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\n") < 0) {
            String read = read(1);
            if (read.isEmpty()) {
                break;
            }
            line.append(read);
        }
        return line.toString();
    }

    /** All that comes until the server closes; fails when it does not. */
    String readToEnd() throws IOException {
        StringBuilder all = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (System.nanoTime() < endNanos) {
            int read;
            try {
                read = channel.read(buffer.clear());
            } catch (IOException e) {
                // A server that closes with bytes unread resets the connection; that is an end as well.
                return all.toString();
            }
            if (read < 0) {
                return all.toString();
            }
            all.append(new String(buffer.array(), 0, read, StandardCharsets.ISO_8859_1));
            if (read == 0) {
                selector.select(WAIT_MS / 10);
            }
        }
        throw new IOException("the server did not close; it said " + all);
    }

    void endInput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
