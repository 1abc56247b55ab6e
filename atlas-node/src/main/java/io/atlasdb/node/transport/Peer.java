package io.atlasdb.node.transport;

import io.atlasdb.node.consensus.Message;
import io.atlasdb.proto.peer.Pong;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Another node: the way there, and what is known of it. */
final class Peer {
    /** A smoothed value follows a sample by an eighth, as TCP's does (RFC 6298 §2). */
    private static final int SMOOTHING = 8;

    private static final long UNKNOWN = Long.MIN_VALUE;

    /** Where a node is. */
    record Place(int node, String host, int port) {}

    private final Shared shared;
    private final Place place;
    private final OutgoingStream[] streams = new OutgoingStream[Lane.values().length];
    private final Dialer fast;
    private final Dialer bulk;
    /** Calls to this node that are under way. */
    final AtomicInteger calls = new AtomicInteger();

    private volatile long rttNanos = UNKNOWN;
    private volatile long offsetMs = UNKNOWN;
    private @Nullable ScheduledFuture<?> pinging;
    /** Pings since the last pong. Time alone would blame the peer when it was this node that stood still. */
    private int unanswered;

    Peer(Shared shared, Channels channels, Place place) {
        this.shared = shared;
        this.place = place;
        EventLoop fastLoop = shared.loops.next();
        EventLoop bulkLoop = shared.loops.next();
        for (Lane lane : Lane.values()) {
            streams[lane.ordinal()] =
                    new OutgoingStream(shared, place.node(), lane, lane == Lane.BULK ? bulkLoop : fastLoop);
        }
        fast = new Dialer(
                shared,
                channels,
                place,
                fastLoop,
                List.of(stream(Lane.CONTROL), stream(Lane.LOG)),
                this::onPong,
                new Dialer.Listener() {
                    @Override
                    public void onOpen() {
                        opened();
                    }

                    @Override
                    public void onClose() {
                        stopPinging();
                    }
                });
        bulk = new Dialer(
                shared, channels, place, bulkLoop, List.of(stream(Lane.BULK)), pong -> {}, new Dialer.Listener() {
                    @Override
                    public void onOpen() {
                        bulk.healthy();
                    }

                    @Override
                    public void onClose() {
                        // The calls of this connection fail by themselves.
                    }
                });
        shared.metrics.peer(
                place.node(),
                () -> rttNanos == UNKNOWN ? Double.NaN : rttNanos / 1e9,
                () -> offsetMs == UNKNOWN ? Double.NaN : offsetMs / 1e3);
    }

    private OutgoingStream stream(Lane lane) {
        return streams[lane.ordinal()];
    }

    Place place() {
        return place;
    }

    void start() {
        fast.start();
        bulk.start();
    }

    void nudge() {
        fast.nudge();
        bulk.nudge();
    }

    void close() {
        fast.close();
        bulk.close();
    }

    void send(long group, Message message) {
        stream(Lane.of(message)).send(group, message);
    }

    /** The connection for calls. */
    Dialer dialer(boolean bulky) {
        return bulky ? bulk : fast;
    }

    boolean isConnected() {
        return fast.isOpen();
    }

    /** Microseconds; negative while not known. */
    long rttMicros() {
        long nanos = rttNanos;
        return nanos == UNKNOWN ? -1 : Math.max(1, nanos / 1000);
    }

    /** How far its wall clock is ahead of this node's, half a round trip at most off. */
    OptionalLong clockOffsetMs() {
        long offset = offsetMs;
        return offset == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    private void opened() {
        unanswered = 0;
        long pingMs = shared.options.timings().pingMs();
        pinging = fast.loop().scheduleWithFixedDelay(this::ping, 0, pingMs, TimeUnit.MILLISECONDS);
        Receiver receiver = shared.receiver();
        if (receiver != null) {
            receiver.onConnected(place.node());
        }
    }

    private void stopPinging() {
        if (pinging != null) {
            pinging.cancel(false);
            pinging = null;
        }
    }

    private void ping() {
        Timings timings = shared.options.timings();
        if (unanswered * timings.pingMs() >= timings.silenceMs()) {
            fast.broken("it answered none of " + unanswered + " pings");
        } else {
            unanswered++;
            stream(Lane.CONTROL).ping();
        }
    }

    private void onPong(Pong pong) {
        long now = System.nanoTime();
        long sample = now - pong.getSentNanos();
        if (sample < 0) {
            return;
        }
        unanswered = 0;
        fast.healthy();
        long before = rttNanos;
        rttNanos = before == UNKNOWN ? sample : before + (sample - before) / SMOOTHING;
        long halfMs = TimeUnit.NANOSECONDS.toMillis(sample / 2);
        offsetMs = pong.getWallMs() + halfMs - shared.clock.wallMs();
    }
}
