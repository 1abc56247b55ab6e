package io.atlasdb.node.bench;

import io.atlasdb.node.socket.FrameReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A connection to a node's Unix socket whose commands bear tags, so that several threads share it. */
final class SocketClient implements KvPeer.Connection {
    private static final long TIMEOUT_SECONDS = 60;

    private final SocketChannel channel;
    private final FrameReader frames;
    private final Map<String, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong tags = new AtomicLong();
    private volatile @Nullable IOException failure;

    private SocketClient(SocketChannel channel) {
        this.channel = channel;
        frames = new FrameReader(Channels.newInputStream(channel));
    }

    /** Connects and shakes hands. */
    static SocketClient open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            SocketClient client = new SocketClient(channel);
            client.frames.next();
            client.send("HELLO 1.0 bench\r\n");
            String ready = client.frames.next();
            if (!ready.equals("READY")) {
                throw new IOException(socket + " answers " + ready);
            }
            Thread reader = new Thread(client::read, "bench-reader");
            reader.setDaemon(true);
            reader.start();
            return client;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void put(String key, String value) throws IOException {
        ask("KEY PUT " + key + " " + value);
    }

    @Override
    public void get(String key, boolean local) throws IOException {
        ask("KEY GET " + key);
    }

    /** Sends a command and waits for the end of its answer, which must be {@code OK}. */
    private void ask(String command) throws IOException {
        String tag = "[ID:" + tags.incrementAndGet() + "]";
        CompletableFuture<String> answer = new CompletableFuture<>();
        waiting.put(tag, answer);
        IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
        send(tag + " " + command + "\r\n");
        try {
            String end = answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!end.equals("OK")) {
                throw new IOException(end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no answer to " + command.substring(0, Math.min(40, command.length())), e);
        } finally {
            waiting.remove(tag);
        }
    }

    private void read() {
        try {
            while (true) {
                String frame = frames.next();
                int end = frame.indexOf(']');
                String text = frame.substring(Math.min(frame.length(), end + 2));
                if (text.equals("OK") || text.equals("NOT_FOUND") || text.startsWith("ERROR ")) {
                    CompletableFuture<String> answer = waiting.get(frame.substring(0, end + 1));
                    if (answer != null) {
                        answer.complete(text);
                    }
                }
            }
        } catch (IOException e) {
            failure = e;
            waiting.values().forEach(answer -> answer.completeExceptionally(e));
        }
    }

    private void send(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        synchronized (channel) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            failure = e;
        }
    }
}
