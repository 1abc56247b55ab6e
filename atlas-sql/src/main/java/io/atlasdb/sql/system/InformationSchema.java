package io.atlasdb.sql.system;

import static io.atlasdb.sql.catalog.SqlType.Kind.BIGINT;
import static io.atlasdb.sql.catalog.SqlType.Kind.INTEGER;
import static io.atlasdb.sql.catalog.SqlType.Kind.VARCHAR;
import static io.atlasdb.sql.system.SystemTable.columns;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code INFORMATION_SCHEMA}, with the names and meanings of ISO/IEC 9075-11. The catalog of every name is {@code ATLAS}. */
final class InformationSchema {
    private static final String NAME = "INFORMATION_SCHEMA";
    private static final String CATALOG = "ATLAS";

    private InformationSchema() {}

    static void register(SystemTables tables) {
        registerTables(tables);
        registerColumns(tables);
        registerConstraints(tables);
        registerPrivileges(tables);
        registerEmpty(tables);
    }

    private static void registerTables(SystemTables tables) {
        tables.register(
                NAME,
                "SCHEMATA",
                columns("CATALOG_NAME", VARCHAR, "SCHEMA_NAME", VARCHAR, "SCHEMA_OWNER", VARCHAR),
                context -> schemata(context.catalog()));
        tables.register(
                NAME,
                "TABLES",
                columns(
                        "TABLE_CATALOG",
                        VARCHAR,
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "TABLE_TYPE",
                        VARCHAR,
                        "IS_INSERTABLE_INTO",
                        VARCHAR),
                context -> tables(context.catalog(), tables));
    }

    private static void registerPrivileges(SystemTables tables) {
        tables.register(
                NAME,
                "TABLE_PRIVILEGES",
                columns(
                        "GRANTOR",
                        VARCHAR,
                        "GRANTEE",
                        VARCHAR,
                        "TABLE_CATALOG",
                        VARCHAR,
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "PRIVILEGE_TYPE",
                        VARCHAR,
                        "IS_GRANTABLE",
                        VARCHAR,
                        "WITH_HIERARCHY",
                        VARCHAR),
                context -> GrantRows.ofTables(context.catalog(), context.rights(), context.identity()));
    }

    private static void registerColumns(SystemTables tables) {
        tables.register(
                NAME,
                "COLUMNS",
                columns(
                        "TABLE_CATALOG",
                        VARCHAR,
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "COLUMN_NAME",
                        VARCHAR,
                        "ORDINAL_POSITION",
                        INTEGER,
                        "COLUMN_DEFAULT",
                        VARCHAR,
                        "IS_NULLABLE",
                        VARCHAR,
                        "DATA_TYPE",
                        VARCHAR,
                        "CHARACTER_MAXIMUM_LENGTH",
                        BIGINT,
                        "CHARACTER_OCTET_LENGTH",
                        BIGINT,
                        "NUMERIC_PRECISION",
                        INTEGER,
                        "NUMERIC_PRECISION_RADIX",
                        INTEGER,
                        "NUMERIC_SCALE",
                        INTEGER,
                        "DATETIME_PRECISION",
                        INTEGER,
                        "IS_IDENTITY",
                        VARCHAR,
                        "IDENTITY_GENERATION",
                        VARCHAR),
                context -> columnRows(context.catalog(), tables));
    }

    private static void registerConstraints(SystemTables tables) {
        tables.register(
                NAME,
                "TABLE_CONSTRAINTS",
                columns(
                        "CONSTRAINT_CATALOG",
                        VARCHAR,
                        "CONSTRAINT_SCHEMA",
                        VARCHAR,
                        "CONSTRAINT_NAME",
                        VARCHAR,
                        "TABLE_CATALOG",
                        VARCHAR,
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "CONSTRAINT_TYPE",
                        VARCHAR,
                        "IS_DEFERRABLE",
                        VARCHAR,
                        "INITIALLY_DEFERRED",
                        VARCHAR),
                context -> constraints(context.catalog()));
        tables.register(
                NAME,
                "KEY_COLUMN_USAGE",
                columns(
                        "CONSTRAINT_CATALOG",
                        VARCHAR,
                        "CONSTRAINT_SCHEMA",
                        VARCHAR,
                        "CONSTRAINT_NAME",
                        VARCHAR,
                        "TABLE_CATALOG",
                        VARCHAR,
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "COLUMN_NAME",
                        VARCHAR,
                        "ORDINAL_POSITION",
                        INTEGER,
                        "POSITION_IN_UNIQUE_CONSTRAINT",
                        INTEGER),
                context -> keyColumns(context.catalog()));
        tables.register(
                NAME,
                "CHECK_CONSTRAINTS",
                columns(
                        "CONSTRAINT_CATALOG",
                        VARCHAR,
                        "CONSTRAINT_SCHEMA",
                        VARCHAR,
                        "CONSTRAINT_NAME",
                        VARCHAR,
                        "CHECK_CLAUSE",
                        VARCHAR),
                context -> checks(context.catalog()));
    }

    /** What the standard has and no statement can make yet. */
    private static void registerEmpty(SystemTables tables) {
        tables.register(
                NAME,
                "REFERENTIAL_CONSTRAINTS",
                columns(
                        "CONSTRAINT_CATALOG",
                        VARCHAR,
                        "CONSTRAINT_SCHEMA",
                        VARCHAR,
                        "CONSTRAINT_NAME",
                        VARCHAR,
                        "UNIQUE_CONSTRAINT_CATALOG",
                        VARCHAR,
                        "UNIQUE_CONSTRAINT_SCHEMA",
                        VARCHAR,
                        "UNIQUE_CONSTRAINT_NAME",
                        VARCHAR,
                        "MATCH_OPTION",
                        VARCHAR,
                        "UPDATE_RULE",
                        VARCHAR,
                        "DELETE_RULE",
                        VARCHAR),
                context -> List.of());
        tables.register(
                NAME,
                "VIEWS",
                columns(
                        "TABLE_CATALOG",
                        VARCHAR,
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "VIEW_DEFINITION",
                        VARCHAR,
                        "CHECK_OPTION",
                        VARCHAR,
                        "IS_UPDATABLE",
                        VARCHAR),
                context -> List.of());
    }

    /** All tables of a catalog by schema and name. */
    static List<Table> sorted(Catalog catalog) {
        return catalog.schemas().values().stream()
                .flatMap(tables -> tables.values().stream())
                .sorted(Comparator.comparing(Table::schema).thenComparing(Table::name))
                .toList();
    }

    static Stream<Column> visible(Table table) {
        return table.columns().stream().filter(column -> !column.hidden());
    }

    private static List<@Nullable Object[]> schemata(Catalog catalog) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        catalog.schemas().keySet().stream().sorted().forEach(name -> rows.add(new Object[] {CATALOG, name, null}));
        return rows;
    }

    private static List<@Nullable Object[]> tables(Catalog catalog, SystemTables system) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        sorted(catalog).forEach(table -> rows.add(tableRow(table, "BASE TABLE", "YES")));
        system.all().forEach(table -> rows.add(tableRow(table, "SYSTEM TABLE", "NO")));
        return rows;
    }

    private static @Nullable Object[] tableRow(Table table, String type, String insertable) {
        return new Object[] {CATALOG, table.schema(), table.name(), type, insertable};
    }

    private static List<@Nullable Object[]> columnRows(Catalog catalog, SystemTables system) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        Stream.concat(sorted(catalog).stream(), system.all().stream()).forEach(table -> {
            List<Column> columns = visible(table).toList();
            for (int i = 0; i < columns.size(); i++) {
                rows.add(columnRow(table, columns.get(i), i + 1));
            }
        });
        return rows;
    }

    private static @Nullable Object[] columnRow(Table table, Column column, int position) {
        SqlType type = column.type();
        boolean identity = column.identity() != Column.Identity.NONE;
        Long length = length(type);
        boolean text = type.kind() == SqlType.Kind.CHAR || type.kind() == SqlType.Kind.VARCHAR;
        Integer digits = digits(type);
        return new Object[] {
            CATALOG,
            table.schema(),
            table.name(),
            column.name(),
            position,
            column.defaultSql(),
            column.nullable() ? "YES" : "NO",
            typeName(type),
            length,
            length == null || !text ? length : (Long) (4 * length),
            digits,
            digits == null ? null : isApproximate(type) ? 2 : 10,
            digits == null || isApproximate(type) ? null : type.scale(),
            fraction(type),
            identity ? "YES" : "NO",
            identity ? column.identity().name().replace('_', ' ') : null
        };
    }

    /** The type without its parameters, by the names of the standard. */
    private static String typeName(SqlType type) {
        return switch (type.kind()) {
            case CHAR -> "CHARACTER";
            case VARCHAR -> "CHARACTER VARYING";
            case VARBINARY -> "BINARY VARYING";
            case DOUBLE -> "DOUBLE PRECISION";
            case TIMESTAMP_TZ -> "TIMESTAMP WITH TIME ZONE";
            case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> "INTERVAL";
            default -> type.kind().name();
        };
    }

    private static @Nullable Long length(SqlType type) {
        return switch (type.kind()) {
            case CHAR, VARCHAR, BINARY, VARBINARY ->
                type.precision() == SqlType.UNLIMITED ? null : Long.valueOf(type.precision());
            default -> null;
        };
    }

    private static boolean isApproximate(SqlType type) {
        return type.kind() == SqlType.Kind.REAL || type.kind() == SqlType.Kind.DOUBLE;
    }

    /** Digits of a number, binary ones when it is approximate. */
    private static @Nullable Integer digits(SqlType type) {
        return switch (type.kind()) {
            case TINYINT -> 3;
            case SMALLINT -> 5;
            case INTEGER -> 10;
            case BIGINT -> 19;
            case DECIMAL -> type.precision();
            case REAL -> 24;
            case DOUBLE -> 53;
            default -> null;
        };
    }

    private static @Nullable Integer fraction(SqlType type) {
        return switch (type.kind()) {
            case DATE -> 0;
            case TIME, TIMESTAMP, TIMESTAMP_TZ -> type.precision();
            default -> null;
        };
    }

    private static List<@Nullable Object[]> constraints(Catalog catalog) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table table : sorted(catalog)) {
            if (!table.hasHiddenKey()) {
                rows.add(constraint(table, table.primaryKeyName(), "PRIMARY KEY"));
            }
            for (Index index : table.indexes()) {
                if (index.constraint()) {
                    rows.add(constraint(table, index.name(), "UNIQUE"));
                }
            }
            for (Check check : table.checks()) {
                rows.add(constraint(table, check.name(), "CHECK"));
            }
        }
        return rows;
    }

    private static @Nullable Object[] constraint(Table table, String name, String type) {
        return new Object[] {CATALOG, table.schema(), name, CATALOG, table.schema(), table.name(), type, "NO", "NO"};
    }

    private static List<@Nullable Object[]> keyColumns(Catalog catalog) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table table : sorted(catalog)) {
            if (!table.hasHiddenKey()) {
                addKeyColumns(rows, table, table.primaryKeyName(), table.primaryKey());
            }
            for (Index index : table.indexes()) {
                if (index.constraint()) {
                    addKeyColumns(rows, table, index.name(), index.parts());
                }
            }
        }
        return rows;
    }

    private static void addKeyColumns(
            List<@Nullable Object[]> rows, Table table, String constraint, List<Index.Part> parts) {
        for (int i = 0; i < parts.size(); i++) {
            Column column = table.columns().get(table.position(parts.get(i).column()));
            rows.add(new Object[] {
                CATALOG, table.schema(), constraint, CATALOG, table.schema(), table.name(), column.name(), i + 1, null
            });
        }
    }

    private static List<@Nullable Object[]> checks(Catalog catalog) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table table : sorted(catalog)) {
            for (Check check : table.checks()) {
                rows.add(new Object[] {CATALOG, table.schema(), check.name(), check.sql()});
            }
        }
        return rows;
    }
}
