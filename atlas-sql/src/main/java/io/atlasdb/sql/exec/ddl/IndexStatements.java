package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.ddl.CreateIndex;
import io.atlasdb.sql.plan.ddl.DropIndex;
import io.atlasdb.sql.plan.ddl.IndexColumn;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.List;

/** CREATE INDEX and DROP INDEX, as far as they fit the statement's transaction. */
final class IndexStatements {
    /** Rows of a table whose index is filled at once, in the transaction that creates it. */
    static final int ROWS_AT_ONCE_MAX = 1_000;

    private final CatalogStore catalogs;

    IndexStatements(CatalogStore catalogs) {
        this.catalogs = catalogs;
    }

    FollowUp create(CreateIndex command, DdlContext context, Catalog catalog) {
        Table table = Tables.require(
                catalog, context.schemaOf(command.table()), command.table().name());
        context.requireOwner(table);
        DdlExecutor.requireNotKeyTable(table, "an index on");
        if (Tables.indexNames(catalog, table.schema()).contains(command.name())) {
            if (command.ifNotExists()) {
                return FollowUp.NONE;
            }
            throw ErrorCode.INDEX_EXISTS.error(command.name());
        }
        List<Index.Part> parts = new ArrayList<>();
        for (IndexColumn part : command.columns()) {
            Column column = TableMaker.requireOrdered(table.columns(), part.name());
            if (table.columns().indexOf(column) == table.retentionPosition()) {
                throw ErrorCode.UNSUPPORTED.error("an index on column " + column.name() + ", which may grow while its"
                        + " index entries are retained,");
            }
            if (parts.stream().anyMatch(other -> other.column() == column.id())) {
                throw ErrorCode.INVALID_DEFINITION.error(
                        "column " + part.name() + " is twice in index " + command.name());
            }
            parts.add(new Index.Part(column.id(), part.descending()));
        }
        return add(
                table,
                new Index(table.nextId(), command.name(), command.unique(), parts, Index.State.BUILDING, false),
                context);
    }

    /**
     * Adds an index that takes the table's next id. A small table's index is filled here and is public at once. Otherwise it is
     * BUILDING when this returns; in a transaction that the user opened that is refused, since its end cannot be foreseen.
     */
    FollowUp add(Table table, Index index, DdlContext context) {
        Transaction transaction = context.transaction();
        boolean small = isSmall(context, table);
        if (!small && context.explicit()) {
            throw ErrorCode.TRANSACTION_OPEN.error(
                    "creating an index on a table of more than " + ROWS_AT_ONCE_MAX + " rows");
        }
        List<Index> indexes = new ArrayList<>(table.indexes());
        indexes.add(index);
        Table building = Tables.withIndexes(table, indexes, table.nextId() + 1);
        if (!small) {
            catalogs.putTable(transaction, building);
            return FollowUp.build(table.id(), index.id());
        }
        TableCodec codec = new TableCodec(building);
        try (RowIterator rows = transaction.check(codec.rows())) {
            while (rows.next()) {
                IndexFill.put(transaction, codec, index, rows.key(), rows.value());
            }
        }
        List<Index> built = new ArrayList<>(table.indexes());
        built.add(new Index(
                index.id(), index.name(), index.unique(), index.parts(), Index.State.PUBLIC, index.constraint()));
        catalogs.putTable(transaction, Tables.withIndexes(table, built, table.nextId() + 1));
        return FollowUp.NONE;
    }

    /**
     * Counts up to the limit. Outside a transaction of the user there are no writes of its own to be seen, and nothing hangs on the exact
     * count: then it leaves no range, so that writers to a large table do not stop the statement.
     */
    private static boolean isSmall(DdlContext context, Table table) {
        KeyRange range = new TableCodec(table).rows();
        Transaction transaction = context.transaction();
        int count = 0;
        try (RowIterator rows = context.explicit()
                ? transaction.scan(range, false)
                : transaction.snapshot().scan(range, false)) {
            while (rows.next()) {
                if (++count > ROWS_AT_ONCE_MAX) {
                    return false;
                }
            }
        }
        return true;
    }

    FollowUp drop(DropIndex command, DdlContext context, Catalog catalog) {
        String schema = context.schemaOf(command.name());
        String name = command.name().name();
        Table table = Tables.withIndex(catalog, schema, name);
        if (table == null) {
            if (command.ifExists()) {
                return FollowUp.NONE;
            }
            throw ErrorCode.NO_SUCH_INDEX.error(
                    schema + "." + name, NearestName.hint(name, Tables.indexNames(catalog, schema)));
        }
        context.requireOwner(table);
        Index index = table.indexes().stream()
                .filter(other -> other.name().equals(name))
                .findFirst()
                .orElseThrow();
        if (index.constraint()) {
            throw ErrorCode.DEPENDENT_OBJECTS.error(
                    "index " + name, "UNIQUE constraint " + name + " of table " + table.qualifiedName());
        }
        catalogs.putTable(context.transaction(), Tables.withoutIndex(table, index.id()));
        return FollowUp.purge(table.id(), index.id());
    }
}
