package io.atlasdb.node.server;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.cluster.Cluster;
import io.atlasdb.node.cluster.Joining;
import io.atlasdb.node.cluster.NodeRecord;
import io.atlasdb.node.cluster.Peers;
import io.atlasdb.node.cluster.Registry;
import io.atlasdb.node.config.Address;
import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.kv.KvStore;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Network;
import io.atlasdb.node.replica.NoLink;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.replica.SnapshotProgress;
import io.atlasdb.node.transport.Delays;
import io.atlasdb.node.transport.GrpcTransport;
import io.atlasdb.node.transport.Receiver;
import io.atlasdb.node.transport.Security;
import io.atlasdb.node.transport.Timings;
import io.atlasdb.node.transport.TransportOptions;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a node part of a cluster: who it is, how it reaches the others, and its way in. A node without credentials is alone: it
 * has no transport, and nobody can join it.
 */
final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    /** How long a new node tries to be taken in. */
    private static final long JOIN_MS = 60_000;
    /** How long a node that was a member before looks for others; they may be starting as well. */
    private static final long GREET_MS = 1_000;

    private static final long SYSTEM_GROUP_MS = 120_000;
    private static final int DISK_TASKS_MAX = 1_024;

    private final AtlasConfig config;
    private final DataDirectory directory;
    private final @Nullable GrpcTransport transport;
    private final ThreadPoolExecutor disk;
    private Identity identity;
    private Address advertise;
    private @Nullable Cluster cluster;

    private Membership(
            AtlasConfig config, DataDirectory directory, Identity identity, @Nullable GrpcTransport transport) {
        this.config = config;
        this.directory = directory;
        this.identity = identity;
        this.transport = transport;
        this.advertise = config.advertise();
        this.disk =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(DISK_TASKS_MAX), task -> {
                    Thread thread = new Thread(task, "atlas-snapshots");
                    thread.setDaemon(true);
                    return thread;
                });
        disk.allowCoreThreadTimeOut(true);
    }

    /**
     * Finds out who this node is; a new one founds a cluster or joins one.
     *
     * @throws AtlasException {@code CANNOT_START} with the reason when it is not taken in
     */
    static Membership open(
            AtlasConfig config, DataDirectory directory, HybridClock clock, Metrics metrics, Delays delays) {
        Identity identity = directory.identity(config.region());
        if (identity.id() > 0 && !identity.region().equals(config.region())) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "region",
                    config.region(),
                    "this node stands in " + identity.region() + "; a node keeps its region for life");
        }
        if (identity.id() == 0 && config.connect().isEmpty()) {
            identity = new Identity(identity.uuid(), 1, 0, UUID.randomUUID().toString(), config.region(), List.of());
            directory.keep(identity);
        }
        if (config.credentials().isEmpty()) {
            if (identity.id() != 1) {
                throw ErrorCode.INVALID_PARAMETER.error(
                        "credentials", "''", "this node is one of a cluster; give it the cluster's secret");
            }
            return new Membership(config, directory, identity, null);
        }
        GrpcTransport transport = GrpcTransport.start(TransportOptions.of(
                        identity.id(),
                        identity.cluster(),
                        config.credentials(),
                        config.listen().host(),
                        config.listen().port(),
                        clock,
                        metrics)
                .withDelays(delays)
                .withTimings(Timings.DEFAULT.withMaxOffsetMs(config.maxOffset().toMillis()))
                .withSecurity(security(config)));
        Membership membership = new Membership(config, directory, identity, transport);
        try {
            membership.connect(transport);
            return membership;
        } catch (RuntimeException e) {
            membership.close();
            throw e;
        }
    }

    private static Security security(AtlasConfig config) {
        AtlasConfig.Tls tls = config.tls();
        return switch (tls.mode()) {
            case NONE -> new Security.PlainText(config.developmentMode());
            case OWN ->
                new Security.OwnAuthority(
                        config.dbPath().resolve("tls"), config.connect().isEmpty());
            case FILES ->
                new Security.Files(Path.of(tls.certificate()), Path.of(tls.key()), Path.of(tls.authorities()));
        };
    }

    private void connect(GrpcTransport to) {
        if (advertise.port() == 0) {
            advertise = new Address(advertise.host(), to.port());
        }
        boolean isNew = identity.id() == 0;
        Set<Address> known = new LinkedHashSet<>(config.connect());
        known.addAll(identity.peers());
        known.remove(advertise);
        if (known.isEmpty()) {
            return;
        }
        Joining joining = new Joining(
                peers(), System::currentTimeMillis, config.maxOffset().toMillis());
        try {
            Joining.Membership given = joining.join(
                    List.copyOf(known), identity.uuid(), config.region(), advertise, isNew ? JOIN_MS : GREET_MS);
            accept(to, given, isNew);
        } catch (AtlasException e) {
            boolean final_ = switch (e.code()) {
                case MEMBERSHIP, LOGIN, INVALID_PARAMETER, PROTOCOL -> true;
                default -> isNew;
            };
            if (final_) {
                throw ErrorCode.CANNOT_START.error(e, e.getMessage());
            }
            LOG.info("no other node answers yet: {}", e.getMessage());
        }
    }

    private void accept(GrpcTransport to, Joining.Membership given, boolean isNew) {
        NodeRecord self = given.self();
        if (!isNew && self.id() != identity.id()) {
            throw ErrorCode.CANNOT_START.error(
                    "the cluster knows this node as node " + self.id() + ", its folder as node " + identity.id());
        }
        List<Address> others = new ArrayList<>();
        for (NodeRecord node : given.nodes()) {
            if (node.id() != self.id() && node.state() != NodeRecord.State.REMOVED) {
                others.add(new Address(node.host(), node.port()));
            }
        }
        identity = new Identity(identity.uuid(), self.id(), self.zone(), given.cluster(), self.region(), others);
        directory.keep(identity);
        if (isNew) {
            to.identify(self.id(), given.cluster());
            LOG.info("joined the cluster as node {}, region {}", self.id(), self.region());
        }
        for (NodeRecord node : given.nodes()) {
            if (node.id() != self.id() && node.state() != NodeRecord.State.REMOVED) {
                to.setPeer(node.id(), node.host(), node.port());
            }
        }
    }

    Configuration.Voter self() {
        return new Configuration.Voter(identity.id(), identity.zone());
    }

    /** The name of the cluster. */
    String clusterName() {
        return identity.cluster();
    }

    boolean isFounder() {
        return identity.id() == 1;
    }

    boolean isAlone() {
        return transport == null;
    }

    /** The members of group 0 when the cluster begins: this node. */
    Configuration founding() {
        return new Configuration(List.of(self()), config.fn(), 0);
    }

    Link link() {
        return transport == null ? new NoLink() : transport;
    }

    Network network() {
        return transport == null
                ? (node, group, message) -> {
                    throw new IllegalStateException("a node alone has nobody to send " + message + " to");
                }
                : transport;
    }

    /** The members of a group that begins. */
    Configuration genesis(Placement placement) {
        Cluster member = cluster;
        if (member != null) {
            return member.genesis(placement);
        }
        if (transport != null) {
            throw ErrorCode.BUSY.error("the node is starting");
        }
        if (config.fz() > 0) {
            throw ErrorCode.MEMBERSHIP.error("no group can begin like this: fz = " + config.fz() + " needs "
                    + (2 * config.fz() + 1) + " regions, and there is 1");
        }
        return founding();
    }

    /** Brings messages and snapshots to the replicas, and theirs to others. Before the replicas start. */
    void deliver(Replicas replicas) {
        if (transport == null) {
            return;
        }
        replicas.exchangeSnapshots(transport, disk, System.currentTimeMillis() << 16);
        transport.deliverTo(new Receiver() {
            @Override
            public void onMessage(int from, long group, Message message) {
                replicas.receive(from, group, message);
            }

            @Override
            public void onConnected(int node) {
                replicas.wake(node);
            }
        });
    }

    /** Waits until group 0 is here, which other nodes bring to a new one. */
    void awaitSystemGroup(Replicas replicas) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SYSTEM_GROUP_MS);
        long shown = System.nanoTime();
        while (!isHere(replicas.find(Store.SYSTEM_GROUP))) {
            if (System.nanoTime() > deadline) {
                throw ErrorCode.CANNOT_START.error(
                        "group 0 did not come within " + SYSTEM_GROUP_MS + " ms; are most nodes of the cluster up?");
            }
            if (System.nanoTime() - shown > TimeUnit.SECONDS.toNanos(2)) {
                shown = System.nanoTime();
                LOG.info("waiting for group 0{}", progress(replicas));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ErrorCode.CANCELLED.error();
            }
        }
    }

    private boolean isHere(@Nullable Replica system) {
        if (system == null || system.isInstalling()) {
            return false;
        }
        Configuration members = system.configuration();
        return members != null
                && members.hasMember(identity.id())
                && (isFounder() || system.applied().slot() > 0);
    }

    private static String progress(Replicas replicas) {
        for (SnapshotProgress one : replicas.snapshots()) {
            if (one.group() == Store.SYSTEM_GROUP) {
                return ", " + one.bytes() + " bytes came";
            }
        }
        return "";
    }

    /** Begins to act as a member; null for a node that is alone. {@code removed} runs when this node was removed. */
    @Nullable
    Cluster start(KvStore store, Replicas replicas, Runnable removed) {
        if (transport == null) {
            return null;
        }
        NodeRecord self = new NodeRecord(
                identity.id(),
                identity.uuid(),
                identity.region(),
                identity.zone(),
                advertise.host(),
                advertise.port(),
                NodeRecord.State.ACTIVE);
        Cluster started = new Cluster(
                new Cluster.Options(
                        identity.cluster(),
                        self,
                        isFounder(),
                        config.fn(),
                        config.fz(),
                        System::currentTimeMillis,
                        config.maxOffset().toMillis(),
                        removed),
                new Registry(store, replicas),
                replicas,
                transport,
                peers(),
                group -> placement(replicas, group));
        cluster = started;
        store.ownWhen(started::mayOwn);
        started.start();
        if (config.fz() > 0 && isFounder()) {
            LOG.info("group 0 tolerates {} regions' failure once there are {}", config.fz(), 2 * config.fz() + 1);
        }
        return started;
    }

    /** What is asked for a group, as this node has applied group 0. */
    static Placement placement(Replicas replicas, long group) {
        byte[] value = replicas.machine().get(Store.SYSTEM_GROUP, Placement.key(group), Long.MAX_VALUE);
        return value == null ? Placement.DEFAULT : Placement.decode(value);
    }

    private Peers peers() {
        GrpcTransport of = java.util.Objects.requireNonNull(transport);
        return new Peers() {
            @Override
            public void identify(int node, String name) {
                of.identify(node, name);
            }

            @Override
            public void setPeer(int node, String host, int port) {
                of.setPeer(node, host, port);
            }

            @Override
            public void removePeer(int node) {
                of.removePeer(node);
            }

            @Override
            public CompletableFuture<byte[]> callAddress(
                    String host, int port, Link.Service service, byte[] request, long timeoutMs) {
                return of.callAddress(host, port, service, request, timeoutMs);
            }

            @Override
            public OptionalLong clockOffsetMs(int node) {
                return of.clockOffsetMs(node);
            }
        };
    }

    /** Where other nodes reach this one. */
    Address advertise() {
        return advertise;
    }

    @Override
    public void close() {
        if (transport != null) {
            transport.close();
        }
        disk.shutdownNow();
    }
}
