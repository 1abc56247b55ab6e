package io.atlasdb.node.fuzz;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Sends random frames to a socket, connection after connection; a seed tells what a connection sends. */
final class SocketFuzz {
    private static final int BUFFER_BYTES = 64 << 10;
    /** How long a connection may take to answer and end, seconds. */
    private static final int LIMIT_S = 120;

    private final Path socket;
    private final byte[] answers = new byte[BUFFER_BYTES + 512];

    SocketFuzz(Path socket) {
        this.socket = socket;
    }

    /**
     * One connection: sends the frames, ends its input and reads all answers.
     *
     * @return frames that the server took before it ended the connection
     */
    long connection(long seed, int frames) throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            boolean greets = random.nextInt(20) != 0;
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(
                    () -> send(channel, new SocketFrames(random), greets, frames, random.nextInt(4) == 0), task -> {
                        Thread thread = new Thread(task, "fuzz");
                        thread.setDaemon(true);
                        thread.start();
                    });
            CompletableFuture<Void> guard = new CompletableFuture<>();
            guard.orTimeout(LIMIT_S, TimeUnit.SECONDS).exceptionally(timeout -> {
                closeQuietly(channel);
                return null;
            });
            String last = readAll(channel);
            if (guard.isDone()) {
                throw new AssertionError("no end after " + LIMIT_S + " s; last said: " + last);
            }
            guard.complete(null);
            long taken = sent.get(LIMIT_S, TimeUnit.SECONDS);
            boolean cut =
                    taken < frames && !last.contains("ERROR FATAL") && !last.contains("ERROR WARN invalid length");
            if (cut) {
                throw new AssertionError("ended without a FATAL after " + taken + " frames; last said: " + last);
            }
            return taken;
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed then.
        }
    }

    /** Returns how many frames went out before the server closed, {@code frames} when all did. */
    private static long send(SocketChannel channel, SocketFrames source, boolean greets, int frames, boolean pieces) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * BUFFER_BYTES + (1 << 18));
        long sent = 0;
        try {
            if (greets) {
                write(channel, ByteBuffer.wrap("HELLO 1.0 fuzz\r\n".getBytes(StandardCharsets.US_ASCII)));
            }
            int flushBytes = pieces ? 7 : BUFFER_BYTES;
            while (sent < frames) {
                buffer.put(source.next());
                sent++;
                if (buffer.position() >= flushBytes || sent == frames) {
                    write(channel, buffer.flip());
                    buffer.clear();
                }
            }
            channel.shutdownOutput();
            return sent;
        } catch (IOException e) {
            return Math.min(sent, frames - 1);
        }
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Checks what comes, in windows that overlap; the last words are returned. */
    private String readAll(SocketChannel channel) {
        int kept = 0;
        ByteBuffer buffer = ByteBuffer.wrap(answers);
        try {
            while (true) {
                buffer.clear().position(kept).limit(kept + BUFFER_BYTES);
                int read = channel.read(buffer);
                if (read < 0) {
                    break;
                }
                int length = kept + read;
                Answers.check(answers, length);
                int keep = Math.min(length, 256);
                System.arraycopy(answers, length - keep, answers, 0, keep);
                kept = keep;
            }
        } catch (IOException e) {
            // A server that closes with bytes unread resets the connection: an end as well.
        }
        return new String(answers, 0, kept, StandardCharsets.ISO_8859_1);
    }
}
