package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identities;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The socket of a node: accepts clients until it is closed. */
public final class SocketServer implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;
    private static final int WORKERS = 8;
    /** Threads that read and write pieces of values, so that they do not keep commands waiting. */
    private static final int TRANSFERS = 4;
    /** Commands of all connections that wait for a worker; further ones are refused as BUSY. */
    private static final int WAITING_MAX = 32_768;
    /** How long connections may take to answer what is in flight when the server closes, milliseconds. */
    private static final long DRAIN_MS = 5_000;

    private final Path path;
    private final EventLoopGroup loops;
    private final ThreadPoolExecutor workers;
    private final ThreadPoolExecutor transfers;
    private final SocketOptions options;
    private final ByteBudget budget = ByteBudget.ofHeap();
    private final CommandRunner runner;
    private final Map<Channel, SocketConnection> connections = new ConcurrentHashMap<>();
    private final Channel listener;
    /** Tells our socket file from one that another process put in its place; null where files have no keys. */
    private final @Nullable Object fileKey;

    private SocketServer(
            Path path,
            Set<PosixFilePermission> mode,
            KeySpace keys,
            ClusterInfo cluster,
            Identities identities,
            CommandListener listening,
            SocketOptions options,
            boolean epoll)
            throws IOException {
        this.path = path;
        this.options = options;
        workers = new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                new DefaultThreadFactory("socket-worker", true));
        workers.allowCoreThreadTimeOut(true);
        transfers = new ThreadPoolExecutor(
                TRANSFERS,
                TRANSFERS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                new DefaultThreadFactory("socket-transfer", true));
        transfers.allowCoreThreadTimeOut(true);
        runner = new CommandRunner(keys, cluster, identities, budget, workers, transfers, new Teller(listening));
        loops = new MultiThreadIoEventLoopGroup(
                EVENT_LOOPS,
                new DefaultThreadFactory("socket", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        try {
            SocketPath.prepare(path);
            listener = bind(epoll);
            Files.setPosixFilePermissions(path, mode);
            fileKey = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException | RuntimeException e) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            workers.shutdownNow();
            transfers.shutdownNow();
            throw e;
        }
        // Only now, when nobody but the owner can have come in.
        listener.config().setAutoRead(true);
        listener.read();
    }

    /**
     * Listens on a path.
     *
     * @param mode the permissions of the socket file
     * @param listener told of what clients do
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER} when the path is too long or taken
     * @throws IOException when the file cannot be made
     */
    public static SocketServer start(
            Path path,
            Set<PosixFilePermission> mode,
            KeySpace keys,
            ClusterInfo cluster,
            Identities identities,
            CommandListener listener,
            SocketOptions options)
            throws IOException {
        return new SocketServer(path, mode, keys, cluster, identities, listener, options, Epoll.isAvailable());
    }

    /** The same without a listener. */
    static SocketServer start(
            Path path,
            Set<PosixFilePermission> mode,
            KeySpace keys,
            ClusterInfo cluster,
            Identities identities,
            SocketOptions options)
            throws IOException {
        return start(path, mode, keys, cluster, identities, options, Epoll.isAvailable());
    }

    /** With or without the native transport. */
    static SocketServer start(
            Path path,
            Set<PosixFilePermission> mode,
            KeySpace keys,
            ClusterInfo cluster,
            Identities identities,
            SocketOptions options,
            boolean epoll)
            throws IOException {
        return new SocketServer(path, mode, keys, cluster, identities, CommandListener.NONE, options, epoll);
    }

    public Path path() {
        return path;
    }

    /** Connections that are open now. */
    public int connectionCount() {
        return connections.size();
    }

    /** What the node holds for its clients of the socket, bytes; small commands are not counted. */
    public long heldBytes() {
        return budget.takenBytes();
    }

    private Channel bind(boolean epoll) throws IOException {
        Class<? extends ServerChannel> type =
                epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
        SocketAddress address = epoll ? new DomainSocketAddress(path.toString()) : UnixDomainSocketAddress.of(path);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Opener());
                    }
                });
        if (epoll) {
            // Unknown to the other transport: there a client that ends its input ends the connection.
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + path + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    /** Turns a new channel into a connection, or away. */
    private final class Opener extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (connections.size() >= options.connectionsMax()) {
                Answer refusal = Answer.fatal(
                        "service unavailable: " + ErrorCode.TOO_MANY_CONNECTIONS.message(options.connectionsMax()));
                context.writeAndFlush(refusal.encode(null)).addListener(ChannelFutureListener.CLOSE);
                return;
            }
            Channel channel = context.channel();
            connections.put(channel, SocketConnection.open(context, runner, budget, options));
            channel.closeFuture().addListener(closed -> connections.remove(channel));
        }
    }

    /** Takes no more clients, answers what is in flight for a few seconds, ends all connections, removes the file. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        connections.values().forEach(SocketConnection::shutDown);
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MS);
        for (Channel channel : connections.keySet()) {
            long leftNanos = Math.max(1, endNanos - System.nanoTime());
            if (!channel.closeFuture().awaitUninterruptibly(leftNanos, TimeUnit.NANOSECONDS)) {
                channel.close().awaitUninterruptibly(DRAIN_MS);
            }
        }
        workers.shutdownNow();
        transfers.shutdown();
        loops.shutdownGracefully(0, DRAIN_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(DRAIN_MS);
        try {
            if (fileKey != null
                    && fileKey.equals(Files.readAttributes(path, BasicFileAttributes.class)
                            .fileKey())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // It is gone already, or the next start replaces it since nobody answers.
        }
    }
}
