package io.atlasdb.node.cluster;

import io.atlasdb.node.cluster.policy.RttMatrix;
import io.atlasdb.node.replica.Link;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Round trips between zones: those from here are measured by the transport, those between others are asked for now and then, of
 * one node in each zone. Safe for several threads.
 */
public final class Distances {
    /** How often a zone is asked, milliseconds; round trips change slowly, and the answers are small. */
    private static final long ASK_MS = 10_000;

    private static final long ANSWER_MS = 5_000;
    private static final double MICROS_PER_MS = 1_000;

    private final NodeRecord self;
    private final Link link;
    /** What other zones said, by their number. */
    private final Map<Integer, SortedMap<Integer, Double>> told = new ConcurrentHashMap<>();

    private final Map<Integer, Long> askedMs = new ConcurrentHashMap<>();

    Distances(NodeRecord self, Link link) {
        this.self = self;
        this.link = link;
    }

    /** Asks the zones whose answers are old; never waits. */
    void tick(SortedMap<Integer, NodeRecord> nodes, long nowMs) {
        nodes.values().forEach(node -> {
            int zone = node.zone();
            Long last = askedMs.get(zone);
            if (zone != self.zone()
                    && node.state() == NodeRecord.State.ACTIVE
                    && link.isConnected(node.id())
                    && (last == null || nowMs - last >= ASK_MS)) {
                askedMs.put(zone, nowMs);
                byte[] question = new ClusterMessage.Distances().encode();
                link.call(node.id(), Link.Service.CLUSTER, question, ANSWER_MS).whenComplete((answer, failure) -> {
                    if (failure == null) {
                        told.put(zone, decode(answer));
                    }
                });
            }
        });
    }

    /** Milliseconds from this zone to each other one, by the nearest node of it. */
    SortedMap<Integer, Double> own(SortedMap<Integer, NodeRecord> nodes) {
        SortedMap<Integer, Double> row = new TreeMap<>();
        nodes.values().forEach(node -> {
            if (node.id() != self.id() && node.state() != NodeRecord.State.REMOVED) {
                long micros = link.rttMicros(node.id());
                if (micros >= 0) {
                    row.merge(node.zone(), micros / MICROS_PER_MS, Math::min);
                }
            }
        });
        return row;
    }

    /** All that is known. */
    RttMatrix matrix(SortedMap<Integer, NodeRecord> nodes) {
        SortedMap<Integer, SortedMap<Integer, Double>> rows = new TreeMap<>(told);
        rows.put(self.zone(), own(nodes));
        return new RttMatrix(rows);
    }

    static byte[] encode(SortedMap<Integer, Double> row) {
        return Codec.write(out -> {
            out.writeInt(row.size());
            for (Map.Entry<Integer, Double> one : row.entrySet()) {
                out.writeInt(one.getKey());
                out.writeDouble(one.getValue());
            }
        });
    }

    private static SortedMap<Integer, Double> decode(byte[] bytes) {
        return Codec.read(bytes, in -> {
            SortedMap<Integer, Double> row = new TreeMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                row.put(in.readInt(), in.readDouble());
            }
            return row;
        });
    }
}
