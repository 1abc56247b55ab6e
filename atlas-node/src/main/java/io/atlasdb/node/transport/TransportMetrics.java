package io.atlasdb.node.transport;

import io.atlasdb.node.metrics.Counter;
import io.atlasdb.node.metrics.Histogram;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.node.replica.Link.Service;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** What the transport counts. Labels are classes of messages and numbers of peers, of which there are few. */
final class TransportMetrics {
    private static final String CONNECTS = "atlas_transport_connects_total";
    private static final String CONNECTS_HELP = "Connections made to a peer.";
    private static final String QUEUE = "atlas_transport_queue_messages";
    private static final String QUEUE_HELP = "Messages that wait for a connection to take them.";
    private static final String RTT = "atlas_transport_rtt_seconds";
    private static final String RTT_HELP = "Smoothed round trip to a peer.";
    private static final String OFFSET = "atlas_transport_clock_offset_seconds";
    private static final String OFFSET_HELP = "How far a peer's clock is ahead of this node's.";

    private static final String CALL_BYTES = "atlas_transport_call_bytes";
    private static final String CALL_BYTES_HELP = "Bytes that requests and answers under way hold.";

    private final Metrics metrics;
    final Counter[] sentMessages;
    final Counter[] sentBytes;
    final Counter[] receivedMessages;
    final Counter[] receivedBytes;
    final Counter[] dropped;
    final Counter unknownMessages;
    final Counter clockRefusals;
    final Counter refusedConnections;

    TransportMetrics(Metrics metrics) {
        this.metrics = metrics;
        sentMessages = perLane("atlas_transport_sent_messages_total", "Messages of groups given to connections.");
        sentBytes = perLane("atlas_transport_sent_bytes_total", "Bytes of these messages.");
        receivedMessages = perLane("atlas_transport_received_messages_total", "Messages of groups received.");
        receivedBytes = perLane("atlas_transport_received_bytes_total", "Bytes of frames received.");
        dropped = perLane(
                "atlas_transport_dropped_messages_total", "Messages not sent: no connection, or the queue was full.");
        unknownMessages = metrics.counter(
                "atlas_transport_unknown_messages_total", "Messages skipped since this version does not know them.");
        clockRefusals = metrics.counter(
                "atlas_transport_clock_refusals_total", "Frames and calls refused since a clock was too far ahead.");
        refusedConnections =
                metrics.counter("atlas_transport_refused_connections_total", "Connections refused by either side.");
        declare();
    }

    private Counter[] perLane(String name, String help) {
        Counter[] counters = new Counter[Lane.values().length];
        for (Lane lane : Lane.values()) {
            counters[lane.ordinal()] = metrics.counter(name, help, "class", lane.label());
        }
        return counters;
    }

    private void declare() {
        metrics.declare(CONNECTS, CONNECTS_HELP, "counter");
        metrics.declare(QUEUE, QUEUE_HELP, "gauge");
        metrics.declare(RTT, RTT_HELP, "gauge");
        metrics.declare(OFFSET, OFFSET_HELP, "gauge");
        metrics.declare(CALL_BYTES, CALL_BYTES_HELP, "gauge");
        for (Service service : Service.values()) {
            calls(service);
        }
    }

    Counter connects(int peer) {
        return metrics.counter(CONNECTS, CONNECTS_HELP, "peer", String.valueOf(peer));
    }

    Histogram calls(Service service) {
        return metrics.histogram(
                "atlas_transport_call_seconds",
                "How long requests to other nodes took.",
                "service",
                service.name().toLowerCase(Locale.ROOT));
    }

    void queue(int peer, Lane lane, DoubleSupplier messages) {
        metrics.gauge(QUEUE, QUEUE_HELP, messages, "class", lane.label(), "peer", String.valueOf(peer));
    }

    void callBytes(DoubleSupplier bytes) {
        metrics.gauge(CALL_BYTES, CALL_BYTES_HELP, bytes);
    }

    void peer(int peer, DoubleSupplier rttSeconds, DoubleSupplier offsetSeconds) {
        metrics.gauge(RTT, RTT_HELP, rttSeconds, "peer", String.valueOf(peer));
        metrics.gauge(OFFSET, OFFSET_HELP, offsetSeconds, "peer", String.valueOf(peer));
    }
}
