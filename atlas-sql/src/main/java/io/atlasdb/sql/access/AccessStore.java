package io.atlasdb.sql.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.KeyAccess;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Store;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Changes rights, in transactions of the caller. Safe for several threads with a transaction each.
 *
 * <pre>
 *   group of the table:  the lists of the table and of its rows, see {@link GroupKeys}
 *   group 0:  18 | schema      the list that new tables of the schema begin with
 * </pre>
 *
 * <p>The first right in a table makes the next version of its schema, one that is protected. So whoever knows the version of a table
 * that nobody protects knows that as well, and every guard on that version guards it: where no rights stand they cost nothing.
 *
 * <p>The rights of a schema are copied to its tables, the present and the later ones, rather than looked up beside theirs: then an
 * owner decides on what stands in its own group, and a write needs no other group's word.
 */
public final class AccessStore {
    private static final byte SCHEMAS = 0x18;

    private final CatalogStore catalogs;

    public AccessStore(CatalogStore catalogs) {
        this.catalogs = catalogs;
    }

    /**
     * Changes the rights on a table, or on one row of it.
     *
     * @param rowKey the key of the row in its group; null for the table
     * @param version a number above that of any transaction whose writes this one sees, such as the timestamp of its snapshot
     * @return the table, protected if it was not
     * @throws io.atlasdb.proto.AtlasException {@code DENIED} unless the identity may change them
     */
    public Table change(
            KeyAccess keys,
            Table table,
            byte @Nullable [] rowKey,
            AccessChange change,
            Identity identity,
            long version) {
        TableAccess access = TableAccess.read(table, identity, AccessKeys.of(keys));
        AccessList present = rowKey == null ? access.list() : access.ownList(rowKey);
        String refusal = "only an owner may change the rights on " + table.qualifiedName();
        if (rowKey == null) {
            access.requireChange(refusal);
        } else if (!access.mayChange(present)) {
            throw access.denied(refusal);
        }
        AccessList next = change.apply(present, version);
        if (next.isSame(present)) {
            return table;
        }
        Table after = table.isProtected() ? table : protect(keys, table);
        put(
                keys,
                table.group(),
                rowKey == null ? GroupKeys.access(table.id()) : GroupKeys.rowAccess(table.id(), rowKey),
                next);
        return after;
    }

    private Table protect(KeyAccess keys, Table table) {
        Table next = table.asProtected(table.version() + 1);
        catalogs.putTable(keys, next);
        return next;
    }

    private static void put(KeyAccess keys, long group, byte[] key, AccessList list) {
        if (list.isEmpty()) {
            keys.delete(group, key);
        } else {
            keys.put(group, key, list.encode());
        }
    }

    /** The list that new tables of a schema begin with. */
    public static AccessList ofSchema(AccessKeys keys, String schema) {
        return AccessList.decode(keys.get(Store.SYSTEM_GROUP, schemaKey(schema)));
    }

    /** Changes the list that new tables of a schema begin with; the caller changes those of the present ones. */
    public void changeSchema(KeyAccess keys, String schema, AccessChange change, Identity identity, long version) {
        AccessList present = ofSchema(AccessKeys.of(keys), schema);
        requireSchemaOwner(present, schema, identity);
        AccessList next = change.apply(present, version);
        if (!next.isSame(present)) {
            put(keys, Store.SYSTEM_GROUP, schemaKey(schema), next);
        }
    }

    private static void requireSchemaOwner(AccessList list, String schema, Identity identity) {
        if (!identity.admin() && list.hasOwner() && !list.gives(identity, Rights.OWNER)) {
            throw TableAccess.denied(identity, "only an owner may change schema " + schema);
        }
    }

    /** Ends the list of a schema that is dropped; {@code DENIED} when another one owns it. */
    public void dropSchema(KeyAccess keys, String schema, Identity identity) {
        AccessList present = ofSchema(AccessKeys.of(keys), schema);
        requireSchemaOwner(present, schema, identity);
        if (!present.isEmpty()) {
            keys.delete(Store.SYSTEM_GROUP, schemaKey(schema));
        }
    }

    /** Gives a table that is about to be stored for the first time the rights of its schema; returns it as it is to be stored. */
    public Table created(KeyAccess keys, Table table, long version) {
        AccessList list = ofSchema(AccessKeys.of(keys), table.schema()).at(version);
        if (list.isEmpty()) {
            return table;
        }
        put(keys, table.group(), GroupKeys.access(table.id()), list);
        return table.asProtected(table.version());
    }

    /** Gives a table that takes the place of another one the rights of that, those on its rows included. */
    public static void replaced(KeyAccess keys, Table old, Table next) {
        if (!old.isProtected()) {
            return;
        }
        byte[] list = keys.check(old.group(), GroupKeys.access(old.id()));
        if (list != null) {
            keys.put(next.group(), GroupKeys.access(next.id()), list);
        }
        try (RowIterator rows = keys.check(KeyRange.prefix(old.group(), GroupKeys.rowAccesses(old.id())))) {
            while (rows.next()) {
                keys.put(next.group(), GroupKeys.rowAccess(next.id(), old.id(), rows.key()), rows.value());
            }
        }
    }

    private static byte[] schemaKey(String schema) {
        byte[] name = schema.getBytes(UTF_8);
        return ByteBuffer.allocate(1 + name.length).put(SCHEMAS).put(name).array();
    }
}
