package io.atlasdb.node.fuzz;

import io.atlasdb.proto.client.Response;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGeneratorFactory;

/** Posts random bodies to a client port over connections that are kept; a seed tells what is sent. */
final class HttpFuzz {
    /** How long one answer may take, milliseconds. */
    private static final int LIMIT_MS = 60_000;

    private static final int HEADER_BYTES_MAX = 64 << 10;

    private final int port;
    private final Map<Integer, Long> statuses = new TreeMap<>();

    HttpFuzz(int port) {
        this.port = port;
    }

    /** How often which status was answered. */
    Map<Integer, Long> statuses() {
        return statuses;
    }

    /** Posts so many bodies, one after the other. */
    void run(long seed, int bodies) throws IOException {
        HttpBodies source =
                new HttpBodies(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
        int left = bodies;
        while (left > 0) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MS);
                socket.setSoTimeout(LIMIT_MS);
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                boolean kept = true;
                while (kept && left > 0) {
                    HttpBodies.Post post = source.next();
                    send(socket.getOutputStream(), post);
                    left--;
                    kept = answer(in, post, source);
                }
            }
        }
    }

    private static void send(OutputStream out, HttpBodies.Post post) throws IOException {
        byte[] head = ("POST " + post.path() + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + post.body().length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = java.util.Arrays.copyOf(head, head.length + post.body().length);
        System.arraycopy(post.body(), 0, all, head.length, post.body().length);
        out.write(all);
    }

    /** Reads one answer and checks it; whether the connection is kept. */
    private boolean answer(InputStream in, HttpBodies.Post post, HttpBodies source) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > HEADER_BYTES_MAX) {
                throw new AssertionError("a body without an answer; its head: " + head);
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int status = Integer.parseInt(lower.substring("http/1.1 ".length(), "http/1.1 200".length()));
        int at = lower.indexOf("content-length: ") + "content-length: ".length();
        byte[] body = in.readNBytes(Integer.parseInt(lower.substring(at, lower.indexOf('\r', at))));
        Answers.check(body, body.length);
        statuses.merge(status, 1L, Long::sum);
        if (status == 200 && post.path().equals("/atlas")) {
            Response response = Response.parseFrom(body);
            if (response.hasOpened()) {
                source.opened(
                        response.getOpened().getSession(), response.getOpened().getSecret());
            }
        }
        return !lower.contains("connection: close");
    }
}
