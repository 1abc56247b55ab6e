package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.exec.ddl.FollowUp;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.tx.Savepoint;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A transaction that several statements share: its savepoints, its open rows, and whether it failed. */
final class OpenTransaction {
    /** Each savepoint costs memory for the writes behind it. */
    private static final int SAVEPOINTS_MAX = 1_000;

    private final Transaction transaction;
    private final long startMicros;
    private final long startNanos = System.nanoTime();
    private final List<Named> savepoints = new ArrayList<>();
    private final Set<LocalRows> rows = new LinkedHashSet<>();
    private boolean failed;
    private final List<FollowUp> followUps = new ArrayList<>();
    private boolean used;
    private boolean changedSchema;
    private @Nullable Catalog catalog;
    private @Nullable Snapshot catalogSnapshot;

    private record Named(String name, Savepoint savepoint) {}

    /**
     * @param startMicros microseconds since 1970, what CURRENT_TIMESTAMP says within it
     */
    OpenTransaction(Transaction transaction, long startMicros) {
        this.transaction = transaction;
        this.startMicros = startMicros;
    }

    Transaction transaction() {
        return transaction;
    }

    long startMicros() {
        return startMicros;
    }

    Set<LocalRows> rows() {
        return rows;
    }

    /** Whether it was rolled back and only waits for the client to notice. */
    boolean failed() {
        return failed;
    }

    /** Whether a statement has run in it. */
    boolean used() {
        return used;
    }

    void use() {
        used = true;
    }

    boolean changedSchema() {
        return changedSchema;
    }

    /** What is to be done after its commit. */
    List<FollowUp> followUps() {
        return followUps;
    }

    void followUp(FollowUp followUp) {
        if (!followUp.isEmpty()) {
            followUps.add(followUp);
        }
    }

    /** Notes that a statement of it changed the schema; its catalog is read anew then. */
    void schemaChanges() {
        changedSchema = true;
        catalog = null;
    }

    /** The catalog as it sees it. */
    Catalog catalog(CatalogStore catalogs) {
        Snapshot snapshot = transaction.snapshot();
        Catalog known = catalog;
        if (known == null || snapshot != catalogSnapshot) {
            known = changedSchema ? catalogs.within(transaction) : catalogs.at(snapshot);
            catalog = known;
            catalogSnapshot = snapshot;
        }
        return known;
    }

    /** Makes the commit depend on the versions of these tables, those aside that it changed itself: they are read keys. */
    void guard(List<Table> tables, CatalogStore catalogs) {
        for (Table table : tables) {
            if (!changedSchema || isCommitted(table, catalogs.at(transaction.snapshot()))) {
                transaction.guard(CatalogStore.guard(table));
            }
        }
    }

    private static boolean isCommitted(Table table, Catalog committed) {
        Table other = committed.table(table.schema(), table.name());
        return other != null && other.id() == table.id() && other.version() == table.version();
    }

    boolean isTooOld() {
        return System.nanoTime() - startNanos > TimeUnit.MILLISECONDS.toNanos(Limits.TRANSACTION_LIFE_MS);
    }

    /** Rolls back; later statements fail until the client ends the transaction. */
    void fail() {
        end();
        failed = true;
    }

    /** Ends open rows and rolls back, when that has not been done. */
    void end() {
        endRows();
        transaction.rollback();
    }

    /** Ends open rows; whoever reads them further is told. */
    void endRows() {
        for (LocalRows open : List.copyOf(rows)) {
            open.fail(ErrorCode.NO_SUCH_CURSOR.error("of these rows"));
        }
        rows.clear();
    }

    /** Makes open rows independent of the writes that follow. */
    void detachRows() {
        rows.forEach(LocalRows::detach);
    }

    void savepoint(String name) {
        if (savepoints.size() == SAVEPOINTS_MAX) {
            throw ErrorCode.LIMIT.error("the number of savepoints", SAVEPOINTS_MAX + 1, SAVEPOINTS_MAX);
        }
        savepoints.add(new Named(name, transaction.savepoint()));
    }

    void rollbackTo(String name) {
        int at = find(name);
        transaction.rollbackTo(savepoints.get(at).savepoint());
        savepoints.subList(at + 1, savepoints.size()).clear();
    }

    void release(String name) {
        int at = find(name);
        transaction.release(savepoints.get(at).savepoint());
        savepoints.subList(at, savepoints.size()).clear();
    }

    private int find(String name) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).name().equals(name)) {
                return i;
            }
        }
        throw ErrorCode.NO_SAVEPOINT.error(name);
    }
}
