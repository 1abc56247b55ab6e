package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.AccessStore;
import io.atlasdb.sql.access.PrincipalStore;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.KeyTables;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.catalog.TableGroup;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.ddl.AlterGroup;
import io.atlasdb.sql.plan.ddl.AlterTable;
import io.atlasdb.sql.plan.ddl.ChangeRights;
import io.atlasdb.sql.plan.ddl.CreateGroup;
import io.atlasdb.sql.plan.ddl.CreateIndex;
import io.atlasdb.sql.plan.ddl.CreateSchema;
import io.atlasdb.sql.plan.ddl.CreateTable;
import io.atlasdb.sql.plan.ddl.DdlCommand;
import io.atlasdb.sql.plan.ddl.DropGroup;
import io.atlasdb.sql.plan.ddl.DropIndex;
import io.atlasdb.sql.plan.ddl.DropSchema;
import io.atlasdb.sql.plan.ddl.DropTable;
import io.atlasdb.sql.plan.ddl.PlacementOptions;
import io.atlasdb.sql.plan.ddl.QualifiedName;
import io.atlasdb.sql.plan.ddl.TruncateTable;
import io.atlasdb.sql.plan.ddl.UserCommand;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs DDL statements in a transaction of the caller. The catalog is read anew through the transaction each time, so that
 * statements see each other. Safe for several threads with a transaction each.
 *
 * <p>A caller commits the transaction and hands the {@link FollowUp} to {@link IndexBuilder#finish}. A statement that fails may
 * have written a part of its changes: the caller goes back to a savepoint, or rolls back.
 */
public final class DdlExecutor {
    private final CatalogStore catalogs;
    private final IndexStatements indexes;
    private final GroupStatements groups;
    private final TableChanges changes;
    private final RightsStatements rights;
    private final AccessStore access;
    private final UserStatements users;

    public DdlExecutor(CatalogStore catalogs, PrincipalStore principals, Placements placements) {
        this.catalogs = catalogs;
        this.indexes = new IndexStatements(catalogs);
        this.groups = new GroupStatements(catalogs, placements);
        this.access = new AccessStore(catalogs);
        this.rights = new RightsStatements(access);
        this.changes = new TableChanges(catalogs, indexes, groups);
        this.users = new UserStatements(principals);
    }

    /**
     * Runs one statement.
     *
     * @throws io.atlasdb.proto.AtlasException what the user shall see; the class comment says what the caller does then
     */
    public FollowUp execute(DdlCommand command, DdlContext context) {
        if (command instanceof UserCommand user) {
            users.execute(user, context);
            return FollowUp.NONE;
        }
        Catalog catalog = catalogs.within(context.transaction());
        if (command instanceof CreateTable create) {
            createTable(create, context, catalog);
        } else if (command instanceof DropTable drop) {
            dropTables(drop, context, catalog);
        } else if (command instanceof AlterTable alter) {
            return changes.alter(alter, context, catalog);
        } else if (command instanceof CreateIndex create) {
            return indexes.create(create, context, catalog);
        } else if (command instanceof DropIndex drop) {
            return indexes.drop(drop, context, catalog);
        } else if (command instanceof CreateSchema create) {
            createSchema(create, context, catalog);
        } else if (command instanceof DropSchema drop) {
            dropSchema(drop, context, catalog);
        } else if (command instanceof TruncateTable truncate) {
            truncate(truncate, context, catalog);
        } else if (command instanceof CreateGroup create) {
            groups.create(create, context, catalog);
        } else if (command instanceof DropGroup drop) {
            groups.drop(drop, context, catalog);
        } else if (command instanceof AlterGroup alter) {
            groups.alter(alter, context, catalog);
        } else if (command instanceof ChangeRights change) {
            rights.change(change, context, catalog);
        }
        return FollowUp.NONE;
    }

    private void createSchema(CreateSchema command, DdlContext context, Catalog catalog) {
        if (command.ifNotExists() && catalog.schemas().containsKey(command.name())) {
            return;
        }
        catalogs.createSchema(context.transaction(), command.name());
    }

    private void dropSchema(DropSchema command, DdlContext context, Catalog catalog) {
        var tables = catalog.schemas().get(command.name());
        if (tables == null) {
            if (command.ifExists()) {
                return;
            }
            throw ErrorCode.NO_SUCH_SCHEMA.error(
                    command.name(),
                    NearestName.hint(command.name(), catalog.schemas().keySet()));
        }
        if (command.cascade()) {
            for (Table table : tables.values()) {
                context.requireOwner(table);
                catalogs.dropTable(context.transaction(), table);
            }
        }
        access.dropSchema(context.transaction(), command.name(), context.identity());
        catalogs.dropSchema(context.transaction(), command.name());
    }

    private void createTable(CreateTable command, DdlContext context, Catalog catalog) {
        String schema = context.schemaOf(command.name());
        if (catalog.table(schema, command.name().name()) != null) {
            if (command.ifNotExists()) {
                return;
            }
            throw ErrorCode.TABLE_EXISTS.error(schema + "." + command.name().name());
        }
        if (!catalog.schemas().containsKey(schema)) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(
                    schema, NearestName.hint(schema, catalog.schemas().keySet()));
        }
        if (schema.equals(KeyTables.SCHEMA)) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "schema " + schema + " holds the tables of KEY commands, which are made by the first KEY PUT");
        }
        TableMaker maker = new TableMaker(command, schema, Tables.indexNames(catalog, schema));
        Table table = make(maker, command.options(), context, catalog);
        for (Column column : table.columns()) {
            if (column.defaultSql() != null) {
                context.expressions().defaultOf(table, column, column.defaultSql());
            }
        }
        for (Check check : table.checks()) {
            context.expressions().checkOf(table, check.sql());
        }
        catalogs.putTable(context.transaction(), access.created(context.transaction(), table, context.accessVersion()));
    }

    /** In a group of tables, or in a group of its own with a placement of its own. */
    private Table make(TableMaker maker, PlacementOptions options, DdlContext context, Catalog catalog) {
        String groupName = options.values().get(Table.GROUP);
        Map<String, String> kept = new TreeMap<>(options.values());
        kept.keySet().retainAll(Set.of(Table.GROUP, Table.RETAIN));
        kept.computeIfPresent(Table.RETAIN, (name, text) -> TableChanges.checkedPeriod(text));
        if (groupName == null) {
            Placement placement = groups.placement(options);
            long id = catalogs.newId(context.transaction());
            if (!placement.equals(Placement.DEFAULT)) {
                catalogs.place(context.transaction(), id, placement);
            }
            return maker.make(id, id, kept);
        }
        if (options.values().size() > kept.size()) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "a table in group " + groupName + " lives where the group does and takes no other option");
        }
        TableGroup group = GroupStatements.require(catalog, groupName);
        return maker.make(catalogs.newId(context.transaction()), group.id(), kept);
    }

    private void dropTables(DropTable command, DdlContext context, Catalog catalog) {
        for (QualifiedName name : command.names().stream().distinct().toList()) {
            String schema = context.schemaOf(name);
            if (command.ifExists() && catalog.table(schema, name.name()) == null) {
                continue;
            }
            Table table = Tables.require(catalog, schema, name.name());
            context.requireOwner(table);
            catalogs.dropTable(context.transaction(), table);
        }
    }

    /** A new table takes the place of the old one: that costs the same for any number of rows. */
    private void truncate(TruncateTable command, DdlContext context, Catalog catalog) {
        Transaction transaction = context.transaction();
        for (QualifiedName name : command.names().stream().distinct().toList()) {
            Table old = Tables.require(catalog, context.schemaOf(name), name.name());
            context.requireOwner(old);
            long id = catalogs.newId(transaction);
            long group = old.isGrouped() ? old.group() : id;
            Table empty = new Table(
                    id,
                    group,
                    old.schema(),
                    old.name(),
                    1,
                    old.columns(),
                    old.primaryKey(),
                    old.primaryKeyName(),
                    old.indexes().stream().map(DdlExecutor::built).toList(),
                    old.checks(),
                    old.nextId(),
                    old.options());
            for (Column column : old.columns()) {
                byte[] sequence = transaction.check(old.group(), GroupKeys.sequence(old.id(), column.id()));
                if (sequence != null) {
                    transaction.put(group, GroupKeys.sequence(id, column.id()), sequence);
                }
            }
            if (!old.isGrouped() && catalog.placements().containsKey(old.group())) {
                catalogs.place(transaction, group, catalog.placement(old.group()));
            }
            AccessStore.replaced(transaction, old, empty);
            catalogs.dropTable(transaction, old);
            catalogs.putTable(transaction, empty);
        }
    }

    private static Index built(Index index) {
        return new Index(
                index.id(), index.name(), index.unique(), index.parts(), Index.State.PUBLIC, index.constraint());
    }

    /** A key table keeps its shape: commands outside SQL write its rows. */
    static void requireNotKeyTable(Table table, String what) {
        if (table.schema().equals(KeyTables.SCHEMA)) {
            throw ErrorCode.UNSUPPORTED.error(what + " " + table.qualifiedName() + ", a table of KEY commands,");
        }
    }

    /** Whether the table has no row; the transaction depends on it. */
    static boolean isEmpty(Transaction transaction, Table table) {
        try (var rows = transaction.check(new TableCodec(table).rows())) {
            return !rows.next();
        }
    }

    /** Columns of an index by name, for messages. */
    static List<String> names(Table table, List<Index.Part> parts) {
        return parts.stream()
                .map(part -> table.columns().get(table.position(part.column())).name())
                .toList();
    }
}
