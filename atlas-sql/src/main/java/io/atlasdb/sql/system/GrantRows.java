package io.atlasdb.sql.system;

import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.AccessList;
import io.atlasdb.sql.access.AccessStore;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.Convert;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.RowIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who has which rights, as one principal may know it: its own rights, those of its roles and of PUBLIC, and all rights on what it
 * may change the rights of. So nobody learns of a key that is hidden from him.
 */
public final class GrantRows {
    private final AccessKeys keys;
    private final Identity identity;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    private GrantRows(AccessKeys keys, Identity identity) {
        this.keys = keys;
        this.identity = identity;
    }

    /** Rows of {@code ATLAS.GRANTS}: kind of object, schema, table, key, grantee, privilege. */
    public static List<@Nullable Object[]> all(Catalog catalog, AccessKeys keys, Identity identity) {
        GrantRows rows = new GrantRows(keys, identity);
        for (String schema : new TreeSet<>(catalog.schemas().keySet())) {
            AccessList list = AccessStore.ofSchema(keys, schema);
            boolean whole = identity.admin() || list.gives(identity, Rights.OWNER);
            rows.add("SCHEMA", schema, null, null, list, whole);
        }
        for (Table table : InformationSchema.sorted(catalog)) {
            rows.addTable(table, true);
        }
        return rows.rows;
    }

    /** The same of one table and its keys. */
    public static List<@Nullable Object[]> of(Table table, AccessKeys keys, Identity identity) {
        GrantRows rows = new GrantRows(keys, identity);
        rows.addTable(table, true);
        return rows.rows;
    }

    /** Rows of {@code INFORMATION_SCHEMA.TABLE_PRIVILEGES}; ownership is listed as the rights that it implies. */
    static List<@Nullable Object[]> ofTables(Catalog catalog, AccessKeys keys, Identity identity) {
        GrantRows found = new GrantRows(keys, identity);
        for (Table table : InformationSchema.sorted(catalog)) {
            found.addTable(table, false);
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (@Nullable Object[] grant : found.rows) {
            boolean owner = "OWNERSHIP".equals(grant[5]);
            for (Object privilege : owner ? Rights.names(Rights.DATA) : List.of(String.valueOf(grant[5]))) {
                @Nullable
                Object[] row = {null, grant[4], "ATLAS", grant[1], grant[2], privilege, owner ? "YES" : "NO", "NO"};
                if (rows.stream().noneMatch(other -> Arrays.equals(other, 1, 6, row, 1, 6))) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private void addTable(Table table, boolean withKeys) {
        if (!table.isProtected()) {
            return;
        }
        TableAccess access = TableAccess.read(table, identity, keys);
        add("TABLE", table.schema(), table.name(), null, access.list(), access.mayChange(AccessList.EMPTY));
        if (!withKeys) {
            return;
        }
        TableCodec codec = new TableCodec(table);
        int[] positions = table.primaryKey().stream()
                .mapToInt(part -> table.position(part.column()))
                .toArray();
        try (RowIterator lists = keys.scan(TableAccess.rowLists(table), false)) {
            while (lists.next()) {
                AccessList list = AccessList.decode(lists.value());
                byte[] rowKey = GroupKeys.rowOf(table.id(), lists.key());
                @Nullable Object[] row = codec.decode(rowKey, new byte[0], positions);
                boolean whole = access.may(list, Rights.SELECT) && access.mayChange(list);
                add("KEY", table.schema(), table.name(), text(table, row), list, whole);
            }
        }
    }

    private static String text(Table table, @Nullable Object[] row) {
        return table.primaryKey().stream()
                .map(Index.Part::column)
                .map(column -> {
                    int position = table.position(column);
                    Object value = row[position];
                    return value == null
                            ? ""
                            : Convert.text(table.columns().get(position).type(), value);
                })
                .collect(Collectors.joining(", "));
    }

    /** Adds all grants of a list, or those that are the reader's own. */
    private void add(
            String kind, String schema, @Nullable String table, @Nullable String key, AccessList list, boolean whole) {
        list.grants().forEach((grantee, rights) -> {
            if (whole
                    || grantee.equals(AccessList.PUBLIC)
                    || identity.grantees().contains(grantee)) {
                for (String privilege : Rights.names(rights)) {
                    rows.add(new Object[] {kind, schema, table, key, grantee, privilege});
                }
            }
        });
    }
}
