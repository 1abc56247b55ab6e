package io.atlasdb.node.transport;

import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Network;
import io.atlasdb.proto.ErrorCode;
import io.grpc.Server;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node's connections to the other ones. */
public final class GrpcTransport implements Network, Link, AutoCloseable {
    private static final long CLOSE_MS = 5_000;
    /** Between looks at the operator's certificates. */
    private static final long REFRESH_MS = 10_000;

    private final Shared shared;
    private final Channels channels;
    private final EventLoopGroup loops;
    private final Server server;
    private final Map<Integer, Peer> peers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private GrpcTransport(TransportOptions options, @Nullable TlsMaterial tls) {
        this.loops = Channels.loops(options.threads(), options.node());
        this.shared = new Shared(options, tls, loops, this::cameIn);
        this.channels = new Channels(shared);
        this.server = channels.serve(new Door(shared));
    }

    /**
     * Starts to listen. Peers are dialed as they are named.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CANNOT_START} when the address cannot be listened on, when certificates
     *     cannot be used, and for plain text off loopback that was not asked for
     */
    public static GrpcTransport start(TransportOptions options) {
        GrpcTransport transport = new GrpcTransport(options, tls(options));
        try {
            transport.server.start();
            TlsMaterial tls = transport.shared.tls;
            if (tls != null) {
                transport.loops.scheduleWithFixedDelay(tls::refresh, REFRESH_MS, REFRESH_MS, TimeUnit.MILLISECONDS);
            }
            return transport;
        } catch (IOException e) {
            transport.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw ErrorCode.CANNOT_START.error(
                    e, "cannot listen on " + options.host() + ":" + options.port() + ": " + cause.getMessage());
        }
    }

    /** Shows what a transport would count, for a node that has none since it is alone. */
    public static void declare(Metrics metrics) {
        new TransportMetrics(metrics);
    }

    private static @Nullable TlsMaterial tls(TransportOptions options) {
        if (options.security() instanceof Security.PlainText plain) {
            if (!plain.anywhere() && !isLoopback(options.host())) {
                throw ErrorCode.CANNOT_START.error("nodes would talk in plain text on " + options.host()
                        + ", which is not loopback; set up TLS, or allow it by development_mode = true");
            }
            return null;
        }
        try {
            return TlsMaterial.open(options.security());
        } catch (IOException | GeneralSecurityException e) {
            throw ErrorCode.CANNOT_START.error(e, "the certificates cannot be used: " + e);
        }
    }

    private static boolean isLoopback(String host) {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isLoopbackAddress();
    }

    /** The port that other nodes reach this one by. */
    public int port() {
        return server.getPort();
    }

    /** Takes the number and the cluster that a joining node was given; before the first peer is named. */
    public void identify(int node, String cluster) {
        if (node <= 0 || cluster.isEmpty()) {
            throw new IllegalArgumentException("node " + node + " of cluster '" + cluster + "'");
        }
        shared.identify(new Shared.Identity(node, cluster));
    }

    /** Takes whom messages are for; those that come before are dropped. */
    public void deliverTo(Receiver receiver) {
        shared.deliverTo(receiver);
        peers.values().stream()
                .filter(Peer::isConnected)
                .forEach(peer -> receiver.onConnected(peer.place().node()));
    }

    /** Names a peer, or its new address. It is dialed from now on; nothing happens when the address is the one known. */
    public synchronized void setPeer(int node, String host, int port) {
        Shared.Identity self = shared.identity();
        if (self.node() == 0 || node <= 0) {
            throw new IllegalArgumentException("node " + node + " as a peer of node " + self.node());
        }
        Peer.Place place = new Peer.Place(node, host, port);
        Peer before = peers.get(node);
        if (closed || node == self.node() || (before != null && before.place().equals(place))) {
            return;
        }
        shared.setRemoved(node, false);
        Peer peer = new Peer(shared, channels, place);
        peers.put(node, peer);
        if (before != null) {
            before.close();
        }
        peer.start();
    }

    /** Forgets a peer, which was removed from the cluster: it is not dialed, nor is anything taken from it. */
    public synchronized void removePeer(int node) {
        shared.setRemoved(node, true);
        Peer peer = peers.remove(node);
        if (peer != null) {
            peer.close();
        }
    }

    @Override
    public void send(int node, long group, Message message) {
        Peer peer = peers.get(node);
        if (peer == null) {
            shared.metrics.dropped[Lane.of(message).ordinal()].increment();
        } else {
            peer.send(group, message);
        }
    }

    @Override
    public CompletableFuture<byte[]> call(int node, Service service, byte[] request, long timeoutMs) {
        long startNanos = System.nanoTime();
        CompletableFuture<byte[]> future = node == shared.identity().node()
                ? callSelf(service, request)
                : callPeer(node, service, request, timeoutMs);
        future.whenComplete((bytes, error) -> shared.metrics.calls(service).record(System.nanoTime() - startNanos));
        return future;
    }

    private CompletableFuture<byte[]> callSelf(Service service, byte[] request) {
        int self = shared.identity().node();
        Handler handler = shared.handler(service);
        if (handler == null) {
            return CompletableFuture.failedFuture(ErrorCode.UNREACHABLE.error(self, "it is starting"));
        }
        try {
            return handler.handle(self, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<byte[]> callPeer(int node, Service service, byte[] request, long timeoutMs) {
        Peer peer = peers.get(node);
        if (closed || peer == null) {
            return CompletableFuture.failedFuture(ErrorCode.UNREACHABLE.error(
                    node, closed ? "this node is shutting down" : "its address is not known"));
        }
        if (request.length > Calls.BYTES_MAX) {
            return CompletableFuture.failedFuture(
                    ErrorCode.LIMIT.error("the request to node " + node, request.length + " bytes", Calls.BYTES_MAX));
        }
        if (peer.calls.incrementAndGet() > Calls.PER_PEER_MAX) {
            peer.calls.decrementAndGet();
            return CompletableFuture.failedFuture(ErrorCode.BUSY.error("too many requests to node " + node));
        }
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        future.whenComplete((bytes, error) -> peer.calls.decrementAndGet());
        OutgoingCall.Ask ask = OutgoingCall.Ask.of(String.valueOf(node), node, service, request, timeoutMs);
        Dialer dialer = peer.dialer(service == Service.SNAPSHOT || service == Service.BLOB);
        long delayNanos = shared.delayNanos(node);
        // A copy, since the time limit is this call's alone.
        dialer.ready()
                .copy()
                .orTimeout(Math.max(0, timeoutMs), TimeUnit.MILLISECONDS)
                .whenComplete((channel, error) -> {
                    if (error != null) {
                        future.completeExceptionally(unreachable(ask, error));
                    } else if (delayNanos <= 0) {
                        OutgoingCall.start(shared, channel, ask, future);
                    } else {
                        dialer.loop()
                                .schedule(
                                        () -> OutgoingCall.start(shared, channel, ask, future),
                                        delayNanos,
                                        TimeUnit.NANOSECONDS);
                    }
                });
        return future;
    }

    private static Throwable unreachable(OutgoingCall.Ask ask, Throwable error) {
        Throwable cause = Calls.cause(error);
        return cause instanceof Dialer.Unreachable
                ? ErrorCode.UNREACHABLE.error(ask.peer(), String.valueOf(cause.getMessage()))
                : ask.timedOut();
    }

    /**
     * Sends a request to whichever node is at an address, over a connection of its own. A node that has no number yet can reach
     * {@link Service#CLUSTER} so; where the cluster has an authority of its own, it is given that first.
     *
     * @return as {@link #call}; {@code UNREACHABLE} names the address, {@code LOGIN} says why this node is turned away
     */
    public CompletableFuture<byte[]> callAddress(
            String host, int port, Service service, byte[] request, long timeoutMs) {
        OutgoingCall.Ask ask = OutgoingCall.Ask.of(host + ":" + port, 0, service, request, timeoutMs);
        return Stranger.call(shared, channels.dial(host, port, loops.next()), ask);
    }

    @Override
    public void serve(Service service, Handler handler) {
        shared.serve(service, handler);
    }

    @Override
    public boolean isConnected(int node) {
        Peer peer = peers.get(node);
        return node == shared.identity().node() || (peer != null && peer.isConnected());
    }

    @Override
    public long rttMicros(int node) {
        Peer peer = peers.get(node);
        return node == shared.identity().node() ? 0 : peer == null ? -1 : peer.rttMicros();
    }

    /** How far the wall clock of a peer is ahead of this node's, milliseconds; empty while it is not known. */
    public OptionalLong clockOffsetMs(int node) {
        Peer peer = peers.get(node);
        return peer == null ? OptionalLong.empty() : peer.clockOffsetMs();
    }

    private void cameIn(int node) {
        Peer peer = peers.get(node);
        if (peer != null) {
            peer.nudge();
        }
    }

    /** Ends all connections; calls under way fail. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            peers.values().forEach(Peer::close);
        }
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loops.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MS);
    }
}
