package io.atlasdb.node.transport;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to a peer: dials, proves, opens the streams; when anything of it fails, closes it whole and dials again
 * after a pause that doubles, with jitter, so that nodes that lost each other do not all come back at once. Belongs to one
 * event loop.
 */
final class Dialer {
    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
    private static final int DOUBLINGS_MAX = 16;

    /** Whom this connection belongs to. */
    interface Listener {
        void onOpen();

        void onClose();
    }

    private final Shared shared;
    private final Channels channels;
    private final int peer;
    private final String host;
    private final int port;
    private final EventLoop loop;
    private final List<OutgoingStream> streams;
    private final Consumer<io.atlasdb.proto.peer.Pong> onPong;
    private final Listener listener;

    private @Nullable ManagedChannel channel;
    /** What calls wait for while a connection is being made; completed with the reason when that fails. */
    private volatile CompletableFuture<Channel> ready = new CompletableFuture<>();

    private volatile boolean open;
    private boolean closed;
    private int failures;
    /** Counts attempts, so that what an earlier connection says late is not heard. */
    private int attempt;

    Dialer(
            Shared shared,
            Channels channels,
            Peer.Place place,
            EventLoop loop,
            List<OutgoingStream> streams,
            Consumer<io.atlasdb.proto.peer.Pong> onPong,
            Listener listener) {
        this.shared = shared;
        this.channels = channels;
        this.peer = place.node();
        this.host = place.host();
        this.port = place.port();
        this.loop = loop;
        this.streams = streams;
        this.onPong = onPong;
        this.listener = listener;
    }

    EventLoop loop() {
        return loop;
    }

    boolean isOpen() {
        return open;
    }

    /** The proven connection, or the one that is being made; fails at once while the peer cannot be reached. */
    CompletableFuture<Channel> ready() {
        return ready;
    }

    void start() {
        loop.execute(this::dial);
    }

    /** Dials now, if it would only later: there is a sign of life. From any thread. */
    void nudge() {
        loop.execute(() -> {
            if (channel == null) {
                dial();
            }
        });
    }

    /** Closes the connection for good. From any thread. */
    void close() {
        loop.execute(() -> {
            closed = true;
            end("the connection was closed here");
        });
    }

    private void dial() {
        if (closed || channel != null) {
            return;
        }
        int mine = ++attempt;
        if (ready.isDone()) {
            ready = new CompletableFuture<>();
        }
        ManagedChannel now = channels.dial(host, port, loop);
        channel = now;
        Greeter.greet(now, shared, peer, new Greeter.Outcome() {
            @Override
            public void proven(int node, String cluster) {
                if (mine == attempt) {
                    opened(now, mine);
                }
            }

            @Override
            public void failed(String why, boolean refused) {
                if (mine == attempt) {
                    say(why, refused);
                    broken(why);
                }
            }
        });
    }

    private void say(String why, boolean refused) {
        if (refused) {
            shared.metrics.refusedConnections.increment();
        }
        if (shared.throttle.allows("dial " + peer + why)) {
            LOG.atLevel(refused ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                    .log("no connection to node {} at {}:{}: {}", peer, host, port, why);
        }
    }

    private void opened(ManagedChannel now, int mine) {
        for (OutgoingStream stream : streams) {
            stream.open(now, onPong, why -> {
                if (mine == attempt) {
                    say(why, false);
                    broken(why);
                }
            });
        }
        open = true;
        shared.metrics.connects(peer).increment();
        ready.complete(now);
        listener.onOpen();
    }

    /** The peer is alive and well: the next failure is a first one again. */
    void healthy() {
        failures = 0;
    }

    /** Gives the connection up and dials again later. On the loop. */
    void broken(String why) {
        if (closed || channel == null) {
            return;
        }
        end(why);
        Timings timings = shared.options.timings();
        long pauseMs = Math.min(timings.backOffMaxMs(), timings.backOffMinMs() << Math.min(failures, DOUBLINGS_MAX));
        failures++;
        long jittered = (long) (pauseMs * (0.5 + ThreadLocalRandom.current().nextDouble()));
        loop.schedule(this::dial, jittered, TimeUnit.MILLISECONDS);
    }

    private void end(String why) {
        attempt++;
        boolean wasOpen = open;
        open = false;
        streams.forEach(OutgoingStream::close);
        ManagedChannel before = channel;
        channel = null;
        if (before != null) {
            before.shutdownNow();
        }
        if (ready.isDone()) {
            ready = new CompletableFuture<>();
        }
        ready.completeExceptionally(new Unreachable(why));
        if (wasOpen) {
            listener.onClose();
        }
    }

    /** Why there is no connection. */
    static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String why) {
            super(why, null, false, false);
        }
    }
}
