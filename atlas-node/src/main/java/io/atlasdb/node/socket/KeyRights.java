package io.atlasdb.node.socket;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.AccessList;
import io.atlasdb.sql.access.AccessStore;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes to tables on which, or on whose keys, rights stand.
 *
 * <p>Whoever has every right that a write could need commits it blindly, guarded by the two lists that gave them; other writes are
 * transactions that look whether the key is there. What allows a write may have been read before a change that is in flight or was
 * made elsewhere: then the owner of the group refuses it and it starts over. What forbids one is read from a strong snapshot.
 */
final class KeyRights {
    private final Store store;
    private final AccessStore access;

    KeyRights(Store store, CatalogStore catalogs) {
        this.store = store;
        this.access = new AccessStore(catalogs);
    }

    AccessStore access() {
        return access;
    }

    /** Whether a value may be read, as a snapshot has it. */
    static boolean mayRead(KeyTable table, byte[] rowKey, Identity identity, Snapshot snapshot) {
        if (!isLimited(table, identity)) {
            return true;
        }
        TableAccess rights = TableAccess.read(table.table(), identity, AccessKeys.of(snapshot));
        return rights.may(rights.ownList(rowKey), Rights.READ);
    }

    /** Refuses who may neither make nor replace a value, as a snapshot has it; whether it is there is not looked at. */
    static void requireWritable(KeyTable table, String row, Identity identity, Snapshot snapshot) {
        TableAccess rights = TableAccess.read(table.table(), identity, AccessKeys.of(snapshot));
        AccessList own = rights.ownList(table.rowKey(row));
        if (!rights.may(own, Rights.INSERT) && !rights.may(own, Rights.UPDATE)) {
            throw denied(table, row, rights);
        }
    }

    private static AtlasException denied(KeyTable table, String row, TableAccess rights) {
        return rights.denied(
                "it has no right to write " + new KeyName(table.table().name(), row).dotted());
    }

    /** Whether somebody may be kept from something in a table. */
    static boolean isLimited(KeyTable table, Identity identity) {
        return table.table().isProtected() && !identity.admin();
    }

    /**
     * Writes or removes a value.
     *
     * @param value bytes or a {@code LargeValue}; null to remove it
     * @param until until when it is retained
     * @throws io.atlasdb.proto.AtlasException {@code DENIED}
     */
    CompletableFuture<Long> write(
            KeyTable table, String row, @Nullable Object value, Identity identity, Retention until) {
        byte[] rowKey = table.rowKey(row);
        int rights = value == null ? Rights.DELETE : Rights.INSERT | Rights.UPDATE;
        Commit commit = null;
        try (Snapshot draft = store.draft()) {
            TableAccess limits = TableAccess.read(table.table(), identity, AccessKeys.of(draft));
            AccessList own = limits.ownList(rowKey);
            // A value that shall be retained may be there already, and then only be retained longer.
            if (table.plain() && until.isNone() && limits.may(own, rights)) {
                byte[] encoded = value == null
                        ? null
                        : table.encode(table.row(row, value, StoreKeySpace.owner(identity), null), Retention.NONE);
                commit = new Commit(
                        Commit.BLIND,
                        List.of(),
                        List.of(new Write(table.table().group(), rowKey, encoded)),
                        List.of(table.guard(), limits.guard(), limits.guard(rowKey, own)),
                        List.of());
            }
        }
        return commit != null ? store.commit(commit) : looking(table, row, rowKey, value, identity, until);
    }

    private CompletableFuture<Long> looking(
            KeyTable table, String row, byte[] rowKey, @Nullable Object value, Identity identity, Retention until) {
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            TableAccess limits = TableAccess.read(table.table(), identity, AccessKeys.of(transaction));
            AccessList own = limits.ownList(rowKey);
            int wanted = Rights.DELETE;
            if (value != null) {
                boolean some = limits.may(own, Rights.INSERT) || limits.may(own, Rights.UPDATE);
                boolean isThere = some && transaction.check(table.table().group(), rowKey) != null;
                wanted = isThere ? Rights.UPDATE : Rights.INSERT;
            }
            if (!limits.may(own, wanted)) {
                throw denied(table, row, limits);
            }
            table.replace(transaction, row, value, StoreKeySpace.owner(identity), until);
            return transaction.commit();
        }
    }

    /** Changes the rights on a value, or on the table when the row is null. */
    CompletableFuture<Long> change(KeyTable table, @Nullable String row, AccessChange change, Identity identity) {
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
            access.change(
                    transaction,
                    table.table(),
                    row == null ? null : table.rowKey(row),
                    change,
                    identity,
                    transaction.snapshot().timestamp() + 1);
            transaction.guard(table.guard());
            return transaction.commit();
        }
    }
}
