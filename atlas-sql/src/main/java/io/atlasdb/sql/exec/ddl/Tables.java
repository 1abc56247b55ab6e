package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The next version of a table, and look-ups by name with errors that help. */
final class Tables {
    private Tables() {}

    /** The table. {@code NO_SUCH_SCHEMA} or {@code NO_SUCH_TABLE} otherwise, with the nearest name. */
    static Table require(Catalog catalog, String schema, String name) {
        Map<String, Table> tables = catalog.schemas().get(schema);
        if (tables == null) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(
                    schema, NearestName.hint(schema, catalog.schemas().keySet()));
        }
        Table table = tables.get(name);
        if (table == null) {
            throw ErrorCode.NO_SUCH_TABLE.error(schema + "." + name, NearestName.hint(name, tables.keySet()));
        }
        return table;
    }

    /** The column, hidden ones left out. {@code NO_SUCH_COLUMN} otherwise, with the nearest name. */
    static Column requireColumn(Collection<Column> columns, String name) {
        for (Column column : columns) {
            if (column.name().equals(name) && !column.hidden()) {
                return column;
            }
        }
        List<String> known = columns.stream()
                .filter(column -> !column.hidden())
                .map(Column::name)
                .toList();
        throw ErrorCode.NO_SUCH_COLUMN.error(name, NearestName.hint(name, known));
    }

    /** The table whose index has that name, or null; index names are unique in a schema. */
    static @Nullable Table withIndex(Catalog catalog, String schema, String index) {
        for (Table table : catalog.schemas().getOrDefault(schema, Map.of()).values()) {
            if (table.index(index) != null) {
                return table;
            }
        }
        return null;
    }

    /** Names of all indexes and primary keys of a schema. */
    static Set<String> indexNames(Catalog catalog, String schema) {
        Set<String> names = new HashSet<>();
        for (Table table : catalog.schemas().getOrDefault(schema, Map.of()).values()) {
            names.add(table.primaryKeyName());
            table.indexes().forEach(index -> names.add(index.name()));
        }
        return names;
    }

    /** A name that is not taken: the wish, or the wish with a number. It is taken then. */
    static String freeName(String wish, Set<String> taken) {
        String base = wish.length() <= Limits.NAME_CHARACTERS_MAX - 8
                ? wish
                : wish.substring(0, Limits.NAME_CHARACTERS_MAX - 8);
        String name = base;
        for (int number = 1; !taken.add(name); number++) {
            name = base + "_" + number;
        }
        return name;
    }

    /** The table of the same id, or null when it is gone. */
    static @Nullable Table byId(Catalog catalog, long id) {
        for (Map<String, Table> tables : catalog.schemas().values()) {
            for (Table table : tables.values()) {
                if (table.id() == id) {
                    return table;
                }
            }
        }
        return null;
    }

    /** The index of that id, or null. */
    static @Nullable Index indexById(Table table, int id) {
        for (Index index : table.indexes()) {
            if (index.id() == id) {
                return index;
            }
        }
        return null;
    }

    static Table withColumns(Table table, List<Column> columns, List<Check> checks, int nextId) {
        return next(table, columns, table.indexes(), checks, nextId);
    }

    static Table withIndexes(Table table, List<Index> indexes, int nextId) {
        return next(table, table.columns(), indexes, table.checks(), nextId);
    }

    /** The next version with an index in another state. */
    static Table withState(Table table, int index, Index.State state) {
        List<Index> indexes = new ArrayList<>();
        for (Index old : table.indexes()) {
            indexes.add(
                    old.id() != index
                            ? old
                            : new Index(old.id(), old.name(), old.unique(), old.parts(), state, old.constraint()));
        }
        return withIndexes(table, indexes, table.nextId());
    }

    /** The next version without an index. */
    static Table withoutIndex(Table table, int index) {
        return withIndexes(
                table, table.indexes().stream().filter(old -> old.id() != index).toList(), table.nextId());
    }

    /** The next version with other columns and options. */
    static Table withOptions(Table table, List<Column> columns, Map<String, String> options, int nextId) {
        return next(table, columns, table.indexes(), table.checks(), nextId, options);
    }

    private static Table next(Table table, List<Column> columns, List<Index> indexes, List<Check> checks, int nextId) {
        return next(table, columns, indexes, checks, nextId, table.options());
    }

    private static Table next(
            Table table,
            List<Column> columns,
            List<Index> indexes,
            List<Check> checks,
            int nextId,
            Map<String, String> options) {
        return new Table(
                table.id(),
                table.group(),
                table.schema(),
                table.name(),
                table.version() + 1,
                columns,
                table.primaryKey(),
                table.primaryKeyName(),
                indexes,
                checks,
                nextId,
                options);
    }
}
