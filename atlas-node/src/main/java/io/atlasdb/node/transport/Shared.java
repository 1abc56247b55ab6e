package io.atlasdb.node.transport;

import io.atlasdb.node.replica.Link;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** What all parts of one transport know. Safe for any thread. */
final class Shared {
    /**
     * Who this node is.
     *
     * @param node 0 while it has no number; then the cluster is empty
     */
    record Identity(int node, String cluster) {}

    final TransportOptions options;
    final EventLoopGroup loops;
    final TransportMetrics metrics;
    final ClockGuard clock;
    final ByteBudget budget;
    final Throttle throttle = new Throttle();
    /** Told when a node has proven itself to this one: it is worth dialing. */
    final IntConsumer onIncoming;
    /** Null on plain text. */
    final @Nullable TlsMaterial tls;

    private final Map<Link.Service, Link.Handler> handlers = new EnumMap<>(Link.Service.class);
    private final Set<Integer> removed = ConcurrentHashMap.newKeySet();
    private volatile Identity identity;
    private volatile @Nullable Receiver receiver;

    Shared(TransportOptions options, @Nullable TlsMaterial tls, EventLoopGroup loops, IntConsumer onIncoming) {
        this.options = options;
        this.tls = tls;
        this.loops = loops;
        this.onIncoming = onIncoming;
        this.identity = new Identity(options.node(), options.cluster());
        this.metrics = new TransportMetrics(options.metrics());
        this.clock = new ClockGuard(
                options.clock(), options.wallMs(), options.timings().maxOffsetMs(), metrics.clockRefusals);
        this.budget = new ByteBudget(options.memoryBytes());
        metrics.callBytes(budget::takenBytes);
    }

    Identity identity() {
        return identity;
    }

    void identify(Identity now) {
        identity = now;
    }

    @Nullable
    Receiver receiver() {
        return receiver;
    }

    void deliverTo(Receiver now) {
        receiver = now;
    }

    synchronized void serve(Link.Service service, Link.Handler handler) {
        handlers.put(service, handler);
    }

    synchronized Link.@Nullable Handler handler(Link.Service service) {
        return handlers.get(service);
    }

    boolean isRemoved(int node) {
        return removed.contains(node);
    }

    void setRemoved(int node, boolean now) {
        if (now) {
            removed.add(node);
        } else {
            removed.remove(node);
        }
    }

    /** How long something for another node is held back, nanoseconds. */
    long delayNanos(int to) {
        int self = identity.node();
        return self == 0 || to == 0 ? 0 : options.delays().oneWayNanos(self, to);
    }

    /** Runs a task after the emulated way to a node; at once, in this thread, when there is none. */
    void later(EventLoop loop, int to, Runnable task) {
        long nanos = delayNanos(to);
        if (nanos <= 0) {
            task.run();
        } else {
            loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
    }
}
