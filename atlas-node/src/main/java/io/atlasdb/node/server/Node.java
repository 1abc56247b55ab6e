package io.atlasdb.node.server;

import io.atlasdb.node.backup.Copies;
import io.atlasdb.node.blob.BlobOptions;
import io.atlasdb.node.blob.Blobs;
import io.atlasdb.node.client.ClientPort;
import io.atlasdb.node.client.ClientPortOptions;
import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.cluster.Cluster;
import io.atlasdb.node.config.Address;
import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.consensus.Settings;
import io.atlasdb.node.kv.KvStore;
import io.atlasdb.node.log.JournalOptions;
import io.atlasdb.node.log.SegmentedJournal;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.node.replica.Journal;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.node.socket.ClusterInfo;
import io.atlasdb.node.socket.SocketOptions;
import io.atlasdb.node.socket.SocketServer;
import io.atlasdb.node.socket.StoreKeySpace;
import io.atlasdb.node.storage.MvStateMachine;
import io.atlasdb.node.storage.StorageOptions;
import io.atlasdb.node.transport.Delays;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identities;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.plan.Planner;
import io.atlasdb.sql.remote.Login;
import io.atlasdb.sql.session.ExecuteOptions;
import io.atlasdb.sql.session.Session;
import io.atlasdb.sql.session.SessionDefaults;
import io.atlasdb.sql.session.Sessions;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.system.SystemTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    /** EX_SOFTWARE of sysexits.h: the process ended since going on could break a promise. */
    private static final int EXIT_STATUS = 70;

    /** How long a node that ends waits for what it owns to be taken over. */
    private static final long HAND_OVER_MS_MAX = 3_000;

    private final AtlasConfig config;
    private final JournalOptions journalOptions;
    private final Delays delays;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Metrics metrics = new Metrics();
    private Membership membership;
    private @Nullable Cluster member;
    private Replicas replicas;
    private @Nullable Ownerships owned;
    private @Nullable NodeHealth health;
    private Sessions sessions;
    private NodeSecurity security;
    private ClientPort clientPort;
    private SocketServer socket;

    @SuppressWarnings("NullAway.Init")
    private Node(AtlasConfig config, JournalOptions journalOptions, Delays delays) {
        this.config = config;
        this.delays = delays;
        this.journalOptions = journalOptions;
    }

    /**
     * Starts a node, which recovers what the folder holds; returns once it takes connections.
     *
     * @throws io.atlasdb.proto.AtlasException when it cannot start, saying why; nothing is left running then
     */
    public static Node start(AtlasConfig config) {
        return start(config, JournalOptions.DEFAULT);
    }

    /** The same with other options of the log, for tests of a disk that is full. */
    static Node start(AtlasConfig config, JournalOptions journalOptions) {
        return start(config, journalOptions, Delays.NONE);
    }

    /** How far two nodes are apart. */
    @FunctionalInterface
    public interface Distances {
        /** Nanoseconds one way, from a node to another; asked for every message, so it may change and tremble. */
        long oneWayNanos(int from, int to);
    }

    /** The same with emulated distances to other nodes, for demonstrations and measurements. */
    public static Node start(AtlasConfig config, Distances distances) {
        return start(config, JournalOptions.DEFAULT, distances::oneWayNanos);
    }

    private static Node start(AtlasConfig config, JournalOptions journalOptions, Delays delays) {
        Node node = new Node(config, journalOptions, delays);
        try {
            node.open();
            return node;
        } catch (IOException e) {
            node.close();
            throw ErrorCode.CANNOT_START.error(e, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    private void open() throws IOException {
        long startNanos = System.nanoTime();
        DataDirectory directory = add(DataDirectory.open(config.dbPath()));
        HybridClock clock = new HybridClock(System::currentTimeMillis);
        membership = add(Membership.open(config, directory, clock, metrics, delays));
        int id = membership.self().node();
        KvStore store = new KvStore(id, clock, membership.link(), membership::genesis, new Random());
        store.keepHistory(config.history().toMillis());
        replicas = add(replicas(directory, membership, clock, store));
        if (membership.isFounder()) {
            replicas.make(Store.SYSTEM_GROUP, membership.founding());
        }
        membership.deliver(replicas);
        replicas.start();
        membership.awaitSystemGroup(replicas);
        store.open(replicas);
        store.keep(add(Blobs.open(directory.blobs(), BlobOptions.DEFAULT)));
        add(store);
        Maintenance maintenance = add(new Maintenance(replicas, store, Node::halt));
        maintenance.start();

        CatalogStore catalogs = new CatalogStore();
        SystemTables systemTables = new SystemTables(Version.TEXT);
        member = membership.start(store, replicas, () -> new Thread(this::close, "removed").start());
        ClusterInfo cluster;
        Placements placements = Placements.NONE;
        if (member == null) {
            cluster = new LocalCluster(id, config);
        } else {
            add(cluster());
            placements = new ClusterPlacements(cluster(), replicas, membership.link());
            ownership(cluster(), store, replicas, systemTables);
            cluster = new MemberCluster(cluster(), replicas, membership.link());
        }
        ClusterTables.register(systemTables, cluster, member, replicas);
        Planner planner = add(new Planner());
        Copies copies = Archives.copies(config, membership.clusterName(), store, catalogs, replicas, clock, placements);
        Archives.register(systemTables, copies);
        sessions = add(new Sessions(store, catalogs, planner, systemTables, sessionDefaults(), placements, copies));
        NodeMetrics.register(metrics, replicas, store, sessions);

        NodeHealth shown = new NodeHealth(config, id, store);
        health = shown;
        serve(cluster, store, catalogs, shown);
        shown.setReady(true);
        LOG.info(
                "node {} is ready after {} ms: client port {}, socket {}",
                id,
                (System.nanoTime() - startNanos) / 1_000_000,
                clientPort.port(),
                socket.path());
        warmUp(planner);
    }

    /** Lets clients in, by the client port and the socket. */
    private void serve(ClusterInfo cluster, KvStore store, CatalogStore catalogs, NodeHealth shown) throws IOException {
        security = add(NodeSecurity.open(config, membership.advertise(), sessions, metrics));
        clientPort = add(ClientPort.open(
                ClientPortOptions.standard(
                        config.clientListen().host(), config.clientListen().port()),
                this::session,
                security.logins(),
                security.certificate(),
                Version.TEXT,
                shown,
                metrics));
        Identities identities = name -> sessions.principals().now().identity(name);
        StoreKeySpace keys = add(new StoreKeySpace(store, catalogs));
        socket = add(SocketServer.start(
                config.socket(),
                config.socketMode(),
                keys,
                cluster,
                identities,
                security.commands(),
                SocketOptions.DEFAULT));
    }

    /** Counts who uses the groups that are owned here, and lets them go where their work is. */
    private void ownership(Cluster self, KvStore store, Replicas replicas, SystemTables tables) {
        Ownerships ownerships = add(new Ownerships(self, replicas, membership.link()));
        store.listen(ownerships::used);
        self.handOvers(ownerships);
        OwnershipTables.register(tables, self, replicas, ownerships);
        ownerships.start();
        owned = ownerships;
    }

    /** In the background, so that it does not keep clients waiting; what it loads, the first statement would load. */
    private static void warmUp(Planner planner) {
        Thread thread = new Thread(
                () -> {
                    try {
                        planner.warmUp();
                    } catch (RuntimeException e) {
                        LOG.warn("the planner could not be warmed up", e);
                    }
                },
                "planner-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private Replicas replicas(DataDirectory directory, Membership membership, HybridClock clock, KvStore store) {
        Journal journal = SegmentedJournal.open(directory.log(), journalOptions);
        try {
            int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            return Replicas.open(
                    new Replicas.Options(membership.self(), Settings.DEFAULT, Replicas.threads(loops, Node::halt)),
                    journal,
                    version -> openStore(directory.store(), version),
                    store::applier,
                    membership.network(),
                    clock);
        } catch (RuntimeException | Error e) {
            journal.close();
            throw e;
        }
    }

    private StateMachine openStore(Path path, long checkpointVersion) {
        try {
            StorageOptions options = StorageOptions.defaults();
            if (config.maxCacheBytes() > 0) {
                options = options.withCacheMiB(
                        (int) Math.min(Integer.MAX_VALUE, Math.max(1, config.maxCacheBytes() >> 20)));
            }
            return MvStateMachine.open(path, options, checkpointVersion);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Session session(Login login, Map<String, String> properties) {
        Session session = security.open(login);
        String schema = properties.getOrDefault("schema", "");
        try {
            if (!schema.isEmpty()) {
                session.setSchema(schema);
            }
            String consistency = properties.getOrDefault("consistency", "");
            if (!consistency.isEmpty()) {
                String set = "SET consistency = '" + consistency.replace("'", "''") + "'";
                session.execute(session.prepare(set), List.of(), ExecuteOptions.NONE);
            }
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private SessionDefaults sessionDefaults() {
        SessionDefaults defaults = SessionDefaults.forHeap(Runtime.getRuntime().maxMemory());
        return new SessionDefaults(
                defaults.schema(),
                config.statementTimeout().toMillis(),
                Math.min(config.statementMemoryBytes(), defaults.memoryPoolBytes()),
                defaults.memoryPoolBytes(),
                defaults.sessionsMax(),
                defaults.cursorsMax());
    }

    private static void halt(Throwable cause) {
        LOG.error("the node ends, since going on could break a promise", cause);
        Runtime.getRuntime().halt(EXIT_STATUS);
    }

    /** The port for JDBC and HTTP. */
    public int clientPort() {
        return clientPort.port();
    }

    /** Where other nodes reach this one; meaningless for a node that is alone. */
    public Address advertise() {
        return membership.advertise();
    }

    /** This node as a member; throws {@code MEMBERSHIP} when it is alone. */
    Cluster cluster() {
        Cluster found = member;
        if (found == null) {
            throw ErrorCode.MEMBERSHIP.error("the node is alone");
        }
        return found;
    }

    /** The groups of this node. */
    Replicas replicas() {
        return replicas;
    }

    /** Whether it was closed, or has stopped by itself. */
    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** The Unix socket. */
    public Path socketPath() {
        return socket.path();
    }

    /** A session in this process, without a connection. */
    public Session open(String user) {
        return sessions.open(user);
    }

    /** What {@code /metrics} shows. */
    public Metrics metrics() {
        return metrics;
    }

    /** Returns when the node has ended. */
    public void awaitShutdown() throws InterruptedException {
        ended.await();
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Finishes what is under way and ends the node; a second call does nothing. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        NodeHealth shown = health;
        if (shown != null) {
            // Balancers send no more work here.
            shown.setReady(false);
        }
        Ownerships leaving = owned;
        if (leaving != null) {
            leaving.leave(HAND_OVER_MS_MAX);
        }
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("closing {} failed", part.getClass().getSimpleName(), e);
            }
        }
        ended.countDown();
    }
}
