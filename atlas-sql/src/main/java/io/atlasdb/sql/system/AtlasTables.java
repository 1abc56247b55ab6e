package io.atlasdb.sql.system;

import static io.atlasdb.sql.catalog.SqlType.Kind.BIGINT;
import static io.atlasdb.sql.catalog.SqlType.Kind.BOOLEAN;
import static io.atlasdb.sql.catalog.SqlType.Kind.INTEGER;
import static io.atlasdb.sql.catalog.SqlType.Kind.TIMESTAMP_TZ;
import static io.atlasdb.sql.catalog.SqlType.Kind.VARCHAR;
import static io.atlasdb.sql.system.SystemTable.columns;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables of schema {@code ATLAS} that the catalog answers, and those whose rows the session supplies. */
final class AtlasTables {
    private static final String ATLAS = "ATLAS";

    private AtlasTables() {}

    static void register(SystemTables tables, String version) {
        registerCatalog(tables);
        registerSession(tables);
        registerGrants(tables);
        tables.register(
                ATLAS,
                "VERSION",
                columns("PRODUCT", VARCHAR, "VERSION", VARCHAR, "JAVA_VERSION", VARCHAR),
                context ->
                        rows(new Object[] {"Atlas", version, Runtime.version().toString()}));
    }

    private static void registerCatalog(SystemTables tables) {
        tables.register(
                ATLAS,
                "TABLES",
                columns(
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "TABLE_ID",
                        BIGINT,
                        "GROUP_ID",
                        BIGINT,
                        "VERSION",
                        BIGINT,
                        "COLUMN_COUNT",
                        INTEGER,
                        "INDEX_COUNT",
                        INTEGER,
                        "OPTIONS",
                        VARCHAR),
                context -> tableRows(context.catalog()));
        tables.register(
                ATLAS,
                "INDEXES",
                columns(
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "INDEX_NAME",
                        VARCHAR,
                        "INDEX_ID",
                        INTEGER,
                        "IS_UNIQUE",
                        BOOLEAN,
                        "IS_PRIMARY",
                        BOOLEAN,
                        "IS_CONSTRAINT",
                        BOOLEAN,
                        "COLUMNS",
                        VARCHAR,
                        "STATE",
                        VARCHAR),
                context -> indexRows(context.catalog()));
    }

    private static void registerGrants(SystemTables tables) {
        tables.register(
                ATLAS,
                "GRANTS",
                columns(
                        "OBJECT_TYPE",
                        VARCHAR,
                        "SCHEMA_NAME",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "KEY",
                        VARCHAR,
                        "GRANTEE",
                        VARCHAR,
                        "PRIVILEGE",
                        VARCHAR),
                context -> GrantRows.all(context.catalog(), context.rights(), context.identity()));
    }

    /** The session supplies their rows. */
    private static void registerSession(SystemTables tables) {
        tables.register(
                ATLAS,
                "SETTINGS",
                columns("NAME", VARCHAR, "VALUE", VARCHAR, "DEFAULT_VALUE", VARCHAR, "DESCRIPTION", VARCHAR),
                context -> List.of());
        tables.register(
                ATLAS,
                "USERS",
                columns(
                        "USER_NAME",
                        VARCHAR,
                        "IS_ROLE",
                        BOOLEAN,
                        "IS_ADMIN",
                        BOOLEAN,
                        "HAS_PASSWORD",
                        BOOLEAN,
                        "ROLES",
                        VARCHAR),
                context -> List.of());
        tables.register(
                ATLAS,
                "SESSIONS",
                columns(
                        "SESSION_ID",
                        BIGINT,
                        "USER_NAME",
                        VARCHAR,
                        "SCHEMA_NAME",
                        VARCHAR,
                        "STARTED_AT",
                        TIMESTAMP_TZ,
                        "STATE",
                        VARCHAR,
                        "STATEMENT",
                        VARCHAR,
                        "STATEMENT_STARTED_AT",
                        TIMESTAMP_TZ,
                        "TRANSACTION_STARTED_AT",
                        TIMESTAMP_TZ),
                context -> List.of());
    }

    private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
        return List.of(rows);
    }

    private static List<@Nullable Object[]> tableRows(Catalog catalog) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table table : InformationSchema.sorted(catalog)) {
            String options = table.options().entrySet().stream()
                    .map(option -> option.getKey() + "=" + option.getValue())
                    .sorted()
                    .collect(Collectors.joining(", "));
            rows.add(new Object[] {
                table.schema(),
                table.name(),
                table.id(),
                table.group(),
                table.version(),
                (int) InformationSchema.visible(table).count(),
                table.indexes().size(),
                options
            });
        }
        return rows;
    }

    private static List<@Nullable Object[]> indexRows(Catalog catalog) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table table : InformationSchema.sorted(catalog)) {
            if (!table.hasHiddenKey()) {
                rows.add(new Object[] {
                    table.schema(),
                    table.name(),
                    table.primaryKeyName(),
                    0,
                    true,
                    true,
                    true,
                    names(table, table.primaryKey()),
                    Index.State.PUBLIC.name()
                });
            }
            for (Index index : table.indexes()) {
                rows.add(new Object[] {
                    table.schema(),
                    table.name(),
                    index.name(),
                    index.id(),
                    index.unique(),
                    false,
                    index.constraint(),
                    names(table, index.parts()),
                    index.state().name()
                });
            }
        }
        return rows;
    }

    private static String names(Table table, List<Index.Part> parts) {
        return parts.stream()
                .map(part ->
                        table.columns().get(table.position(part.column())).name() + (part.descending() ? " DESC" : ""))
                .collect(Collectors.joining(", "));
    }
}
