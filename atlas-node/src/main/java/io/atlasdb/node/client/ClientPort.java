package io.atlasdb.node.client;

import io.atlasdb.node.metrics.Counter;
import io.atlasdb.node.metrics.Histogram;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.sql.remote.AvaticaDispatcher;
import io.atlasdb.sql.remote.AvaticaService;
import io.atlasdb.sql.remote.ConnectionSlots;
import io.atlasdb.sql.remote.Conversations;
import io.atlasdb.sql.remote.FaultLog;
import io.atlasdb.sql.remote.Logins;
import io.atlasdb.sql.remote.SessionFactory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client port of a node. It accepts connections from {@link #open} until {@link #close}. */
public final class ClientPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPort.class);
    /** Connections beyond those of sessions: cancels, health, clients about to be told that there is no room. */
    private static final int SPARE_CONNECTIONS = 256;

    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(64 << 10, 1 << 20);

    private final Parts parts;
    private final AvaticaService avatica;
    private final EventLoopGroup acceptors;
    private final EventLoopGroup loops;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Channel listening;

    /** What the handlers of all connections share. */
    record Parts(
            ClientPortOptions options,
            @Nullable SslContext tls,
            Logins logins,
            Conversations conversations,
            AvaticaMessages avatica,
            Workers workers,
            RequestBudget budget,
            Health health,
            Metrics metrics,
            Histogram requests,
            Counter refused,
            Counter garbage) {}

    /**
     * Binds the port and serves.
     *
     * @param logins who may come in
     * @param certificate for TLS, which is the only thing that is spoken then; null for plain text
     * @param version the node's, for {@code getDatabaseProductVersion}
     * @throws IOException when the address cannot be bound
     */
    public static ClientPort open(
            ClientPortOptions options,
            SessionFactory sessions,
            Logins logins,
            @Nullable X509ExtendedKeyManager certificate,
            String version,
            Health health,
            Metrics metrics)
            throws IOException {
        ConnectionSlots slots = new ConnectionSlots(options.connectionsMax());
        FaultLog faults = (id, fault) -> LOG.error("internal error {}", id, fault);
        Conversations conversations = new Conversations(sessions, logins, slots, version, faults, System::nanoTime);
        AvaticaService avatica = new AvaticaService(sessions, logins, slots, version, System::nanoTime);
        metrics.gauge("atlas_client_open_sessions", "Sessions that are open.", slots::open);
        RequestBudget budget = new RequestBudget(options.requestsBytesMax());
        metrics.gauge("atlas_client_request_bytes", "Bytes that requests hold.", budget::usedBytes);
        Parts parts = new Parts(
                options,
                certificate == null ? null : tls(certificate),
                logins,
                conversations,
                new AvaticaMessages(new AvaticaDispatcher(avatica, faults)),
                new Workers(options.workers(), options.connectionsMax(), metrics),
                budget,
                health,
                metrics,
                metrics.histogram("atlas_client_request_seconds", "How long requests took, without waiting."),
                metrics.counter("atlas_client_refused_total", "Requests refused as too large or too many."),
                metrics.counter("atlas_client_garbage_total", "Connections that spoke no known protocol."));
        return new ClientPort(parts, avatica);
    }

    private static SslContext tls(X509ExtendedKeyManager certificate) throws IOException {
        return SslContextBuilder.forServer(certificate)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    private ClientPort(Parts parts, AvaticaService avatica) throws IOException {
        this.parts = parts;
        this.avatica = avatica;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        acceptors = new MultiThreadIoEventLoopGroup(1, io);
        loops = new MultiThreadIoEventLoopGroup(threads, io);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptors, loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                });
        if (epoll) {
            // A vanished peer is found after 2 minutes instead of 2 hours.
            bootstrap.childOption(EpollChannelOption.TCP_KEEPIDLE, 60);
            bootstrap.childOption(EpollChannelOption.TCP_KEEPINTVL, 10);
            bootstrap.childOption(EpollChannelOption.TCP_KEEPCNT, 6);
        }
        try {
            listening = bootstrap
                    .bind(parts.options().host(), parts.options().port())
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) {
            stop();
            throw new IOException(
                    "cannot listen on " + parts.options().host() + ":"
                            + parts.options().port() + ": " + e.getMessage(),
                    e);
        }
        long reapMs = Math.max(10, Math.min(60_000, parts.options().idleHttpMs() / 4));
        loops.scheduleWithFixedDelay(() -> parts.workers().closing(this::reap), reapMs, reapMs, TimeUnit.MILLISECONDS);
    }

    private void accept(SocketChannel channel) {
        if (channels.size() >= parts.options().connectionsMax() + SPARE_CONNECTIONS) {
            parts.refused().increment();
            channel.close();
            return;
        }
        channels.add(channel);
        Watch watch = new Watch(parts.options());
        channel.pipeline().addLast(watch, new Detector(parts, watch, parts.tls()));
    }

    private void reap() {
        long idleMs = parts.options().idleHttpMs();
        int count = parts.conversations().reap(idleMs) + avatica.reap(idleMs);
        if (count > 0) {
            LOG.info("closed {} sessions over HTTP that were silent for {} ms", count, idleMs);
        }
    }

    /** The port that is bound. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Connections that are open now. */
    public int connections() {
        return channels.size();
    }

    /** Stops accepting, ends all sessions (what is not committed is rolled back) and closes all connections. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            listening.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
            channels.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
            stop();
        }
    }

    private void stop() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        acceptors.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        parts.workers().close(() -> {
            parts.conversations().close();
            avatica.close();
        });
    }
}
