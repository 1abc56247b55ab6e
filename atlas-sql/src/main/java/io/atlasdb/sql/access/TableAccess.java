package io.atlasdb.sql.access;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.KeyTables;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import org.jspecify.annotations.Nullable;

/**
 * What one principal may do with one table and its rows, by the rights that stand where it was read.
 *
 * <p>A right on a row is decided by the row's own list when that restricts it, else by the table's, else everybody has it.
 * Only for tables that are protected ({@link Table#isProtected}); others need not ask. Not safe for several threads when what it
 * reads from is not.
 */
public final class TableAccess {
    private final Table table;
    private final Identity identity;
    private final AccessKeys keys;
    private final AccessList list;
    /** Whether any row has a list of its own; null before that is asked. */
    private @Nullable Boolean hasRowLists;

    private TableAccess(Table table, Identity identity, AccessKeys keys, AccessList list) {
        this.table = table;
        this.identity = identity;
        this.keys = keys;
        this.list = list;
    }

    /** Reads the rights on a table. */
    public static TableAccess read(Table table, Identity identity, AccessKeys keys) {
        byte[] list = keys.get(table.group(), GroupKeys.access(table.id()));
        return new TableAccess(table, identity, keys, AccessList.decode(list));
    }

    private boolean hasRowLists() {
        Boolean known = hasRowLists;
        if (known == null) {
            try (RowIterator rows = keys.scan(rowLists(table), false)) {
                known = rows.next();
            }
            hasRowLists = known;
        }
        return known;
    }

    /** Where the lists of all rows of a table stand. */
    public static KeyRange rowLists(Table table) {
        return KeyRange.prefix(table.group(), GroupKeys.rowAccesses(table.id()));
    }

    /** Whether rows that may not be read are left out silently, as the socket does, and not refused with the table. */
    public static boolean isByRow(Table table) {
        return table.schema().equals(KeyTables.SCHEMA);
    }

    /** The list of the table itself. */
    public AccessList list() {
        return list;
    }

    public Table table() {
        return table;
    }

    /** Whether the principal need not be asked about rows one by one: it may read them all. */
    public boolean mayReadAll() {
        return identity.admin() || (may(Rights.SELECT) && !hasRowLists());
    }

    /** Whether it may read any row at all. */
    public boolean mayReadSome() {
        return may(Rights.SELECT) || hasRowLists();
    }

    /** Whether it has all these rights on rows that have no list of their own. */
    public boolean may(int rights) {
        return may(AccessList.EMPTY, rights);
    }

    /** Whether it has all these rights on the row with that key. */
    public boolean may(byte[] rowKey, int rights) {
        return may(rowList(rowKey), rights);
    }

    /** Whether it has all these rights on a row with that list. */
    public boolean may(AccessList row, int rights) {
        if (identity.admin()) {
            return true;
        }
        int left = row.open(rights);
        int open = list.open(left);
        return row.gives(identity, rights & ~left) && list.gives(identity, left & ~open);
    }

    /** The list of a row, read without asking first whether any row has one. */
    public AccessList ownList(byte[] rowKey) {
        return AccessList.decode(keys.get(table.group(), GroupKeys.rowAccess(table.id(), rowKey)));
    }

    /** The list of a row. */
    public AccessList rowList(byte[] rowKey) {
        return hasRowLists() ? ownList(rowKey) : AccessList.EMPTY;
    }

    /** Whether it may change the rights on the table and its definition, as far as the table's own list says. */
    boolean mayChangeTable() {
        return mayChange(AccessList.EMPTY);
    }

    /** Whether it may change the rights on a row with that list: an owner, or whoever may write it when nobody owns it. */
    public boolean mayChange(AccessList row) {
        AccessList deciding = row.hasOwner() ? row : list;
        return identity.admin()
                || (deciding.hasOwner() ? deciding.gives(identity, Rights.OWNER) : may(row, Rights.WRITE));
    }

    /**
     * Refuses a change of the table as a whole: of its definition, its existence, or its owner. Without an owner of the table it
     * needs the consent of everybody who owns a row.
     *
     * @throws AtlasException {@code DENIED}
     */
    public void requireChange(String what) {
        boolean allowed = mayChangeTable();
        if (allowed && !list.hasOwner() && !identity.admin() && hasRowLists()) {
            try (RowIterator rows = keys.scan(rowLists(table), false)) {
                while (allowed && rows.next()) {
                    allowed = mayChange(AccessList.decode(rows.value()));
                }
            }
        }
        if (!allowed) {
            throw denied(what);
        }
    }

    /**
     * Refuses what needs rights on a table that is not governed by row.
     *
     * @throws AtlasException {@code DENIED}
     */
    public void require(int rights) {
        if (!may(rights)) {
            throw denied(rights);
        }
    }

    /** The error that names the rights that are missing. */
    public AtlasException denied(int rights) {
        return denied(
                "it has no right to " + String.join(", ", Rights.names(rights)) + " on table " + table.qualifiedName());
    }

    /** The error with this reason. */
    public AtlasException denied(String reason) {
        return denied(identity, reason);
    }

    /** The error for a principal, nobody included. */
    public static AtlasException denied(Identity identity, String reason) {
        return ErrorCode.DENIED.error(identity.name().isEmpty() ? "(none)" : identity.name(), reason);
    }

    /** The condition that the table's list is still the one that was read. */
    public Guard guard() {
        return new Guard(
                table.group(), GroupKeys.access(table.id()), list.version(), "the rights on " + table.qualifiedName());
    }

    /** The condition that a row's list is still the one that was read. */
    public Guard guard(byte[] rowKey, AccessList row) {
        return new Guard(
                table.group(),
                GroupKeys.rowAccess(table.id(), rowKey),
                row.version(),
                "the rights on a row of " + table.qualifiedName());
    }

    /** The rights on rows that come in key order, read beside them. */
    public RowAccess rows(KeyRange range, boolean reverse) {
        return new RowAccess(
                this, hasRowLists() ? keys.scan(GroupKeys.rowAccess(table.id(), range), reverse) : null, reverse);
    }
}
