package io.atlasdb.node.server;

import io.atlasdb.node.cluster.Cluster;
import io.atlasdb.node.cluster.NodeRecord;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Configuration.Voter;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.socket.ClusterInfo;
import io.atlasdb.proto.AtlasException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The cluster as one of its members sees it. */
final class MemberCluster implements ClusterInfo {
    private static final long MICROS_PER_MS = 1_000;

    private final Cluster cluster;
    private final Replicas replicas;
    private final Link link;

    MemberCluster(Cluster cluster, Replicas replicas, Link link) {
        this.cluster = cluster;
        this.replicas = replicas;
        this.link = link;
    }

    @Override
    public List<NodeStatus> nodes() {
        List<NodeStatus> nodes = new ArrayList<>();
        cluster.nodes().values().forEach(node -> {
            if (node.state() != NodeRecord.State.REMOVED) {
                nodes.add(status(node));
            }
        });
        return nodes.isEmpty() ? List.of(status(cluster.self())) : nodes;
    }

    private NodeStatus status(NodeRecord node) {
        boolean self = node.id() == cluster.self().id();
        boolean well = self ? cluster.complaint() == null : link.isConnected(node.id());
        return new NodeStatus(
                node.id(),
                node.region(),
                well && node.state() == NodeRecord.State.ACTIVE,
                Math.max(0, link.rttMicros(node.id()) / MICROS_PER_MS),
                node.host(),
                node.port());
    }

    /** Of each kind the quorum that is nearest to this node; those that it cannot reach come last. */
    @Override
    public Quorums quorums(long group) {
        Replica replica = replicas.find(group);
        Configuration members = replica == null ? null : replica.configuration();
        if (members == null) {
            return new Quorums(List.of(), List.of());
        }
        return new Quorums(quorum(members, true), quorum(members, false));
    }

    private List<NodeStatus> quorum(Configuration members, boolean phase1) {
        SortedMap<Integer, List<NodeStatus>> byZone = new TreeMap<>();
        SortedMap<Integer, NodeRecord> records = cluster.nodes();
        for (Voter voter : members.voters()) {
            NodeRecord record = records.get(voter.node());
            if (record != null) {
                byZone.computeIfAbsent(voter.zone(), any -> new ArrayList<>()).add(status(record));
            }
        }
        List<List<NodeStatus>> parts = new ArrayList<>();
        byZone.values().forEach(zone -> {
            zone.sort(Comparator.comparingLong(this::distance).thenComparingLong(NodeStatus::id));
            int failures = Math.min(members.fn(), (zone.size() - 1) / 2);
            parts.add(zone.subList(0, phase1 ? failures + 1 : zone.size() - failures));
        });
        parts.sort(Comparator.comparingLong(part -> distance(part.get(part.size() - 1))));
        int zones = phase1 ? members.sizes().size() - members.fz() : members.fz() + 1;
        return parts.stream()
                .limit(zones)
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(NodeStatus::id))
                .toList();
    }

    private long distance(NodeStatus node) {
        int id = (int) node.id();
        boolean reachable = id == cluster.self().id() || link.isConnected(id);
        return reachable ? Math.max(0, link.rttMicros(id)) : Long.MAX_VALUE;
    }

    @Override
    public OptionalLong ping(long id) {
        NodeRecord node = cluster.nodes().get((int) id);
        return node == null || node.state() == NodeRecord.State.REMOVED
                ? OptionalLong.empty()
                : OptionalLong.of(cluster.ping((int) id));
    }

    @Override
    public Optional<Arriving> arriving(long id) {
        if (id != cluster.self().id() && !link.isConnected((int) id)) {
            return Optional.empty();
        }
        try {
            io.atlasdb.node.cluster.Arriving found = cluster.arriving((int) id);
            return found.groups() == 0
                    ? Optional.empty()
                    : Optional.of(new Arriving(found.groups(), found.bytes(), found.rows(), found.rowsEstimate()));
        } catch (AtlasException e) {
            return Optional.empty(); // whoever asks sees by its state that it does not answer
        }
    }

    @Override
    public boolean change(long id, Change change) {
        int node = (int) id;
        if (cluster.nodes().get(node) == null) {
            return false;
        }
        switch (change) {
            case DRAIN -> cluster.drain(node);
            case ACTIVATE -> cluster.activate(node);
            case REMOVE -> cluster.remove(node);
        }
        return true;
    }
}
