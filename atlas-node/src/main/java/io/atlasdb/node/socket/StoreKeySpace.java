package io.atlasdb.node.socket;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.access.RowAccess;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.KeyTables;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.ImpatientStore;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values as rows of tables in schema KV, which SQL sees as any others.
 *
 * <p>A put is a blind commit, guarded by the table's version, so that thousands of them share a force of the log. The version
 * comes from memory: when it is no longer right, the commit is refused, and the put starts over with the present one. The
 * first put of a table makes it by an ordinary transaction on the catalog; others that come meanwhile wait for that one.
 */
public final class StoreKeySpace implements KeySpace, AutoCloseable {
    private static final String SYSTEM = "ATLAS";
    private static final int ATTEMPTS_MAX = 20;
    private static final int WAITING_MAX = 32_768;
    private static final long CREATE_MS_MAX = 60_000;

    private final Store store;
    /** Of the connection that this view is for; null for strong reads. */
    private final @Nullable Freshness freshness;

    private final CatalogStore catalogs;
    private final KeyRights rights;
    private final Map<String, KeyTable> tables;
    private final Map<String, CompletableFuture<KeyTable>> creating;
    /** Makes tables, and starts writes over: never a thread of the store, which such work could wait for. */
    private final ThreadPoolExecutor schemaWorker;
    /** What may wait: for making tables, whose future is shared. */
    private final StoreKeySpace patient;

    /** A key space on a store; the catalog store is shared with the sessions of the node. */
    public StoreKeySpace(Store store, CatalogStore catalogs) {
        this.store = store;
        this.catalogs = catalogs;
        this.rights = new KeyRights(store, catalogs);
        freshness = null;
        tables = new ConcurrentHashMap<>();
        creating = new ConcurrentHashMap<>();
        patient = this;
        schemaWorker =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "key-tables");
                    thread.setDaemon(true);
                    return thread;
                });
        schemaWorker.allowCoreThreadTimeOut(true);
    }

    /** A view of another one. */
    private StoreKeySpace(StoreKeySpace of, Store store, @Nullable Freshness freshness) {
        this.store = store;
        this.freshness = freshness;
        catalogs = of.catalogs;
        rights = store == of.store ? of.rights : new KeyRights(store, catalogs);
        tables = of.tables;
        creating = of.creating;
        schemaWorker = of.schemaWorker;
        patient = of.patient;
    }

    @Override
    public KeySpace impatient() {
        return new StoreKeySpace(this, new ImpatientStore(store), freshness);
    }

    @Override
    public KeySpace reading(Freshness asked) {
        return new StoreKeySpace(this, store, asked);
    }

    private Snapshot snapshot(@Nullable String table, Identity identity) {
        return freshness == null ? store.snapshot() : freshness.snapshot(store, catalogs, table, identity);
    }

    @Override
    public CompletableFuture<?> put(String table, String row, byte[] value, Identity identity, Retention until) {
        if (value.length > Limits.VALUE_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("the value", value.length + " bytes", Limits.VALUE_BYTES_MAX);
        }
        StoringBlob blob = (StoringBlob) write(table, row, value.length, identity, until);
        try {
            return blob.whole(value);
        } catch (RuntimeException e) {
            blob.close();
            throw e;
        }
    }

    @Override
    public Incoming write(String table, String row, long bytes, Identity identity) {
        return write(table, row, bytes, identity, Retention.NONE);
    }

    private Incoming write(String table, String row, long bytes, Identity identity, Retention until) {
        requireWritable(table, identity);
        if (bytes > (store.largeValues().areKept() ? Limits.LINE_BYTES_MAX : Limits.VALUE_BYTES_MAX)) {
            throw ErrorCode.LIMIT.error("the value", bytes + " bytes", Limits.LINE_BYTES_MAX);
        }
        requireRights(table, row, identity);
        return new StoringBlob(
                store.largeValues(),
                bytes,
                value -> retried(() -> {
                    KeyTable known = known(table);
                    return known != null
                            ? write(known, row, value, identity, until)
                            : created(table)
                                    .thenComposeAsync(made -> write(made, row, value, identity, until), schemaWorker);
                }));
    }

    @Override
    public CompletableFuture<?> delete(String table, String row, Identity identity) {
        requireWritable(table, identity);
        return retried(() -> {
            KeyTable known = known(table);
            return known == null
                    ? CompletableFuture.completedFuture(0L)
                    : write(known, row, null, identity, Retention.NONE);
        });
    }

    @Override
    public CompletableFuture<?> changeRights(
            String table, @Nullable String row, AccessChange change, Identity identity) {
        requireWritable(table, identity);
        return retried(() -> {
            KeyTable known = known(table);
            if (known == null && !change.grants()) {
                return CompletableFuture.completedFuture(0L);
            }
            return known != null
                    ? rights.change(known, row, change, identity)
                    : created(table).thenComposeAsync(made -> rights.change(made, row, change, identity), schemaWorker);
        });
    }

    private static void requireWritable(String table, Identity identity) {
        if (table.equals(SYSTEM)) {
            throw TableAccess.denied(identity, "the tables of " + SYSTEM + " belong to the system");
        }
    }

    /** Refuses at once what the commit would refuse, so that the bytes of a value need not be stored first. */
    private void requireRights(String table, String row, Identity identity) {
        KeyTable known = tables.get(table);
        if (known != null && KeyRights.isLimited(known, identity)) {
            try (Snapshot snapshot = store.snapshot()) {
                KeyTable present = at(snapshot, table);
                if (present != null) {
                    KeyRights.requireWritable(present, row, identity, snapshot);
                }
            }
        }
    }

    /** What the column OWNER of a row says: who wrote it. */
    static @Nullable String owner(Identity identity) {
        return identity.name().isEmpty() ? null : identity.name();
    }

    private CompletableFuture<Long> write(
            KeyTable table, String row, @Nullable Object value, Identity identity, Retention until) {
        if (KeyRights.isLimited(table, identity)) {
            return rights.write(table, row, value, identity, until);
        }
        String principal = owner(identity);
        if (!table.plain()) {
            return replace(table, row, value, principal, until);
        }
        byte[] encoded = value == null ? null : table.encode(table.row(row, value, principal, null), until);
        Write write = new Write(table.table().group(), table.rowKey(row), encoded);
        CompletableFuture<Long> written =
                store.commit(new Commit(Commit.BLIND, List.of(), List.of(write), List.of(table.guard()), List.of()));
        if (value == null || until.isNone()) {
            return written;
        }
        // It may be there already and shall be retained longer: only who reads it can tell.
        return written.handle((timestamp, error) -> error != null
                                && Conflicts.cause(error) instanceof AtlasException e
                                && e.code() == ErrorCode.RETAINED
                        ? CompletableFuture.supplyAsync(
                                        () -> replace(table, row, value, principal, until), schemaWorker)
                                .thenCompose(done -> done)
                        : written)
                .thenCompose(done -> done);
    }

    private CompletableFuture<Long> replace(
            KeyTable table, String row, @Nullable Object value, @Nullable String principal, Retention until) {
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            table.replace(transaction, row, value, principal, until);
            return transaction.commit();
        }
    }

    /** Runs a write again while the schema or a row that it read changes under it. */
    private CompletableFuture<Long> retried(Supplier<CompletableFuture<Long>> write) {
        CompletableFuture<Long> done = retried(write, 1);
        Freshness mine = freshness;
        return mine == null
                ? done
                : done.thenApply(timestamp -> {
                    mine.wrote(timestamp);
                    return timestamp;
                });
    }

    private CompletableFuture<Long> retried(Supplier<CompletableFuture<Long>> write, int attempt) {
        return Conflicts.begun(write)
                .handle((timestamp, error) -> {
                    if (error == null) {
                        return CompletableFuture.completedFuture(timestamp);
                    }
                    if (attempt >= ATTEMPTS_MAX || !Conflicts.isOne(error)) {
                        return CompletableFuture.<Long>failedFuture(Conflicts.cause(error));
                    }
                    return CompletableFuture.supplyAsync(
                                    () -> {
                                        forget();
                                        return retried(write, attempt + 1);
                                    },
                                    schemaWorker)
                            .thenCompose(next -> next);
                })
                .thenCompose(next -> next);
    }

    /** What memory says of schemas was too old: the next try sees what this node can know. */
    private void forget() {
        tables.clear();
        try (Snapshot snapshot = patient.store.snapshot()) {
            if (snapshot.schemas() != snapshot) {
                snapshot.catchUp();
            }
        }
    }

    /** The table as memory or the newest catalog has it; null when there is none. */
    private @Nullable KeyTable known(String name) {
        KeyTable known = tables.get(name);
        if (known != null) {
            return known;
        }
        try (Snapshot snapshot = store.snapshot()) {
            KeyTable present = at(snapshot, name);
            if (present != null) {
                tables.put(name, present);
            }
            return present;
        }
    }

    /** The table that a snapshot sees, or null. */
    private @Nullable KeyTable at(Snapshot snapshot, String name) {
        Table table = catalogs.at(snapshot).table(KeyTables.SCHEMA, name);
        if (isOutdated(table, snapshot)) {
            // Another node may have made it, or given rights on it.
            snapshot.catchUp();
            table = catalogs.at(snapshot).table(KeyTables.SCHEMA, name);
            if (table != null && isOutdated(table, snapshot)) {
                throw ErrorCode.SCHEMA_CHANGED.error(table.qualifiedName());
            }
        }
        if (table == null) {
            return null;
        }
        KeyTable known = tables.get(name);
        return known != null && known.table().equals(table) ? known : requireKeys(table);
    }

    private static boolean isOutdated(@Nullable Table table, Snapshot snapshot) {
        return snapshot.schemas() != snapshot && (table == null || !CatalogStore.isCurrent(table, snapshot));
    }

    private static KeyTable requireKeys(Table table) {
        KeyTable keys = KeyTable.of(table);
        if (keys == null) {
            throw ErrorCode.INVALID_DEFINITION.error("table " + table.qualifiedName()
                    + " holds no keys: it needs KEY VARCHAR PRIMARY KEY and VALUE VARBINARY");
        }
        return keys;
    }

    /** The table, made now unless somebody else is at it. */
    private CompletableFuture<KeyTable> created(String name) {
        CompletableFuture<KeyTable> mine = new CompletableFuture<>();
        CompletableFuture<KeyTable> first = creating.putIfAbsent(name, mine);
        if (first != null) {
            return first;
        }
        try {
            schemaWorker.execute(() -> patient.create(name, mine));
        } catch (RejectedExecutionException e) {
            creating.remove(name, mine);
            mine.completeExceptionally(ErrorCode.BUSY.error("too many tables are being made"));
        }
        return mine;
    }

    private void create(String name, CompletableFuture<KeyTable> made) {
        try {
            made.complete(create(name));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            made.completeExceptionally(ErrorCode.SHUTTING_DOWN.error());
        } catch (RuntimeException | Error e) {
            made.completeExceptionally(e);
        } finally {
            creating.remove(name, made);
        }
    }

    private KeyTable create(String name) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            KeyTable present = known(name);
            if (present != null) {
                return present;
            }
            try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
                long id = catalogs.newId(transaction);
                Table table = KeyTables.definition(name, id, id);
                catalogs.putTable(
                        transaction,
                        rights.access()
                                .created(
                                        transaction,
                                        table,
                                        transaction.snapshot().timestamp() + 1));
                transaction.commit().get(CREATE_MS_MAX, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (attempt >= ATTEMPTS_MAX || !Conflicts.isOne(e)) {
                    throw Conflicts.cause(e) instanceof RuntimeException known
                            ? known
                            : new CompletionException(Conflicts.cause(e));
                }
            } catch (TimeoutException e) {
                throw ErrorCode.OUTCOME_UNKNOWN.error(
                        e, "no answer within " + CREATE_MS_MAX + " ms for the new table " + name);
            }
        }
    }

    @Override
    public byte @Nullable [] get(String table, String row, Identity identity) {
        try (Outgoing blob = read(table, row, identity)) {
            if (blob == null) {
                return null;
            }
            if (blob.size() > Limits.VALUE_BYTES_MAX) {
                throw ErrorCode.LIMIT.error(
                        "the value of " + new KeyName(table, row).dotted() + " (read it with KEY BLOB GET)",
                        blob.size() + " bytes",
                        Limits.VALUE_BYTES_MAX);
            }
            return StoredBlob.whole(blob);
        }
    }

    @Override
    public @Nullable Outgoing read(String table, String row, Identity identity) {
        try (Snapshot snapshot = snapshot(table, identity)) {
            KeyTable keys = at(snapshot, table);
            if (keys == null) {
                return null;
            }
            byte[] rowKey = keys.rowKey(row);
            if (!KeyRights.mayRead(keys, rowKey, identity, snapshot)) {
                return null;
            }
            byte[] stored = snapshot.get(keys.table().group(), rowKey);
            if (stored == null) {
                return null;
            }
            Object value = keys.value(rowKey, stored);
            // While the snapshot stands, what its rows refer to is there.
            return value instanceof LargeValue large
                    ? new StoredBlob(
                            large, snapshot.largeValues().open(keys.table().group(), large))
                    : new StoredBlob((byte[]) value);
        }
    }

    @Override
    public void scan(String prefix, Identity identity, Visitor visitor) {
        int dot = prefix.indexOf('.');
        try (Snapshot snapshot = snapshot(null, identity)) {
            Catalog catalog = catalogs.at(snapshot);
            Map<String, Table> all = new TreeMap<>(catalog.schemas().getOrDefault(KeyTables.SCHEMA, Map.of()));
            for (Table listed : all.values()) {
                boolean wanted = dot < 0
                        ? listed.name().startsWith(prefix)
                        : listed.name().equals(prefix.substring(0, dot));
                Table table = wanted ? current(listed, snapshot) : null;
                KeyTable keys = table == null ? null : KeyTable.of(table);
                if (keys != null && !scan(snapshot, keys, identity, prefix, dot, visitor)) {
                    return;
                }
            }
        }
    }

    /** The table of that name as the snapshot sees it, or null. */
    private @Nullable Table current(Table listed, Snapshot snapshot) {
        if (!isOutdated(listed, snapshot)) {
            return listed;
        }
        KeyTable present = at(snapshot, listed.name());
        return present == null ? null : present.table();
    }

    private static boolean scan(
            Snapshot snapshot, KeyTable keys, Identity identity, String prefix, int dot, Visitor visitor) {
        String rowPrefix = dot < 0 ? "" : prefix.substring(dot + 1);
        KeyRange range = keys.rowsFrom(rowPrefix);
        TableAccess limits = KeyRights.isLimited(keys, identity)
                ? TableAccess.read(keys.table(), identity, AccessKeys.of(snapshot))
                : null;
        try (RowIterator rows = snapshot.scan(range, false);
                RowAccess rights = limits == null ? null : limits.rows(range, false)) {
            while (rows.next()) {
                String row = keys.key(rows.key(), rows.value());
                if (!row.startsWith(rowPrefix)) {
                    return true;
                }
                // The row '' has no dot in its name, so a prefix with a dot does not match it.
                boolean matches =
                        (dot < 0 || !row.isEmpty()) && (rights == null || rights.may(rows.key(), Rights.READ));
                if (matches && !visitor.visit(keys.table().name(), row)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public OptionalLong group(String name) {
        if (name.equals(SYSTEM) || name.startsWith(SYSTEM + ".")) {
            return OptionalLong.of(Store.SYSTEM_GROUP);
        }
        int dot = name.indexOf('.');
        try (Snapshot snapshot = store.snapshot()) {
            Catalog catalog = catalogs.at(snapshot);
            Table table = catalog.table(KeyTables.SCHEMA, name);
            if (table == null && dot > 0) {
                table = catalog.table(name.substring(0, dot), name.substring(dot + 1));
                table = table == null ? catalog.table(KeyTables.SCHEMA, name.substring(0, dot)) : table;
            }
            return table == null ? OptionalLong.empty() : OptionalLong.of(table.group());
        }
    }

    /** Makes no more tables. */
    @Override
    public void close() {
        schemaWorker.shutdownNow();
        creating.values().forEach(table -> table.completeExceptionally(ErrorCode.SHUTTING_DOWN.error()));
    }
}
