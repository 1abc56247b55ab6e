package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.RetainPeriod;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.ddl.AlterTable;
import io.atlasdb.sql.plan.ddl.ColumnDefinition;
import io.atlasdb.sql.plan.ddl.PlacementOptions;
import io.atlasdb.sql.plan.ddl.TableConstraint;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.tx.LargeColumns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** ALTER TABLE. No row is rewritten: columns have ids, and a row says which it holds. */
final class TableChanges {
    private final CatalogStore catalogs;
    private final IndexStatements indexes;
    private final GroupStatements groups;

    TableChanges(CatalogStore catalogs, IndexStatements indexes, GroupStatements groups) {
        this.catalogs = catalogs;
        this.indexes = indexes;
        this.groups = groups;
    }

    FollowUp alter(AlterTable command, DdlContext context, Catalog catalog) {
        String schema = context.schemaOf(command.table());
        if (command.ifExists() && catalog.table(schema, command.table().name()) == null) {
            return FollowUp.NONE;
        }
        Table table = Tables.require(catalog, schema, command.table().name());
        context.requireOwner(table);
        AlterTable.Action action = command.action();
        if (action instanceof AlterTable.SetOwner set) {
            requireOwnGroup(table);
            groups.setOwner(table.group(), set.wish(), context, catalog);
            return FollowUp.NONE;
        }
        if (action instanceof AlterTable.SetPlacement set) {
            String period = set.options().values().get(Table.RETAIN);
            if (period != null) {
                retain(table, period, set.options(), context);
                return FollowUp.NONE;
            }
            requireOwnGroup(table);
            groups.setPlacement(table.group(), set.options(), context, catalog);
            return FollowUp.NONE;
        }
        DdlExecutor.requireNotKeyTable(table, "ALTER TABLE on");
        if (action instanceof AlterTable.AddColumn add) {
            return addColumn(table, add, context, catalog);
        } else if (action instanceof AlterTable.DropColumn drop) {
            dropColumn(table, drop, context);
        } else if (action instanceof AlterTable.RenameColumn rename) {
            renameColumn(table, rename, context);
        } else if (action instanceof AlterTable.RenameTable rename) {
            catalogs.rename(context.transaction(), table, table.schema(), rename.to());
        }
        return FollowUp.NONE;
    }

    /** For rows to come: those that are there keep the time that they have. */
    private void retain(Table table, String period, PlacementOptions all, DdlContext context) {
        DdlExecutor.requireNotKeyTable(table, "option retain on");
        if (all.values().size() > 1) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "retain stands alone in ALTER TABLE SET; say the rest in another one");
        }
        List<Column> columns = new ArrayList<>(table.columns());
        int nextId = table.nextId();
        if (!table.options().containsKey(Table.RETAIN)) {
            columns.add(TableMaker.retention(columns, nextId++));
        }
        Map<String, String> options = new TreeMap<>(table.options());
        options.put(Table.RETAIN, checkedPeriod(period));
        catalogs.putTable(context.transaction(), Tables.withOptions(table, columns, options, nextId));
    }

    /** The text of a period as it is kept. {@code INVALID_DEFINITION} when it is none. */
    static String checkedPeriod(String text) {
        RetainPeriod.parse(text);
        return text.strip().toLowerCase(Locale.ROOT);
    }

    /** Without the column nobody would see until when a row is retained. */
    private static void requireNotRetention(Table table, Column column) {
        if (table.retentionPosition() >= 0 && table.columns().indexOf(column) == table.retentionPosition()) {
            throw ErrorCode.DEPENDENT_OBJECTS.error(
                    "column " + column.name(), "option retain of table " + table.qualifiedName());
        }
    }

    private static void requireOwnGroup(Table table) {
        String group = table.options().get(Table.GROUP);
        if (group != null) {
            throw ErrorCode.INVALID_DEFINITION.error("table " + table.qualifiedName() + " has the owner of its group;"
                    + " say ALTER GROUP " + group + " SET OWNER");
        }
    }

    private FollowUp addColumn(Table table, AlterTable.AddColumn add, DdlContext context, Catalog catalog) {
        ColumnDefinition definition = add.column();
        if (add.ifNotExists() && table.position(definition.name()) >= 0) {
            return FollowUp.NONE;
        }
        TableMaker.requireNewName(table.columns(), definition.name());
        if (definition.identity() != Column.Identity.NONE) {
            throw ErrorCode.UNSUPPORTED.error("ADD COLUMN with IDENTITY");
        }
        List<TableConstraint.Unique> uniques = new ArrayList<>();
        List<Check> checks = new ArrayList<>(table.checks());
        Set<String> checkNames = new HashSet<>();
        checks.forEach(check -> checkNames.add(check.name()));
        for (TableConstraint constraint : add.constraints()) {
            if (constraint instanceof TableConstraint.PrimaryKey) {
                throw ErrorCode.UNSUPPORTED.error("ADD COLUMN with PRIMARY KEY");
            } else if (constraint instanceof TableConstraint.Unique unique) {
                uniques.add(unique);
            } else if (constraint instanceof TableConstraint.Check check) {
                checks.add(TableMaker.check(table.name(), check, checkNames));
            }
        }
        Table changed = withColumn(table, definition, checks, context);
        requireRowsPass(changed, checks.subList(table.checks().size(), checks.size()), context);
        catalogs.putTable(context.transaction(), changed);
        return addUniques(changed, uniques, context, catalog);
    }

    private FollowUp addUniques(
            Table table, List<TableConstraint.Unique> uniques, DdlContext context, Catalog catalog) {
        Set<String> names = Tables.indexNames(catalog, table.schema());
        List<FollowUp.Build> builds = new ArrayList<>();
        Table present = table;
        for (TableConstraint.Unique unique : uniques) {
            String wish = unique.name();
            if (wish != null && !names.add(wish)) {
                throw ErrorCode.INDEX_EXISTS.error(wish);
            }
            String name = wish != null ? wish : Tables.freeName(TableMaker.uniqueName(table.name(), unique), names);
            List<Index.Part> parts = TableMaker.parts(present.columns(), unique.columns());
            Index index = new Index(present.nextId(), name, true, parts, Index.State.BUILDING, true);
            FollowUp followUp = indexes.add(present, index, context);
            builds.addAll(followUp.builds());
            present = Tables.require(catalogs.within(context.transaction()), table.schema(), table.name());
        }
        return builds.isEmpty() ? FollowUp.NONE : new FollowUp(builds, List.of());
    }

    /** The table with the new column; rows of before hold the default's value of this moment. */
    private static Table withColumn(Table table, ColumnDefinition definition, List<Check> checks, DdlContext context) {
        Column plain = column(table, definition, null);
        List<Column> columns = new ArrayList<>(table.columns());
        columns.add(plain);
        Table changed = Tables.withColumns(table, columns, checks, table.nextId() + 1);
        Object value = plain.defaultSql() == null
                ? null
                : context.expressions()
                        .defaultOf(changed, plain, plain.defaultSql())
                        .now();
        if (value == null && definition.notNull() && !DdlExecutor.isEmpty(context.transaction(), table)) {
            throw ErrorCode.NOT_NULL.error(definition.name(), table.qualifiedName());
        }
        columns.set(columns.size() - 1, column(table, definition, value));
        return Tables.withColumns(table, columns, checks, table.nextId() + 1);
    }

    private static Column column(Table table, ColumnDefinition definition, @Nullable Object missing) {
        return new Column(
                table.nextId(),
                definition.name(),
                definition.type(),
                !definition.notNull(),
                definition.defaultSql(),
                definition.identity(),
                missing,
                false);
    }

    /** Compiles the new conditions and reads the rows against them; the transaction depends on what it read. */
    private static void requireRowsPass(Table table, List<Check> checks, DdlContext context) {
        if (checks.isEmpty()) {
            return;
        }
        List<ExpressionCompiler.Condition> conditions = new ArrayList<>();
        for (Check check : checks) {
            conditions.add(context.expressions().checkOf(table, check.sql()));
        }
        TableCodec codec = new TableCodec(table);
        try (RowIterator rows = context.transaction().check(codec.rows())) {
            while (rows.next()) {
                @Nullable Object[] row = codec.decode(rows.key(), rows.value());
                new LargeColumns(context.transaction()).read(table.group(), row, bytes -> {});
                for (int i = 0; i < conditions.size(); i++) {
                    if (conditions.get(i).isFalse(row)) {
                        throw ErrorCode.CHECK.error(checks.get(i).name(), table.qualifiedName());
                    }
                }
            }
        }
    }

    private void dropColumn(Table table, AlterTable.DropColumn drop, DdlContext context) {
        if (drop.ifExists() && table.position(drop.name()) < 0) {
            return;
        }
        Column column = Tables.requireColumn(table.columns(), drop.name());
        requireNotRetention(table, column);
        requireUnused(table, column);
        if (table.columns().stream().filter(other -> !other.hidden()).count() == 1) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "column " + drop.name() + " is the last one of table " + table.qualifiedName());
        }
        List<Column> columns = new ArrayList<>(table.columns());
        columns.remove(column);
        catalogs.putTable(context.transaction(), Tables.withColumns(table, columns, table.checks(), table.nextId()));
    }

    private static void requireUnused(Table table, Column column) {
        String what = "column " + column.name();
        if (uses(table.primaryKey(), column)) {
            throw ErrorCode.DEPENDENT_OBJECTS.error(what, "primary key " + table.primaryKeyName());
        }
        for (Index index : table.indexes()) {
            if (uses(index.parts(), column)) {
                throw ErrorCode.DEPENDENT_OBJECTS.error(what, "index " + index.name());
            }
        }
        for (Check check : table.checks()) {
            if (ColumnReferences.uses(check.sql(), column.name())) {
                throw ErrorCode.DEPENDENT_OBJECTS.error(what, "check " + check.name());
            }
        }
    }

    private static boolean uses(List<Index.Part> parts, Column column) {
        return parts.stream().anyMatch(part -> part.column() == column.id());
    }

    private void renameColumn(Table table, AlterTable.RenameColumn rename, DdlContext context) {
        Column old = Tables.requireColumn(table.columns(), rename.from());
        if (rename.from().equals(rename.to())) {
            return;
        }
        requireNotRetention(table, old);
        TableMaker.requireNewName(table.columns(), rename.to());
        List<Column> columns = new ArrayList<>(table.columns());
        columns.set(
                columns.indexOf(old),
                new Column(
                        old.id(),
                        rename.to(),
                        old.type(),
                        old.nullable(),
                        old.defaultSql(),
                        old.identity(),
                        old.missing(),
                        old.hidden()));
        List<Check> checks = table.checks().stream()
                .map(check -> new Check(check.name(), ColumnReferences.rename(check.sql(), rename.from(), rename.to())))
                .toList();
        catalogs.putTable(context.transaction(), Tables.withColumns(table, columns, checks, table.nextId()));
    }
}
