package io.atlasdb.jdbc;

import com.google.protobuf.CodedOutputStream;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** Messages, each behind its length in four bytes, big endian. */
final class FramedLink implements Link {
    /** An answer that claims to be longer is no answer. */
    private static final int RESPONSE_BYTES_MAX = 512 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    FramedLink(InetSocketAddress host, int connectTimeoutMs, @Nullable Tls tls) throws IOException {
        socket = Sockets.connect(host, connectTimeoutMs, tls);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 32 << 10));
        out = socket.getOutputStream();
    }

    @Override
    public Response call(Request request, int timeoutMs) throws IOException {
        Sockets.timeout(socket, timeoutMs);
        send(request);
        int length = in.readInt();
        if (length < 0 || length > RESPONSE_BYTES_MAX) {
            throw new IOException("the host does not speak the client protocol");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the answer was cut off");
        }
        return Response.parseFrom(bytes);
    }

    @Override
    public void send(Request request) throws IOException {
        int size = request.getSerializedSize();
        byte[] bytes = new byte[4 + size];
        bytes[0] = (byte) (size >>> 24);
        bytes[1] = (byte) (size >>> 16);
        bytes[2] = (byte) (size >>> 8);
        bytes[3] = (byte) size;
        request.writeTo(CodedOutputStream.newInstance(bytes, 4, size));
        out.write(bytes);
    }

    @Override
    public void close() {
        Sockets.close(socket);
    }
}
