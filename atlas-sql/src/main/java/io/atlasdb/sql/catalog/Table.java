package io.atlasdb.sql.catalog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One version of a table's schema.
 *
 * @param id never used twice in a cluster
 * @param group the group that holds its rows, indexes and schema
 * @param version grows by one with each schema change of this table
 * @param columns in the order of their declaration, hidden ones included; a row is an {@code Object[]} in this order
 * @param primaryKey never empty: a table without a declared key has a hidden column
 * @param nextId the next column or index id to give out
 * @param options {@link #GROUP} with the name of the group that the table was placed in; {@link #ACCESS} once rights were given;
 *     {@link #RETAIN} with the period that new rows are retained for
 */
public record Table(
        long id,
        long group,
        String schema,
        String name,
        long version,
        List<Column> columns,
        List<Index.Part> primaryKey,
        String primaryKeyName,
        List<Index> indexes,
        List<Check> checks,
        int nextId,
        Map<String, String> options) {
    /** The option that names the group of tables that a table stands in. */
    public static final String GROUP = "GROUP";
    /** The option of a table on which, or on whose rows, rights were given. */
    public static final String ACCESS = "ACCESS";
    /** The option that says for how long new rows are retained; a table that has it keeps it. */
    public static final String RETAIN = "RETAIN";
    /** The column that shows until when a row is retained, in tables with {@link #RETAIN} and in key tables. */
    public static final String RETAINED_UNTIL = "RETAINED_UNTIL";

    public Table {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        indexes = List.copyOf(indexes);
        checks = List.copyOf(checks);
        options = Map.copyOf(options);
        if (primaryKey.isEmpty()) {
            throw new IllegalArgumentException("table " + name + " has no key");
        }
    }

    /** The position of a column in a row, by its id. */
    public int position(int columnId) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).id() == columnId) {
                return i;
            }
        }
        throw new IllegalArgumentException("table " + name + " has no column with id " + columnId);
    }

    /** The position of a column in a row, by its name; -1 when there is none. */
    public int position(String columnName) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(columnName)) {
                return i;
            }
        }
        return -1;
    }

    /** The index of that name, or null. */
    public @Nullable Index index(String indexName) {
        for (Index index : indexes) {
            if (index.name().equals(indexName)) {
                return index;
            }
        }
        return null;
    }

    /**
     * The position of the column that shows until when a row is retained; -1 when rows of this table cannot be. It is not stored
     * as other columns are, see {@link io.atlasdb.sql.store.Retention}.
     */
    public int retentionPosition() {
        if (!schema.equals(KeyTables.SCHEMA) && !options.containsKey(RETAIN)) {
            return -1;
        }
        int position = position(RETAINED_UNTIL);
        return position >= 0 && columns.get(position).type().kind() == SqlType.Kind.TIMESTAMP_TZ ? position : -1;
    }

    /** For how long new rows are retained. */
    public RetainPeriod retainPeriod() {
        String text = options.get(RETAIN);
        return text == null ? RetainPeriod.NONE : RetainPeriod.parse(text);
    }

    /**
     * Whether a later version of this table says the same of each of its rows: the table has its name, and every column is there
     * under its own name.
     */
    public boolean keepsRecordsOf(Table before) {
        return id == before.id
                && group == before.group
                && schema.equals(before.schema)
                && name.equals(before.name)
                && primaryKey.equals(before.primaryKey)
                && (options.containsKey(RETAIN) || !before.options.containsKey(RETAIN))
                && before.columns.stream().allMatch(this::has);
    }

    private boolean has(Column old) {
        return columns.stream()
                .anyMatch(column -> column.id() == old.id()
                        && column.name().equals(old.name())
                        && column.type().equals(old.type())
                        && column.hidden() == old.hidden()
                        && Objects.deepEquals(column.missing(), old.missing()));
    }

    /** Whether the key is the hidden column that the system numbers. */
    public boolean hasHiddenKey() {
        return columns.get(position(primaryKey.get(0).column())).hidden();
    }

    /** Whether it shares its group with others; else the group is its own and ends with it. */
    public boolean isGrouped() {
        return options.containsKey(GROUP);
    }

    /** Whether rights may stand in its group; else everybody may do everything with it and its rows. */
    public boolean isProtected() {
        return options.containsKey(ACCESS);
    }

    /** The table with another version, one that rights may stand on. */
    public Table asProtected(long newVersion) {
        Map<String, String> more = new HashMap<>(options);
        more.put(ACCESS, "yes");
        return new Table(
                id,
                group,
                schema,
                name,
                newVersion,
                columns,
                primaryKey,
                primaryKeyName,
                indexes,
                checks,
                nextId,
                more);
    }

    /** {@code SCHEMA.NAME}. */
    public String qualifiedName() {
        return schema + "." + name;
    }
}
