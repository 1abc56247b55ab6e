package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.plan.AsOfClause;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one implementation of {@link Session}. Everything happens under one lock, except {@link #cancel} and what
 * {@code atlas.sessions} shows.
 *
 * <p>An error that ends an open transaction leaves it failed: later statements are refused until the client rolls back, so that
 * half of a transaction is never taken for the beginning of the next.
 */
final class LocalSession implements Session {
    private final Sessions engine;
    private final long id;
    private final String user;
    private final StatementWatch watch;
    private final Supplier<Identity> identity;
    private final long startedMs = System.currentTimeMillis();
    private final Settings settings;
    private final StatementRunner runner;
    private final ControlRunner control;
    private final DdlRunner ddlRunner;
    private final CopyRunner copies;
    private final AtOnce atOnce;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<LocalRows> openRows = ConcurrentHashMap.newKeySet();
    private boolean autoCommit = true;
    private volatile @Nullable OpenTransaction transaction;
    private volatile @Nullable Interrupt running;
    private volatile boolean closing;
    private boolean closed;

    LocalSession(Sessions engine, long id, String user, String from, Supplier<Identity> identity) {
        this.engine = engine;
        this.id = id;
        this.user = user;
        this.watch = new StatementWatch(engine, user, from);
        this.identity = identity;
        settings = new Settings(engine.defaults());
        runner = new StatementRunner(this, engine, settings);
        control = new ControlRunner(this, engine, settings);
        atOnce = new AtOnce(engine, settings, runner);
        ddlRunner = new DdlRunner(this, engine, settings);
        copies = new CopyRunner(this, engine, settings);
    }

    long id() {
        return id;
    }

    /** Who it runs as now. */
    Identity identity() {
        return identity.get();
    }

    @Override
    public Prepared prepare(String sql) {
        return locked(0, interrupt -> {
            OpenTransaction open = transaction;
            boolean own = open != null && !open.failed() && open.changedSchema();
            try {
                return compiled(sql, own, interrupt);
            } catch (AtlasException e) {
                if (!SchemaCheck.isOfNames(e) || !engine.catchUp()) {
                    throw e;
                }
                return compiled(sql, own, interrupt);
            }
        });
    }

    private LocalPrepared compiled(String sql, boolean own, Interrupt interrupt) {
        AsOfClause clause = AsOfClause.of(sql);
        if (clause == null) {
            Catalog catalog = currentCatalog();
            Compiled compiled = engine.compile(sql, settings.schema(), catalog, own, interrupt);
            return new LocalPrepared(compiled.shown(sql), null, version(compiled, catalog, own));
        }
        Catalog then = engine.catalogAt(clause.time());
        Compiled compiled = engine.compile(clause.text(), settings.schema(), then, false, interrupt);
        if (!(compiled instanceof Compiled.OfPlan plan && plan.readsOnly())) {
            throw ErrorCode.UNSUPPORTED.error("AS OF SYSTEM TIME in a statement that is no query");
        }
        return new LocalPrepared(sql, clause, version(compiled, then, false));
    }

    @Override
    public Execution execute(Prepared prepared, List<? extends @Nullable Object> parameters, ExecuteOptions options) {
        LocalPrepared statement = (LocalPrepared) prepared;
        return watch.run(
                statement,
                () -> locked(options.timeoutMs(), interrupt -> {
                    Compiled compiled = statement.compiled();
                    if (compiled instanceof Compiled.OfPlan) {
                        return runner.execute(statement, parameters, options, interrupt);
                    }
                    Arguments.requireCount(compiled.parameters().size(), parameters);
                    if (compiled instanceof Compiled.OfCopy copy) {
                        return copies.execute(copy.statement(), parameters, options, interrupt);
                    }
                    if (compiled instanceof Compiled.OfDdl ddl) {
                        return ddlRunner.run(ddl.command(), interrupt);
                    }
                    return control.execute(((Compiled.OfControl) compiled).command(), interrupt);
                }));
    }

    @Override
    public @Nullable CompletableFuture<@Nullable Execution> executeAtOnce(
            Prepared prepared, List<? extends @Nullable Object> parameters, ExecuteOptions options) {
        if (!lock.tryLock()) {
            return null;
        }
        try {
            if (closed || closing || !autoCommit || transaction != null || atOnce.interrupt() != null) {
                return null;
            }
            LocalPrepared statement = (LocalPrepared) prepared;
            Interrupt interrupt = Interrupt.after(0);
            running = interrupt;
            return watch.start(statement, () -> atOnce.start(statement, parameters, options, interrupt));
        } finally {
            running = null;
            lock.unlock();
        }
    }

    /** Stops the statement that runs, or else waits for its commit without a thread. */
    private @Nullable Interrupt interrupt() {
        Interrupt now = running;
        return now != null ? now : atOnce.interrupt();
    }

    @Override
    public BatchCounts executeBatch(
            Prepared prepared, List<? extends List<? extends @Nullable Object>> rows, ExecuteOptions options) {
        LocalPrepared statement = (LocalPrepared) prepared;
        return watch.run(
                statement,
                () -> locked(options.timeoutMs(), interrupt -> {
                    if (statement.kind() != Prepared.Kind.DML) {
                        throw ErrorCode.UNSUPPORTED.error(
                                "a batch of a statement that is not INSERT, UPDATE, UPSERT or DELETE");
                    }
                    return rows.isEmpty()
                            ? new BatchCounts(new long[0], null)
                            : runner.executeBatch(statement, rows, options.generatedKeys(), interrupt);
                }));
    }

    @Override
    public void commit() {
        this.<@Nullable Void>locked(0, interrupt -> {
            commit(interrupt);
            return null;
        });
    }

    /** Commits the open transaction, if there is one. */
    void commit(Interrupt interrupt) {
        OpenTransaction open = transaction;
        if (open == null) {
            return;
        }
        transaction = null;
        if (open.failed()) {
            throw ErrorCode.TRANSACTION_FAILED.error();
        }
        try {
            open.endRows();
            settings.wrote(interrupt.await(open.transaction().commit()));
        } finally {
            open.end();
        }
        ddlRunner.finish(open.followUps(), interrupt);
    }

    @Override
    public void rollback() {
        this.<@Nullable Void>locked(0, interrupt -> {
            endTransaction();
            return null;
        });
    }

    /** Rolls back the open transaction, if there is one. */
    void endTransaction() {
        OpenTransaction open = transaction;
        transaction = null;
        if (open != null) {
            open.end();
        }
    }

    @Override
    public boolean autoCommit() {
        return locked(0, interrupt -> autoCommit);
    }

    @Override
    public void setAutoCommit(boolean value) {
        this.<@Nullable Void>locked(0, interrupt -> {
            autoCommit = value;
            if (value) {
                commit(interrupt);
            }
            return null;
        });
    }

    @Override
    public boolean inTransaction() {
        return locked(0, interrupt -> transaction != null);
    }

    @Override
    public boolean readOnly() {
        return locked(0, interrupt -> settings.readOnly());
    }

    @Override
    public void setReadOnly(boolean readOnly) {
        this.<@Nullable Void>locked(0, interrupt -> {
            requireNoTransaction("setting READ ONLY");
            settings.readOnly(readOnly);
            return null;
        });
    }

    @Override
    public int isolation() {
        return locked(0, interrupt -> IsolationLevels.number(settings.isolation()));
    }

    @Override
    public void setIsolation(int level) {
        Isolation isolation = IsolationLevels.of(level);
        this.<@Nullable Void>locked(0, interrupt -> {
            requireNoTransaction("setting the isolation level");
            settings.isolation(isolation);
            return null;
        });
    }

    @Override
    public String schema() {
        return locked(0, interrupt -> settings.schema());
    }

    @Override
    public void setSchema(String schema) {
        this.<@Nullable Void>locked(0, interrupt -> {
            control.setSchema(schema);
            return null;
        });
    }

    @Override
    public Catalog catalog() {
        return locked(0, interrupt -> completeCatalog());
    }

    /** The catalog that statements see now, with the system tables. */
    Catalog completeCatalog() {
        return engine.complete(currentCatalog());
    }

    /** The catalog that statements see now, as it is stored. */
    Catalog currentCatalog() {
        OpenTransaction open = transaction;
        return open == null || open.failed() ? engine.catalog(settings.readMode()) : open.catalog(engine.catalogs());
    }

    @Override
    public void cancel() {
        Interrupt now = interrupt();
        if (now != null) {
            now.cancel();
        } else {
            openRows.forEach(rows -> rows.interrupt().cancel());
        }
    }

    @Override
    public void close() {
        stop(false);
    }

    /** Ends the session; a statement that runs fails with {@code SHUTTING_DOWN} when the node does so. */
    void stop(boolean shuttingDown) {
        closing = true;
        Interrupt now = interrupt();
        if (now != null) {
            if (shuttingDown) {
                now.shutDown();
            } else {
                now.cancel();
            }
        }
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                endTransaction();
                List.copyOf(openRows).forEach(LocalRows::release);
                openRows.clear();
            }
        } finally {
            lock.unlock();
            engine.closed(id);
        }
    }

    /** Rolls a transaction back that is older than transactions may be, unless the session is at work. */
    void endStaleTransaction() {
        if (lock.tryLock()) {
            try {
                OpenTransaction open = transaction;
                if (open != null && !open.failed() && open.isTooOld()) {
                    open.fail();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    SessionInfo info() {
        OpenTransaction open = transaction;
        String state = interrupt() != null ? "active" : open != null ? "in transaction" : "idle";
        return new SessionInfo(
                id,
                user,
                settings.applicationName(),
                settings.schema(),
                state,
                startedMs,
                watch.last(),
                watch.startedMs(),
                open == null ? 0 : open.startMicros() / 1000);
    }

    /**
     * The transaction that a statement belongs to: the open one, a new one when autocommit is off, or null.
     *
     * @throws AtlasException {@code TRANSACTION_FAILED}
     */
    @Nullable
    OpenTransaction transactionForStatement() {
        OpenTransaction open = transaction;
        if (open == null) {
            return autoCommit ? null : begin(settings.isolation(), settings.readOnly());
        }
        if (!open.failed() && open.isTooOld()) {
            open.fail();
        }
        if (open.failed()) {
            throw ErrorCode.TRANSACTION_FAILED.error();
        }
        return open;
    }

    OpenTransaction begin(Isolation isolation, boolean readOnly) {
        ReadMode readMode = readOnly ? settings.readMode() : ReadMode.STRONG;
        OpenTransaction open = new OpenTransaction(
                new Transaction(engine.store(), isolation, readOnly, readMode), Sessions.nowMicros());
        transaction = open;
        return open;
    }

    /** Begins a transaction that reads what was there at a time of the past. */
    void beginAsOf(String time) {
        transaction =
                new OpenTransaction(new Transaction(engine.snapshotAt(time), engine.store()), Sessions.nowMicros());
    }

    @Nullable
    OpenTransaction openTransaction() {
        return transaction;
    }

    boolean autoCommitLocked() {
        return autoCommit;
    }

    void requireNoTransaction(String what) {
        if (transaction != null) {
            throw ErrorCode.TRANSACTION_OPEN.error(what);
        }
    }

    /** The plan of a statement for a catalog; made anew when the last one was for another. */
    Compiled.OfPlan planned(LocalPrepared prepared, Catalog catalog, boolean newSchema, Interrupt interrupt) {
        LocalPrepared.Version version = prepared.version();
        if (newSchema
                || version.catalogVersion() != catalog.version()
                || !version.schema().equals(settings.schema())) {
            Compiled compiled = engine.compile(prepared.text(), settings.schema(), catalog, newSchema, interrupt);
            version = version(compiled, catalog, newSchema);
            prepared.version(version);
        }
        return (Compiled.OfPlan) version.compiled();
    }

    /** What was compiled against uncommitted changes is never found to be current. */
    private LocalPrepared.Version version(Compiled compiled, Catalog catalog, boolean newSchema) {
        return new LocalPrepared.Version(compiled, settings.schema(), newSchema ? -1 : catalog.version());
    }

    void opened(LocalRows rows, @Nullable OpenTransaction open) {
        int max = engine.defaults().cursorsMax();
        if (openRows.size() >= max) {
            rows.release();
            throw ErrorCode.LIMIT.error("the number of open results", max + 1, max);
        }
        openRows.add(rows);
        if (open != null) {
            open.rows().add(rows);
        }
    }

    /** Takes the next row of a result. */
    boolean fetch(LocalRows rows, Interrupt interrupt) {
        lock.lock();
        running = interrupt;
        try {
            return rows.advance();
        } catch (RuntimeException | Error e) {
            AtlasException failure = Failures.of(e);
            rows.fail(failure);
            throw failure;
        } finally {
            running = null;
            lock.unlock();
        }
    }

    void closed(LocalRows rows) {
        lock.lock();
        try {
            rows.release();
            openRows.remove(rows);
            OpenTransaction open = transaction;
            if (open != null) {
                open.rows().remove(rows);
            }
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> T locked(long timeoutMs, Function<Interrupt, T> call) {
        lock.lock();
        try {
            if (closed || closing) {
                throw ErrorCode.CONNECTION_CLOSED.error();
            }
            atOnce.await();
            Interrupt interrupt = Interrupt.after(timeoutMs > 0 ? timeoutMs : settings.statementTimeoutMs());
            running = interrupt;
            return call.apply(interrupt);
        } catch (RuntimeException | StackOverflowError e) {
            throw Failures.of(e);
        } finally {
            running = null;
            lock.unlock();
        }
    }
}
