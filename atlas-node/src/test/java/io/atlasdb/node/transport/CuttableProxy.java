package io.atlasdb.node.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on loopback whose links can be cut, held and slowed while they are used. What is held is not lost: as on a real
 * link, it waits in the sockets' buffers and goes on later, or dies with the connection.
 */
public final class CuttableProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    /** The direction of bytes. */
    public enum Way {
        /** From who connected to the proxy. */
        FORTH,
        /** To who connected to the proxy. */
        BACK
    }

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();
    private final boolean[] held = new boolean[Way.values().length];
    private long delayMs;
    private boolean cut;
    private boolean closed;

    /** A proxy on a free port in front of an address. */
    public CuttableProxy(String host, int port) {
        target = new InetSocketAddress(host, port);
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    /** The port to connect to in place of the target's. */
    public int port() {
        return server.getLocalPort();
    }

    /** Bytes that went through so far, both ways. */
    public long bytes() {
        return bytes.get();
    }

    /** Resets all connections and every new one, until {@link #mend}. */
    public void cut() {
        synchronized (this) {
            cut = true;
            notifyAll();
        }
        sockets.forEach(CuttableProxy::reset);
    }

    /** Lets no byte go that way, without anybody being told, until {@link #mend}. */
    public synchronized void hold(Way way) {
        held[way.ordinal()] = true;
    }

    /** Holds each piece back for that long. */
    public synchronized void slow(long milliseconds) {
        delayMs = milliseconds;
    }

    /** Makes it a good link again. */
    public synchronized void mend() {
        cut = false;
        held[0] = false;
        held[1] = false;
        delayMs = 0;
        notifyAll();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket there = new Socket();
            sockets.add(client);
            sockets.add(there);
            try {
                if (isCut()) {
                    throw new IOException("the link is cut");
                }
                there.connect(target, (int) TimeUnit.SECONDS.toMillis(5));
                client.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                start("forth", () -> pump(client, there, Way.FORTH));
                start("back", () -> pump(there, client, Way.BACK));
            } catch (IOException e) {
                end(client, there);
            }
        }
    }

    private synchronized boolean isCut() {
        return cut;
    }

    private void pump(Socket from, Socket to, Way way) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                waitFor(way);
                out.write(buffer, 0, n);
                bytes.addAndGet(n);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from, to);
        }
    }

    private synchronized void waitFor(Way way) throws InterruptedException, IOException {
        long dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs);
        for (long left = dueNanos - System.nanoTime();
                (held[way.ordinal()] || left > 0) && !closed && !cut;
                left = dueNanos - System.nanoTime()) {
            if (held[way.ordinal()]) {
                wait();
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
        if (closed || cut) {
            throw new IOException("the link is cut");
        }
    }

    private void end(Socket one, Socket other) {
        reset(one);
        reset(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void reset(Socket socket) {
        try {
            if (socket.isConnected()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            // It is closed already, by the other direction.
        }
    }

    /** What a thread of the proxy does; it ends with its connection. */
    private interface Task {
        void run() throws IOException;
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // The end of a connection, or of the proxy.
                    }
                },
                "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(CuttableProxy::reset);
    }
}
