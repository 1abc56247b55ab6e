package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.catalog.TableGroup;
import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.plan.ddl.Control;
import io.atlasdb.sql.plan.ddl.QualifiedName;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.system.GrantRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What SHOW answers. */
final class ShowRows {
    private ShowRows() {}

    /** The columns of its result. */
    static List<ResultColumn> columns(Control.Show show) {
        return switch (show.name()) {
            case "ALL" -> texts("NAME", "SETTING", "DESCRIPTION");
            case "TABLES" -> texts("TABLE_SCHEMA", "TABLE_NAME");
            case "SCHEMAS" -> texts("SCHEMA_NAME");
            case "GRANTS" -> texts("OBJECT_TYPE", "SCHEMA_NAME", "TABLE_NAME", "KEY", "GRANTEE", "PRIVILEGE");
            case "GROUPS" -> texts("GROUP_NAME", "GROUP_ID", "TABLES", "REGIONS", "FN", "FZ", "OWNER_POLICY");
            case "COLUMNS" -> texts("COLUMN_NAME", "TYPE", "NULLABLE", "KEY", "DEFAULT");
            case "INDEXES" -> texts("TABLE_NAME", "INDEX_NAME", "UNIQUE", "COLUMNS", "STATE");
            default -> texts(show.name());
        };
    }

    /** Its rows. */
    static List<@Nullable Object[]> rows(Control.Show show, Catalog catalog, Settings settings) {
        return switch (show.name()) {
            case "ALL" -> settings.all();
            case "TABLES" -> tables(show, catalog, settings);
            case "SCHEMAS" ->
                new TreeSet<>(catalog.schemas().keySet())
                        .stream().map(name -> new @Nullable Object[] {name}).toList();
            case "GROUPS" -> groups(catalog);
            case "COLUMNS" -> columns(table(show, catalog, settings));
            case "INDEXES" -> indexes(show, catalog, settings);
            default -> {
                List<@Nullable Object[]> rows = new ArrayList<>();
                rows.add(new Object[] {settings.show(show.name())});
                yield rows;
            }
        };
    }

    /** Those of SHOW GRANTS [ON table]. */
    static List<@Nullable Object[]> grants(
            Control.Show show, Catalog catalog, Settings settings, AccessKeys keys, Identity identity) {
        return show.of() == null
                ? GrantRows.all(catalog, keys, identity)
                : GrantRows.of(table(show, catalog, settings), keys, identity);
    }

    private static List<@Nullable Object[]> groups(Catalog catalog) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (TableGroup group : new TreeMap<>(catalog.groups()).values()) {
            Placement placement = catalog.placement(group.id());
            rows.add(new Object[] {
                group.name(),
                Long.toString(group.id()),
                catalog.schemas().values().stream()
                        .flatMap(tables -> tables.values().stream())
                        .filter(table -> table.group() == group.id())
                        .map(Table::qualifiedName)
                        .sorted()
                        .collect(Collectors.joining(", ")),
                String.join(", ", placement.regions()),
                text(placement.fn()),
                text(placement.fz()),
                placement.ownerPolicy()
            });
        }
        return rows;
    }

    private static @Nullable String text(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : null;
    }

    private static List<@Nullable Object[]> tables(Control.Show show, Catalog catalog, Settings settings) {
        QualifiedName of = show.of();
        String schema = of == null ? settings.schema() : of.name();
        Map<String, Table> tables = catalog.schemas().get(schema);
        if (tables == null) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(schema, "");
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        new TreeSet<>(tables.keySet()).forEach(name -> rows.add(new Object[] {schema, name}));
        return rows;
    }

    private static List<@Nullable Object[]> columns(Table table) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Column column : table.columns()) {
            if (!column.hidden()) {
                boolean key = table.primaryKey().stream().anyMatch(part -> part.column() == column.id());
                rows.add(new Object[] {
                    column.name(),
                    column.type().toString(),
                    column.nullable() ? "YES" : "NO",
                    key ? "PRIMARY KEY" : "",
                    column.identity() == Column.Identity.NONE ? column.defaultSql() : "IDENTITY"
                });
            }
        }
        return rows;
    }

    private static List<@Nullable Object[]> indexes(Control.Show show, Catalog catalog, Settings settings) {
        List<Table> tables = show.of() == null
                ? List.copyOf(new TreeMap<>(catalog.schemas().getOrDefault(settings.schema(), Map.of())).values())
                : List.of(table(show, catalog, settings));
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table table : tables) {
            for (Index index : table.indexes()) {
                rows.add(new Object[] {
                    table.name(),
                    index.name(),
                    index.unique() ? "YES" : "NO",
                    index.parts().stream()
                            .map(part -> table.columns()
                                            .get(table.position(part.column()))
                                            .name()
                                    + (part.descending() ? " DESC" : ""))
                            .collect(Collectors.joining(", ")),
                    index.state().name()
                });
            }
        }
        return rows;
    }

    private static Table table(Control.Show show, Catalog catalog, Settings settings) {
        QualifiedName of = show.of();
        if (of == null) {
            throw ErrorCode.SYNTAX.error("SHOW " + show.name() + " needs FROM and a table");
        }
        String schema = of.schema() == null ? settings.schema() : of.schema();
        Table table = catalog.table(schema, of.name());
        if (table == null) {
            throw ErrorCode.NO_SUCH_TABLE.error(schema + "." + of.name(), "");
        }
        return table;
    }

    private static List<ResultColumn> texts(String... labels) {
        List<ResultColumn> columns = new ArrayList<>();
        for (String label : labels) {
            columns.add(new ResultColumn(label, SqlType.of(SqlType.Kind.VARCHAR), true, null, null, null, false));
        }
        return List.copyOf(columns);
    }
}
