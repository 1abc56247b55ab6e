package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.PrincipalStore;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Sequences;
import io.atlasdb.sql.exec.Executor;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.exec.MemoryPool;
import io.atlasdb.sql.exec.ddl.DdlExecutor;
import io.atlasdb.sql.exec.ddl.IndexBuilder;
import io.atlasdb.sql.plan.Planner;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.system.SystemTables;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The SQL engine of a node: what all sessions share, and the list of those that are open. Safe for any number of threads.
 */
public final class Sessions implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final long SWEEP_PERIOD_MS = 10_000;
    private static final long CLOSE_MS_MAX = 5_000;

    private final Store store;
    private final CatalogStore catalogs;
    private final PrincipalStore principals;
    private final SessionDefaults defaults;
    private final RowCounts rowCounts;
    private final Compiler compiler;
    private final MemoryPool memory;
    private final Executor executor;
    private final SystemSupplier systemSupplier;
    private final DdlExecutor ddl;
    private final ClusterCopies copies;
    private final IndexBuilder indexBuilder;
    private final Map<Long, LocalSession> open = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(1);
    private final ScheduledExecutorService sweeper;
    private volatile boolean closed;
    private volatile StatementListener listener = StatementListener.NONE;

    /**
     * Starts the engine; what DDL left unfinished before a crash goes on in the background.
     *
     * @param systemTables get the rows of {@code ATLAS.SESSIONS} and {@code ATLAS.SETTINGS} from here
     * @param placements what the node knows of regions and owners
     * @param copies what makes copies of the cluster and takes them
     */
    public Sessions(
            Store store,
            CatalogStore catalogs,
            Planner planner,
            SystemTables systemTables,
            SessionDefaults defaults,
            Placements placements,
            ClusterCopies copies) {
        this.store = store;
        this.catalogs = catalogs;
        principals = new PrincipalStore(store);
        this.defaults = defaults;
        this.copies = copies;
        rowCounts = new RowCounts(store, table -> !SystemTables.isSystem(table), this::later);
        compiler = new Compiler(planner, rowCounts);
        memory = new MemoryPool(defaults.memoryPoolBytes());
        systemSupplier = new SystemSupplier(systemTables, catalogs);
        systemSupplier.supply(this);
        executor = new Executor(new Sequences(store), new PlannedExpressions(), systemSupplier, memory);
        ddl = new DdlExecutor(catalogs, principals, placements);
        indexBuilder = new IndexBuilder(store, catalogs);
        sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "session-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        resumeIndexes();
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_PERIOD_MS, SWEEP_PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /** The engine of a store without regions. */
    public Sessions(
            Store store, CatalogStore catalogs, Planner planner, SystemTables systemTables, SessionDefaults defaults) {
        this(store, catalogs, planner, systemTables, defaults, Placements.NONE, ClusterCopies.NONE);
    }

    /**
     * Opens a session.
     *
     * @param user the principal that it runs as
     * @throws io.atlasdb.proto.AtlasException {@code TOO_MANY_CONNECTIONS}, {@code SHUTTING_DOWN}
     */
    public Session open(String user) {
        return open(user, "", () -> principals.now().identity(user));
    }

    /** Opens a session of whoever that is, in this process. */
    public Session open(Supplier<Identity> identity) {
        return open(identity.get().name(), "", identity);
    }

    /**
     * Opens a session.
     *
     * @param user the name of whoever that is
     * @param from where its client is; empty for this process
     * @param identity who it runs as; asked at each statement, so that it may change, or fail
     * @throws io.atlasdb.proto.AtlasException {@code TOO_MANY_CONNECTIONS}, {@code SHUTTING_DOWN}
     */
    public Session open(String user, String from, Supplier<Identity> identity) {
        if (open.size() >= defaults.sessionsMax()) {
            throw ErrorCode.TOO_MANY_CONNECTIONS.error(defaults.sessionsMax());
        }
        LocalSession session = new LocalSession(this, nextId.getAndIncrement(), user, from, identity);
        open.put(session.id(), session);
        if (closed) {
            session.stop(true);
            throw ErrorCode.SHUTTING_DOWN.error();
        }
        return session;
    }

    /** Tells of every statement that ends from now on. */
    public void listen(StatementListener to) {
        listener = to;
    }

    StatementListener listener() {
        return listener;
    }

    /** Users and roles. */
    public PrincipalStore principals() {
        return principals;
    }

    /** The open sessions, oldest first. */
    public List<SessionInfo> list() {
        return open.values().stream()
                .map(LocalSession::info)
                .sorted(Comparator.comparingLong(SessionInfo::id))
                .toList();
    }

    /** Bytes that running statements hold. */
    public long memoryBytes() {
        return memory.usedBytes();
    }

    /** Stops what runs and ends all sessions; no new ones are taken. */
    @Override
    public void close() {
        closed = true;
        sweeper.shutdownNow();
        open.values().forEach(session -> session.stop(true));
        try {
            // What it reads is let go of before the store closes.
            if (!sweeper.awaitTermination(CLOSE_MS_MAX, TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "work in the background did not end within {0} ms", CLOSE_MS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Store store() {
        return store;
    }

    CatalogStore catalogs() {
        return catalogs;
    }

    SessionDefaults defaults() {
        return defaults;
    }

    Executor executor() {
        return executor;
    }

    /** Brings the catalog up to date with other nodes; false when it always is. */
    boolean catchUp() {
        try (Snapshot snapshot = store.snapshot()) {
            if (snapshot.schemas() == snapshot) {
                return false;
            }
            snapshot.catchUp();
            return true;
        }
    }

    /** The newest catalog, as far as this node knows. */
    Catalog catalog() {
        return catalog(ReadMode.STRONG);
    }

    /** The catalog of a time of the past. */
    Catalog catalogAt(String time) {
        try (Snapshot snapshot = snapshotAt(time)) {
            return catalogs.at(snapshot);
        }
    }

    /** What was there at a time of the past, see {@link PastTime}. */
    Snapshot snapshotAt(String time) {
        return store.snapshotAt(PastTime.timestamp(time, System.currentTimeMillis()));
    }

    /** A catalog that is as fresh as asked. */
    Catalog catalog(ReadMode readMode) {
        try (Snapshot snapshot = store.snapshot(readMode)) {
            return catalogs.at(snapshot);
        }
    }

    /**
     * What a text means.
     *
     * @param own whether the catalog holds changes of an open transaction, so that nothing learnt from it may be kept
     */
    Compiled compile(String sql, String schema, Catalog catalog, boolean own, Interrupt interrupt) {
        return compiler.compile(sql, schema, complete(catalog), own, interrupt);
    }

    /** A catalog with the system tables in it. */
    Catalog complete(Catalog stored) {
        return systemSupplier.complete(stored);
    }

    ClusterCopies copies() {
        return copies;
    }

    DdlExecutor ddl() {
        return ddl;
    }

    IndexBuilder indexBuilder() {
        return indexBuilder;
    }

    /** Lets indexes be filled in the background that nobody fills any more: after a start, or a restore. */
    void resumeIndexes() {
        later(check -> indexBuilder
                .resume(check)
                .forEach(e -> LOG.log(Level.WARNING, "an index could not be finished: " + e.getMessage())));
    }

    /** Runs something in the background; {@code check} throws when the engine is closed. What fails is logged. */
    void later(Consumer<Runnable> task) {
        sweeper.execute(() -> {
            try {
                task.accept(() -> {
                    if (closed) {
                        throw ErrorCode.SHUTTING_DOWN.error();
                    }
                });
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, "work in the background failed", e);
                }
            }
        });
    }

    void closed(long id) {
        open.remove(id);
    }

    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private void sweep() {
        try {
            open.values().forEach(LocalSession::endStaleTransaction);
            Set<Long> tables = new HashSet<>();
            catalog().schemas().values().forEach(all -> all.values().forEach(table -> tables.add(table.id())));
            executor.retain(tables);
            rowCounts.retain(tables);
        } catch (RuntimeException e) {
            // The next sweep tries again; an exception would end the schedule.
            LOG.log(Level.WARNING, "a sweep over the sessions failed", e);
        }
    }
}
