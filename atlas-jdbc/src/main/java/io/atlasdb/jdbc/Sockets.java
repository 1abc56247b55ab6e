package io.atlasdb.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** Sockets as both transports want them. */
final class Sockets {
    private static final int KEEP_IDLE_S = 60;
    private static final int KEEP_INTERVAL_S = 10;
    private static final int KEEP_COUNT = 6;

    private Sockets() {}

    /**
     * Connects to the first address of the host that answers; each of them gets {@code timeoutMs}, 0 = no limit.
     *
     * @param tls null for plain text
     */
    static Socket connect(InetSocketAddress host, int timeoutMs, @Nullable Tls tls) throws IOException {
        Socket socket = connect(host, timeoutMs);
        return tls == null ? socket : tls.secure(socket, host, timeoutMs);
    }

    private static Socket connect(InetSocketAddress host, int timeoutMs) throws IOException {
        IOException failed = new IOException("the host has no address");
        for (InetAddress address : InetAddress.getAllByName(host.getHostString())) {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                keepAlive(socket);
                socket.connect(new InetSocketAddress(address, host.getPort()), timeoutMs);
                return socket;
            } catch (IOException e) {
                close(socket);
                failed = e;
            }
        }
        throw failed;
    }

    /** A host that vanished is found after two minutes, where the platform lets us ask for it. */
    private static void keepAlive(Socket socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_IDLE_S);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_INTERVAL_S);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_COUNT);
        }
    }

    static void timeout(Socket socket, int timeoutMs) throws SocketException {
        if (socket.getSoTimeout() != timeoutMs) {
            socket.setSoTimeout(timeoutMs);
        }
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
            return;
        }
    }
}
