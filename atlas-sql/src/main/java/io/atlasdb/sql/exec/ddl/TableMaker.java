package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.ddl.ColumnDefinition;
import io.atlasdb.sql.plan.ddl.CreateTable;
import io.atlasdb.sql.plan.ddl.TableConstraint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the first version of a table of what CREATE TABLE says: numbers columns and indexes, names constraints, adds the hidden
 * key where none is declared. Used once.
 */
final class TableMaker {
    /** The key of a table that declares none. */
    static final String HIDDEN_KEY = "_ROWID";

    private final CreateTable statement;
    private final String schema;
    private final List<Column> columns = new ArrayList<>();
    private final List<Index> indexes = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final Set<String> indexNames;
    private final Set<String> checkNames = new HashSet<>();
    private TableConstraint.@Nullable PrimaryKey key;
    private int nextId = 1;

    /** With the names of indexes that the schema has; those of this table are added to them. */
    TableMaker(CreateTable statement, String schema, Set<String> indexNames) {
        this.statement = statement;
        this.schema = schema;
        this.indexNames = indexNames;
    }

    /**
     * The table.
     *
     * @param group where it stands; its own id unless it is placed in a group of tables
     */
    Table make(long id, long group, Map<String, String> options) {
        findKey();
        statement.columns().forEach(this::addColumn);
        List<Index.Part> keyParts = keyParts();
        String keyName = key != null && key.name() != null
                ? claim(key.name())
                : Tables.freeName(statement.name().name() + "_PKEY", indexNames);
        for (TableConstraint constraint : statement.constraints()) {
            if (constraint instanceof TableConstraint.Unique unique) {
                addUnique(unique);
            } else if (constraint instanceof TableConstraint.Check check) {
                checks.add(check(statement.name().name(), check, checkNames));
            }
        }
        if (options.containsKey(Table.RETAIN)) {
            // Behind the constraints, so that none of them names it: an index entry could not change with it.
            columns.add(retention(columns, nextId++));
        }
        return new Table(
                id,
                group,
                schema,
                statement.name().name(),
                1,
                columns,
                keyParts,
                keyName,
                indexes,
                checks,
                nextId,
                options);
    }

    /** The column that shows until when a row of a table with these columns is retained. */
    static Column retention(List<Column> columns, int id) {
        requireNewName(columns, Table.RETAINED_UNTIL);
        SqlType time = SqlType.of(SqlType.Kind.TIMESTAMP_TZ);
        return new Column(id, Table.RETAINED_UNTIL, time, true, null, Column.Identity.NONE, null, false);
    }

    private void findKey() {
        for (TableConstraint constraint : statement.constraints()) {
            if (constraint instanceof TableConstraint.PrimaryKey primaryKey) {
                if (key != null) {
                    throw ErrorCode.INVALID_DEFINITION.error(
                            "table " + statement.name() + " has more than one primary key");
                }
                key = primaryKey;
            }
        }
    }

    private void addColumn(ColumnDefinition definition) {
        requireNewName(columns, definition.name());
        boolean inKey = key != null && key.columns().contains(definition.name());
        requireIdentity(definition);
        columns.add(new Column(
                nextId++,
                definition.name(),
                definition.type(),
                !definition.notNull() && !inKey,
                definition.defaultSql(),
                definition.identity(),
                null,
                false));
    }

    private void requireIdentity(ColumnDefinition definition) {
        if (definition.identity() == Column.Identity.NONE) {
            return;
        }
        if (!isWhole(definition.type())) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "column " + definition.name() + " cannot be an identity, its type is " + definition.type());
        }
        for (Column other : columns) {
            if (other.identity() != Column.Identity.NONE) {
                throw ErrorCode.INVALID_DEFINITION.error("table " + statement.name()
                        + " has more than one identity column: " + other.name() + " and " + definition.name());
            }
        }
    }

    private static boolean isWhole(SqlType type) {
        return switch (type.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> true;
            case DECIMAL -> type.scale() == 0;
            default -> false;
        };
    }

    private List<Index.Part> keyParts() {
        if (key == null) {
            int id = nextId++;
            columns.add(new Column(
                    id, HIDDEN_KEY, SqlType.of(SqlType.Kind.BIGINT), false, null, Column.Identity.ALWAYS, null, true));
            return List.of(new Index.Part(id, false));
        }
        return parts(columns, key.columns());
    }

    private void addUnique(TableConstraint.Unique unique) {
        List<Index.Part> parts = parts(columns, unique.columns());
        String name = unique.name() != null
                ? claim(unique.name())
                : Tables.freeName(uniqueName(statement.name().name(), unique), indexNames);
        indexes.add(new Index(nextId++, name, true, parts, Index.State.PUBLIC, true));
    }

    private String claim(String name) {
        if (!indexNames.add(name)) {
            throw ErrorCode.INDEX_EXISTS.error(name);
        }
        return name;
    }

    static String uniqueName(String table, TableConstraint.Unique unique) {
        return table + "_" + String.join("_", unique.columns()) + "_KEY";
    }

    /** A CHECK with its name; the name must be new in the table. */
    static Check check(String table, TableConstraint.Check check, Set<String> taken) {
        if (check.name() == null) {
            return new Check(Tables.freeName(table + "_CHECK", taken), check.condition());
        }
        if (!taken.add(check.name())) {
            throw ErrorCode.INVALID_DEFINITION.error("constraint " + check.name() + " exists already");
        }
        return new Check(check.name(), check.condition());
    }

    /** Ascending parts of a key on columns that exist and have an order. */
    static List<Index.Part> parts(List<Column> columns, List<String> names) {
        List<Index.Part> parts = new ArrayList<>();
        for (String name : names) {
            parts.add(new Index.Part(requireOrdered(columns, name).id(), false));
        }
        return parts;
    }

    /** A column that may be part of a key. */
    static Column requireOrdered(List<Column> columns, String name) {
        Column column = Tables.requireColumn(columns, name);
        if (column.type().kind() == SqlType.Kind.JSON) {
            throw ErrorCode.UNSUPPORTED.error("a key on a JSON column (" + name + ")");
        }
        return column;
    }

    static void requireNewName(List<Column> columns, String name) {
        if (name.equals(HIDDEN_KEY)) {
            throw ErrorCode.INVALID_DEFINITION.error("the column name " + HIDDEN_KEY + " is reserved");
        }
        for (Column column : columns) {
            if (column.name().equals(name)) {
                throw ErrorCode.COLUMN_EXISTS.error(name);
            }
        }
    }
}
