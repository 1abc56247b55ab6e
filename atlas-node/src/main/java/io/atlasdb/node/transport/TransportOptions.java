package io.atlasdb.node.transport;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.metrics.Metrics;
import java.util.function.LongSupplier;

/**
 * What a transport is started with.
 *
 * @param node the number of this node; 0 while it has none, see {@link GrpcTransport#identify}
 * @param cluster the name of the cluster; empty while it is not known
 * @param secret what all nodes of the cluster share; never sent
 * @param host where to listen, a name or an address
 * @param port where to listen; 0 takes a free one
 * @param clock follows the clocks of messages that come in
 * @param wallMs the wall clock, milliseconds since 1970
 * @param threads event loops; each peer and each connection belongs to one
 * @param memoryBytes what requests and answers that are under way may hold together
 * @param security how connections are protected, besides the secret
 */
public record TransportOptions(
        int node,
        String cluster,
        String secret,
        String host,
        int port,
        HybridClock clock,
        LongSupplier wallMs,
        Metrics metrics,
        Delays delays,
        Timings timings,
        int threads,
        long memoryBytes,
        Security security) {
    public TransportOptions {
        if (node < 0 || port < 0 || port > 65535 || threads < 1 || memoryBytes < 1) {
            throw new IllegalArgumentException(
                    "node " + node + ", port " + port + ", threads " + threads + ", memory " + memoryBytes);
        }
        if ((node == 0) != cluster.isEmpty()) {
            throw new IllegalArgumentException("node " + node + " of cluster '" + cluster + "'");
        }
    }

    /** The usual options: the wall clock of this machine, no emulated distances, plain text on loopback. */
    public static TransportOptions of(
            int node, String cluster, String secret, String host, int port, HybridClock clock, Metrics metrics) {
        int threads = Math.min(4, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        // The largest request has to fit, with its answer.
        long memoryBytes = Math.max(Runtime.getRuntime().maxMemory() / 4, 2L * Calls.BYTES_MAX);
        return new TransportOptions(
                node,
                cluster,
                secret,
                host,
                port,
                clock,
                System::currentTimeMillis,
                metrics,
                Delays.NONE,
                Timings.DEFAULT,
                threads,
                memoryBytes,
                new Security.PlainText(false));
    }

    /** The same with emulated distances. */
    public TransportOptions withDelays(Delays other) {
        return new TransportOptions(
                node,
                cluster,
                secret,
                host,
                port,
                clock,
                wallMs,
                metrics,
                other,
                timings,
                threads,
                memoryBytes,
                security);
    }

    /** The same with other times. */
    public TransportOptions withTimings(Timings other) {
        return new TransportOptions(
                node,
                cluster,
                secret,
                host,
                port,
                clock,
                wallMs,
                metrics,
                delays,
                other,
                threads,
                memoryBytes,
                security);
    }

    /** The same with another wall clock. */
    public TransportOptions withWallMs(LongSupplier other) {
        return new TransportOptions(
                node,
                cluster,
                secret,
                host,
                port,
                clock,
                other,
                metrics,
                delays,
                timings,
                threads,
                memoryBytes,
                security);
    }

    /** The same with another bound on the memory of calls. */
    public TransportOptions withMemoryBytes(long other) {
        return new TransportOptions(
                node, cluster, secret, host, port, clock, wallMs, metrics, delays, timings, threads, other, security);
    }

    /** The same with another protection. */
    public TransportOptions withSecurity(Security other) {
        return new TransportOptions(
                node,
                cluster,
                secret,
                host,
                port,
                clock,
                wallMs,
                metrics,
                delays,
                timings,
                threads,
                memoryBytes,
                other);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "node " + node + " of cluster '" + cluster + "' on " + host + ":" + port;
    }
}
