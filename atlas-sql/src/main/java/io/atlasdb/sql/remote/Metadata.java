package io.atlasdb.sql.remote;

import io.atlasdb.proto.JdbcType;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.ResultColumn;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answers to {@code java.sql.DatabaseMetaData}, from one version of the catalog, in the columns and the order that its
 * documentation prescribes. Patterns know {@code _}, {@code %} and the escape {@code \}; null means any.
 */
final class Metadata {
    private static final Set<String> SYSTEM_SCHEMAS = Set.of("INFORMATION_SCHEMA", "ATLAS");

    private static final List<ResultColumn> SCHEMAS = columns("TABLE_SCHEM TABLE_CATALOG");
    private static final List<ResultColumn> TABLES =
            columns("TABLE_CAT TABLE_SCHEM TABLE_NAME TABLE_TYPE REMARKS TYPE_CAT"
                    + " TYPE_SCHEM TYPE_NAME SELF_REFERENCING_COL_NAME REF_GENERATION");
    private static final List<ResultColumn> TABLE_TYPES = columns("TABLE_TYPE");
    private static final List<ResultColumn> COLUMNS = columns("TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE#"
            + " TYPE_NAME COLUMN_SIZE# BUFFER_LENGTH# DECIMAL_DIGITS# NUM_PREC_RADIX# NULLABLE# REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE# SQL_DATETIME_SUB# CHAR_OCTET_LENGTH# ORDINAL_POSITION# IS_NULLABLE SCOPE_CATALOG"
            + " SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE# IS_AUTOINCREMENT IS_GENERATEDCOLUMN");
    private static final List<ResultColumn> PRIMARY_KEYS =
            columns("TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ# PK_NAME");
    private static final List<ResultColumn> INDEX_INFO = columns("TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE?"
            + " INDEX_QUALIFIER INDEX_NAME TYPE# ORDINAL_POSITION# COLUMN_NAME ASC_OR_DESC CARDINALITY# PAGES#"
            + " FILTER_CONDITION");
    private static final List<ResultColumn> TYPE_INFO = columns("TYPE_NAME DATA_TYPE# PRECISION# LITERAL_PREFIX"
            + " LITERAL_SUFFIX CREATE_PARAMS NULLABLE# CASE_SENSITIVE? SEARCHABLE# UNSIGNED_ATTRIBUTE? FIXED_PREC_SCALE?"
            + " AUTO_INCREMENT? LOCAL_TYPE_NAME MINIMUM_SCALE# MAXIMUM_SCALE# SQL_DATA_TYPE# SQL_DATETIME_SUB#"
            + " NUM_PREC_RADIX#");
    private static final List<ResultColumn> BEST_ROW = columns(
            "SCOPE# COLUMN_NAME DATA_TYPE# TYPE_NAME COLUMN_SIZE#" + " BUFFER_LENGTH# DECIMAL_DIGITS# PSEUDO_COLUMN#");

    private final Catalog catalog;

    Metadata(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Columns and rows of an answer. */
    record Answer(List<ResultColumn> columns, List<@Nullable Object[]> rows) {}

    /** None: tables have no catalog. */
    static Answer catalogs() {
        return new Answer(columns("TABLE_CAT"), List.of());
    }

    Answer schemas(@Nullable String pattern) {
        Pattern schema = new Pattern(pattern);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (String name : new TreeMap<>(catalog.schemas()).keySet()) {
            if (schema.matches(name)) {
                rows.add(row(name, null));
            }
        }
        return new Answer(SCHEMAS, rows);
    }

    /** Tables ordered by type, schema and name; {@code types} null or empty means all. */
    Answer tables(@Nullable String schema, @Nullable String table, @Nullable Collection<String> types) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table t : matching(schema, table)) {
            if (types == null || types.isEmpty() || types.contains(type(t))) {
                rows.add(row(null, t.schema(), t.name(), type(t), null, null, null, null, null, null));
            }
        }
        rows.sort(Comparator.comparing(r -> String.valueOf(r[3])));
        return new Answer(TABLES, rows);
    }

    Answer tableTypes() {
        return new Answer(TABLE_TYPES, List.of(row("SYSTEM TABLE"), row("TABLE")));
    }

    Answer columns(@Nullable String schema, @Nullable String table, @Nullable String column) {
        Pattern name = new Pattern(column);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table t : matching(schema, table)) {
            int ordinal = 0;
            for (Column c : t.columns()) {
                if (c.hidden()) {
                    continue;
                }
                ordinal++;
                if (name.matches(c.name())) {
                    rows.add(columnRow(t, c, ordinal));
                }
            }
        }
        return new Answer(COLUMNS, rows);
    }

    private static @Nullable Object[] columnRow(Table table, Column column, int ordinal) {
        SqlType type = column.type();
        JdbcType jdbc = JdbcType.valueOf(type.kind().name());
        boolean identity = column.identity() != Column.Identity.NONE;
        return row(
                null,
                table.schema(),
                table.name(),
                column.name(),
                jdbc.code(),
                jdbc.sqlName(),
                jdbc.size(type.precision()),
                null,
                jdbc.fractionDigits(type.precision(), type.scale()),
                jdbc.radix() == 0 ? null : jdbc.radix(),
                column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
                null,
                column.defaultSql(),
                0,
                0,
                jdbc.isText() || jdbc.code() == Types.VARBINARY ? jdbc.size(type.precision()) : null,
                ordinal,
                column.nullable() ? "YES" : "NO",
                null,
                null,
                null,
                null,
                identity ? "YES" : "NO",
                "NO");
    }

    /** The key of one table, ordered by column name as JDBC wants it; nothing for the hidden key. */
    Answer primaryKeys(@Nullable String schema, String table) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table t : named(schema, table)) {
            if (t.hasHiddenKey()) {
                continue;
            }
            int sequence = 0;
            for (Index.Part part : t.primaryKey()) {
                rows.add(row(null, t.schema(), t.name(), columnName(t, part), ++sequence, t.primaryKeyName()));
            }
        }
        rows.sort(Comparator.comparing(r -> String.valueOf(r[3])));
        return new Answer(PRIMARY_KEYS, rows);
    }

    /** The primary key and the indexes of one table, unique ones first, then by name and position. */
    Answer indexInfo(@Nullable String schema, String table, boolean uniqueOnly) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table t : named(schema, table)) {
            if (!t.hasHiddenKey()) {
                addIndex(rows, t, t.primaryKeyName(), true, t.primaryKey());
            }
            for (Index index : t.indexes()) {
                if (index.state() == Index.State.PUBLIC && (index.unique() || !uniqueOnly)) {
                    addIndex(rows, t, index.name(), index.unique(), index.parts());
                }
            }
        }
        rows.sort(Comparator.<@Nullable Object[], Boolean>comparing(r -> Boolean.TRUE.equals(r[3]))
                .thenComparing(r -> String.valueOf(r[5])));
        return new Answer(INDEX_INFO, rows);
    }

    private static void addIndex(
            List<@Nullable Object[]> rows, Table table, String name, boolean unique, List<Index.Part> parts) {
        int position = 0;
        for (Index.Part part : parts) {
            rows.add(row(
                    null,
                    table.schema(),
                    table.name(),
                    !unique,
                    null,
                    name,
                    (int) DatabaseMetaData.tableIndexOther,
                    ++position,
                    columnName(table, part),
                    part.descending() ? "D" : "A",
                    0,
                    0,
                    null));
        }
    }

    /** The columns that tell the rows of a table apart best: its primary key. */
    Answer bestRowIdentifier(@Nullable String schema, String table) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Table t : named(schema, table)) {
            if (t.hasHiddenKey()) {
                continue;
            }
            for (Index.Part part : t.primaryKey()) {
                Column column = t.columns().get(t.position(part.column()));
                JdbcType jdbc = JdbcType.valueOf(column.type().kind().name());
                rows.add(row(
                        DatabaseMetaData.bestRowSession,
                        column.name(),
                        jdbc.code(),
                        jdbc.sqlName(),
                        jdbc.size(column.type().precision()),
                        null,
                        jdbc.fractionDigits(
                                column.type().precision(), column.type().scale()),
                        DatabaseMetaData.bestRowNotPseudo));
            }
        }
        return new Answer(BEST_ROW, rows);
    }

    /** All types, those that fit a JDBC type best first, ordered by its code. */
    static Answer typeInfo() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (JdbcType type : JdbcType.values()) {
            if (type != JdbcType.NULL) {
                rows.add(typeRow(type));
            }
        }
        rows.sort(Comparator.comparing(r -> (Integer) java.util.Objects.requireNonNull(r[1])));
        return new Answer(TYPE_INFO, rows);
    }

    private static @Nullable Object[] typeRow(JdbcType type) {
        String parameters = switch (type) {
            case DECIMAL -> "precision,scale";
            case CHAR, VARCHAR, BINARY, VARBINARY -> "length";
            case TIME, TIMESTAMP -> "precision";
            default -> null;
        };
        boolean whole = type.isNumber() && Integer.valueOf(0).equals(type.fractionDigits(0, 1));
        return row(
                type.sqlName(),
                type.code(),
                type.size(0),
                type.literalPrefix(),
                type.literalPrefix() == null ? null : "'",
                parameters,
                DatabaseMetaData.typeNullable,
                type.isText(),
                DatabaseMetaData.typeSearchable,
                !type.isNumber(),
                false,
                whole,
                null,
                0,
                type == JdbcType.DECIMAL ? 38 : 0,
                0,
                0,
                type.radix() == 0 ? null : type.radix());
    }

    private static String columnName(Table table, Index.Part part) {
        return table.columns().get(table.position(part.column())).name();
    }

    private static String type(Table table) {
        return SYSTEM_SCHEMAS.contains(table.schema()) ? "SYSTEM TABLE" : "TABLE";
    }

    private List<Table> matching(@Nullable String schemaPattern, @Nullable String tablePattern) {
        Pattern schema = new Pattern(schemaPattern);
        Pattern table = new Pattern(tablePattern);
        List<Table> tables = new ArrayList<>();
        new TreeMap<>(catalog.schemas()).forEach((schemaName, inSchema) -> {
            if (schema.matches(schemaName)) {
                new TreeMap<>(inSchema).forEach((name, t) -> {
                    if (table.matches(name)) {
                        tables.add(t);
                    }
                });
            }
        });
        return tables;
    }

    private List<Table> named(@Nullable String schema, String table) {
        List<Table> tables = new ArrayList<>();
        new TreeMap<>(catalog.schemas()).forEach((schemaName, inSchema) -> {
            Table t = inSchema.get(table);
            if (t != null && (schema == null || schema.equals(schemaName))) {
                tables.add(t);
            }
        });
        return tables;
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    /** Columns by name; {@code #} behind a name makes it an INTEGER, {@code ?} a BOOLEAN, else it is a VARCHAR. */
    private static List<ResultColumn> columns(String names) {
        List<ResultColumn> columns = new ArrayList<>();
        for (String word : names.split(" ", -1)) {
            char last = word.charAt(word.length() - 1);
            SqlType.Kind kind =
                    last == '#' ? SqlType.Kind.INTEGER : last == '?' ? SqlType.Kind.BOOLEAN : SqlType.Kind.VARCHAR;
            String name = kind == SqlType.Kind.VARCHAR ? word : word.substring(0, word.length() - 1);
            columns.add(new ResultColumn(name, SqlType.of(kind), true, null, null, null, false));
        }
        return List.copyOf(columns);
    }

    /** A LIKE pattern with {@code \} as its escape; matched without a regular expression, so that no input is slow. */
    static final class Pattern {
        private final @Nullable String pattern;

        Pattern(@Nullable String pattern) {
            this.pattern = pattern;
        }

        boolean matches(String text) {
            if (pattern == null) {
                return true;
            }
            int p = 0;
            int t = 0;
            int starPattern = -1;
            int starText = 0;
            while (t < text.length()) {
                boolean escaped = p + 1 < pattern.length() && pattern.charAt(p) == '\\';
                char c = p < pattern.length() ? pattern.charAt(escaped ? p + 1 : p) : 0;
                if (p < pattern.length() && !escaped && c == '%') {
                    starPattern = p++;
                    starText = t;
                } else if (p < pattern.length() && (c == text.charAt(t) || (!escaped && c == '_'))) {
                    p += escaped ? 2 : 1;
                    t++;
                } else if (starPattern >= 0) {
                    // The last % takes one character more.
                    p = starPattern + 1;
                    t = ++starText;
                } else {
                    return false;
                }
            }
            while (p < pattern.length() && pattern.charAt(p) == '%') {
                p++;
            }
            return p == pattern.length();
        }
    }
}
