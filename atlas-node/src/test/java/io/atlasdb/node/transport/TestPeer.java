package io.atlasdb.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.metrics.Metrics;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** A transport on loopback that notes what it is told. */
final class TestPeer implements Receiver, AutoCloseable {
    static final String CLUSTER = "cluster-1";
    static final String SECRET = "one secret";
    static final Timings QUICK = new Timings(20, 2_000, 2_000, 10, 100, 500);
    private static final long WAIT_S = 30;

    record Got(int from, long group, Message message) {}

    final int node;
    final Metrics metrics = new Metrics();
    final HybridClock clock;
    final Queue<Got> got = new ConcurrentLinkedQueue<>();
    final AtomicInteger connects = new AtomicInteger();
    final GrpcTransport transport;

    static TestPeer start(int node) {
        return start(node, 0, CLUSTER, SECRET, options -> options);
    }

    static TestPeer start(int node, int port, String cluster, String secret, UnaryOperator<TransportOptions> change) {
        return new TestPeer(node, port, cluster, secret, System::currentTimeMillis, change);
    }

    TestPeer(
            int node,
            int port,
            String cluster,
            String secret,
            LongSupplier wallMs,
            UnaryOperator<TransportOptions> change) {
        this.node = node;
        this.clock = new HybridClock(wallMs);
        TransportOptions options = TransportOptions.of(node, cluster, secret, "127.0.0.1", port, clock, metrics)
                .withTimings(QUICK)
                .withWallMs(wallMs);
        transport = GrpcTransport.start(change.apply(options));
        transport.deliverTo(this);
    }

    @Override
    public void onMessage(int from, long group, Message message) {
        got.add(new Got(from, group, message));
    }

    @Override
    public void onConnected(int to) {
        connects.incrementAndGet();
    }

    /** Makes each the peer of all others. */
    static void acquaint(TestPeer... all) {
        for (TestPeer one : all) {
            for (TestPeer other : all) {
                if (one != other) {
                    one.transport.setPeer(other.node, "127.0.0.1", other.transport.port());
                }
            }
        }
    }

    /** Waits until each can reach all others. */
    static void awaitConnected(TestPeer... all) {
        for (TestPeer one : all) {
            for (TestPeer other : all) {
                await("node " + one.node + " reaches " + other.node, () -> one.transport.isConnected(other.node));
            }
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("in time: " + what).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The value of a line of the metrics; 0 when there is none. */
    double metric(String name) {
        return metrics.prometheus()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        transport.close();
    }
}
