package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Error;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Messages as bodies of {@code POST /atlas} over one kept connection. A request is written once: HTTP libraries like to send
 * one again when a kept connection turns out to be closed, which can apply an INSERT or a COMMIT twice. Only a connection that
 * is seen to be closed before anything was written is replaced.
 */
final class HttpLink implements Link {
    private static final int LINE_BYTES_MAX = 16 << 10;
    private static final int RESPONSE_BYTES_MAX = 512 << 20;
    /** A connection that rested longer is looked at before it is used. */
    private static final long FRESH_NANOS = 1_000_000_000L;

    private final InetSocketAddress host;
    private final int connectTimeoutMs;
    private final @Nullable Tls tls;
    private final String head;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private long usedNanos;
    private volatile boolean closed;

    HttpLink(InetSocketAddress host, int connectTimeoutMs, @Nullable Tls tls) throws IOException {
        this.host = host;
        this.connectTimeoutMs = connectTimeoutMs;
        this.tls = tls;
        String name = host.getHostString().contains(":") ? "[" + host.getHostString() + "]" : host.getHostString();
        head = "POST /atlas HTTP/1.1\r\nHost: " + name + ":" + host.getPort()
                + "\r\nContent-Type: application/x-protobuf\r\nContent-Length: ";
        socket = Sockets.connect(host, connectTimeoutMs, tls);
        in = new BufferedInputStream(socket.getInputStream(), 32 << 10);
        out = socket.getOutputStream();
    }

    @Override
    public Response call(Request request, int timeoutMs) throws IOException {
        refresh();
        Sockets.timeout(socket, timeoutMs);
        ByteArrayOutputStream message = new ByteArrayOutputStream(256 + request.getSerializedSize());
        message.write((head + request.getSerializedSize() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        request.writeTo(message);
        message.writeTo(out);
        Response response = answer();
        usedNanos = System.nanoTime();
        return response;
    }

    private void refresh() throws IOException {
        if (closed) {
            throw new IOException("the connection is closed");
        }
        if (System.nanoTime() - usedNanos > FRESH_NANOS && isStale()) {
            Sockets.close(socket);
            socket = Sockets.connect(host, connectTimeoutMs, tls);
            in = new BufferedInputStream(socket.getInputStream(), 32 << 10);
            out = socket.getOutputStream();
        }
    }

    private boolean isStale() {
        try {
            socket.setSoTimeout(1);
            in.mark(1);
            // Bytes that nobody asked for are as bad as an end.
            return in.read() >= -1;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private Response answer() throws IOException {
        String status = line();
        int length = -1;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = length(lower.substring("content-length:".length()), 10);
            } else if (lower.startsWith("transfer-encoding:") && lower.endsWith("chunked")) {
                chunked = true;
            }
        }
        byte[] body = chunked ? chunks() : exactly(length);
        if (status.startsWith("HTTP/1.1 413")) {
            // The session is untouched: the server skipped the body and did nothing.
            return error(ErrorCode.LIMIT, "the request", "more than the server takes", "64 MiB");
        }
        if (status.startsWith("HTTP/1.1 503")) {
            return error(ErrorCode.BUSY, "the node has no room for the request");
        }
        if (!status.startsWith("HTTP/1.1 200")) {
            String why = new String(body, 0, Math.min(body.length, 200), StandardCharsets.US_ASCII).strip();
            throw new IOException("the host answered " + status + (why.isEmpty() ? "" : ": " + why));
        }
        return Response.parseFrom(body);
    }

    private static Response error(ErrorCode code, Object... arguments) {
        Error.Builder error = Error.newBuilder()
                .setCode(code.number())
                .setSqlState(code.sqlState())
                .setMessage(code.message(arguments));
        return Response.newBuilder().setError(error).build();
    }

    private static int length(String text, int radix) throws IOException {
        try {
            int length = Integer.parseInt(text.trim(), radix);
            if (length >= 0 && length <= RESPONSE_BYTES_MAX) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new IOException("the answer has no valid length", e);
        }
        throw new IOException("the answer has no valid length");
    }

    /** A proxy on the way may send the answer in chunks. */
    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line();
            int semicolon = size.indexOf(';');
            int length = length(semicolon < 0 ? size : size.substring(0, semicolon), 16);
            if (length == 0) {
                String trailer = line();
                while (!trailer.isEmpty()) {
                    // It says nothing that we need.
                    trailer = line();
                }
                return body.toByteArray();
            }
            if (body.size() + (long) length > RESPONSE_BYTES_MAX) {
                throw new IOException("the answer is too long");
            }
            body.write(exactly(length));
            line();
        }
    }

    private byte[] exactly(int length) throws IOException {
        if (length < 0) {
            throw new IOException("the answer has no length");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer was cut off");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LINE_BYTES_MAX) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the host closed the connection");
            }
            if (c == '\n') {
                return line.toString().trim();
            }
            line.append((char) c);
        }
        throw new IOException("the answer is not HTTP");
    }

    @Override
    public void send(Request request) throws IOException {
        @Nullable Response ignored = call(request, 30_000);
        assert ignored != null;
    }

    @Override
    public void close() {
        closed = true;
        Sockets.close(socket);
    }
}
