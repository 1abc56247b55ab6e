package io.atlasdb.sql.system;

import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The system tables of a node. Some are there from the start; the node and the session add theirs, or supply the rows of one
 * that is defined here, before the first statement is planned. Safe for several threads.
 */
public final class SystemTables {
    private final Object lock = new Object();
    private volatile Map<String, Map<String, SystemTable>> schemas = Map.of();

    /** The tables of {@code INFORMATION_SCHEMA} and {@code ATLAS}; {@code version} is the version of the product. */
    public SystemTables(String version) {
        InformationSchema.register(this);
        AtlasTables.register(this, version);
    }

    /**
     * Adds a table.
     *
     * @param schema one of {@link CatalogStore#VIRTUAL_SCHEMAS}
     * @throws IllegalArgumentException when there is one of that name
     */
    public void register(String schema, String name, List<Column> columns, SystemTable.Rows rows) {
        if (!CatalogStore.VIRTUAL_SCHEMAS.contains(schema)) {
            throw new IllegalArgumentException("system tables cannot stand in " + schema);
        }
        synchronized (lock) {
            if (find(schema, name) != null) {
                throw new IllegalArgumentException(schema + "." + name + " is registered already");
            }
            long id = -1L - all().size();
            set(new SystemTable(SystemTable.definition(id, schema, name, columns), rows));
        }
    }

    /** Replaces what makes the rows of a table, which keeps its columns. */
    public void supply(String schema, String name, SystemTable.Rows rows) {
        synchronized (lock) {
            SystemTable table = find(schema, name);
            if (table == null) {
                throw new IllegalArgumentException("there is no system table " + schema + "." + name);
            }
            set(new SystemTable(table.definition(), rows));
        }
    }

    /** The definition of the table of that name, or null. */
    public @Nullable Table table(String schema, String name) {
        SystemTable table = find(schema, name);
        return table == null ? null : table.definition();
    }

    /** The definitions of all tables of a schema, by name. */
    public Map<String, Table> tables(String schema) {
        Map<String, Table> tables = new TreeMap<>();
        schemas.getOrDefault(schema, Map.of()).forEach((name, table) -> tables.put(name, table.definition()));
        return tables;
    }

    /** Whether a table is one of the system's, so that {@link #rows} makes its rows. */
    public static boolean isSystem(Table table) {
        return table.id() < 0;
    }

    /** The rows of a system table, in no certain order. */
    public Iterable<@Nullable Object[]> rows(Table table, SystemContext context) {
        SystemTable found = find(table.schema(), table.name());
        if (found == null) {
            throw new IllegalArgumentException("there is no system table " + table.qualifiedName());
        }
        return found.rows().read(context);
    }

    /** All definitions. */
    List<Table> all() {
        List<Table> all = new ArrayList<>();
        schemas.values().forEach(tables -> tables.values().forEach(table -> all.add(table.definition())));
        return all;
    }

    private @Nullable SystemTable find(String schema, String name) {
        return schemas.getOrDefault(schema, Map.of()).get(name);
    }

    private void set(SystemTable table) {
        Map<String, Map<String, SystemTable>> next = new TreeMap<>(schemas);
        Map<String, SystemTable> tables =
                new LinkedHashMap<>(next.getOrDefault(table.definition().schema(), Map.of()));
        tables.put(table.definition().name(), table);
        next.put(table.definition().schema(), tables);
        schemas = next;
    }
}
