package io.atlasdb.node.transport;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes the connections of a transport, and its server. */
final class Channels {
    /** No frame and no part of a call is larger; a margin for what is around the payload. */
    private static final int INBOUND_BYTES_MAX = 1 << 20;
    /** What may be on the way before the receiver has taken it; enough for 100 Mbit/s over 80 ms, grows if more pays. */
    private static final int WINDOW_BYTES = 1 << 20;

    private static final int KEEP_ALIVE_S = 10;
    private static final int KEEP_ALIVE_MIN_S = 5;
    private static final int IDLE_S = 30;
    private static final int CALLS_PER_CONNECTION_MAX = 2 * Calls.PER_PEER_MAX;
    private static final boolean EPOLL = Epoll.isAvailable();

    /** Warns of each connection that ends, with a stack trace; the dialing side says it in one line. Held, or it is forgotten. */
    private static final Logger GRPC_LOGGER = Logger.getLogger("io.grpc");

    static {
        GRPC_LOGGER.setLevel(Level.SEVERE);
    }

    private final Shared shared;

    Channels(Shared shared) {
        this.shared = shared;
    }

    static EventLoopGroup loops(int threads, int node) {
        IoHandlerFactory io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("atlas-peer-" + node, true), io);
    }

    private static Class<? extends Channel> channelType() {
        return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    private static Class<? extends ServerChannel> serverChannelType() {
        return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** A channel to one address; everything about it happens on that event loop. Connects when it is first used. */
    ManagedChannel dial(String host, int port, EventLoop loop) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(host, port);
        if (shared.tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(shared.tls.client());
        }
        return builder.eventLoopGroup(loop)
                .channelType(channelType())
                .executor(loop)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        shared.options.timings().connectMs())
                .initialFlowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(INBOUND_BYTES_MAX)
                .keepAliveTime(KEEP_ALIVE_S, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_MIN_S, TimeUnit.SECONDS)
                .disableServiceConfigLookUp()
                .disableRetry()
                .build();
    }

    /** The server; its calls run on the event loops of their connections. */
    Server serve(Door door) {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(shared.options.host(), shared.options.port()));
        if (shared.tls != null) {
            builder.sslContext(shared.tls.server());
        }
        return builder.bossEventLoopGroup(shared.loops)
                .workerEventLoopGroup(shared.loops)
                .channelType(serverChannelType())
                .directExecutor()
                .initialFlowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(INBOUND_BYTES_MAX)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxConnectionIdle(IDLE_S, TimeUnit.SECONDS)
                .permitKeepAliveTime(KEEP_ALIVE_MIN_S, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addTransportFilter(door)
                .intercept(door)
                .addService(new PeerService(shared))
                .build();
    }
}
