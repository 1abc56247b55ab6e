package io.atlasdb.sql.exec.ddl;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.PrincipalStore;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.IndexEntry;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.Parsed;
import io.atlasdb.sql.plan.StatementParser;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;

/** A store in memory with DDL on it. Expressions are small integers and {@code column > number}. */
final class DdlHarness {
    final MemoryStore store = new MemoryStore();
    final CatalogStore catalogs = new CatalogStore();
    final DdlExecutor executor = new DdlExecutor(catalogs, new PrincipalStore(store), Placements.NONE);
    final IndexBuilder builder = new IndexBuilder(store, catalogs, 100);

    /** Knows just enough to tell the texts of the tests apart. */
    static final ExpressionCompiler EXPRESSIONS = new ExpressionCompiler() {
        @Override
        public Value defaultOf(Table table, Column column, String sql) {
            if (!sql.matches("-?\\d+")) {
                throw ErrorCode.DATATYPE_MISMATCH.error("no number: " + sql);
            }
            return () -> Integer.valueOf(sql);
        }

        @Override
        public Condition checkOf(Table table, String sql) {
            String[] parts = sql.replace("\"", "").split(" > ", 2);
            int position = table.position(parts[0]);
            if (position < 0) {
                throw ErrorCode.NO_SUCH_COLUMN.error(parts[0], "");
            }
            int bound = Integer.parseInt(parts[1]);
            return row -> row[position] instanceof Integer value && value <= bound;
        }
    };

    /** Runs a statement as autocommit does, follow-up included. */
    void run(String sql) {
        builder.finish(begin(sql), () -> {});
    }

    /** Runs and commits a statement, and leaves its follow-up. */
    FollowUp begin(String sql) {
        try (Transaction transaction = transaction()) {
            FollowUp followUp = in(transaction, sql, false);
            transaction.commitAndWait();
            return followUp;
        }
    }

    FollowUp in(Transaction transaction, String sql, boolean explicit) {
        Parsed.Ddl parsed = (Parsed.Ddl) StatementParser.parse(sql);
        return executor.execute(
                parsed.command(), new DdlContext(transaction, Identity.NOBODY, "PUBLIC", explicit, EXPRESSIONS));
    }

    Transaction transaction() {
        return new Transaction(store, Isolation.SERIALIZABLE, false);
    }

    AbstractThrowableAssert<?, ? extends Throwable> fails(ErrorCode code, String sql) {
        return assertThatThrownBy(() -> run(sql)).as(sql).isInstanceOfSatisfying(AtlasException.class, e -> {
            if (e.code() != code) {
                throw new AssertionError(sql + ": " + e.code() + " " + e.getMessage());
            }
        });
    }

    Catalog catalog() {
        try (Snapshot snapshot = store.snapshot()) {
            return catalogs.at(snapshot);
        }
    }

    Table table(String name) {
        return Objects.requireNonNull(catalog().table("PUBLIC", name), name);
    }

    Index index(String table, String name) {
        return Objects.requireNonNull(table(table).index(name), name);
    }

    /** Inserts rows with their index entries, as DML does. */
    void insert(String name, @Nullable Object[]... rows) {
        try (Transaction transaction = transaction()) {
            Table table = table(name);
            TableCodec codec = new TableCodec(table);
            transaction.guard(CatalogStore.guard(table));
            for (@Nullable Object[] row : rows) {
                transaction.put(table.group(), codec.rowKey(row), codec.encode(row));
                for (Index index : table.indexes()) {
                    IndexEntry entry = codec.entry(index, row);
                    transaction.put(table.group(), entry.key(), entry.value());
                }
            }
            transaction.commitAndWait();
        }
    }

    /** Rows {@code (i, i / divisor)} for i from 0. */
    void fill(String name, int count, int divisor) {
        Object[][] rows = new Object[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = new Object[] {i, i / divisor};
        }
        insert(name, rows);
    }

    List<@Nullable Object[]> rows(String name) {
        Table table = table(name);
        TableCodec codec = new TableCodec(table);
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot();
                RowIterator scan = snapshot.scan(codec.rows(), false)) {
            while (scan.next()) {
                rows.add(codec.decode(scan.key(), scan.value()));
            }
        }
        return rows;
    }

    /** Keys of the rows that the index lists, in its order. */
    List<@Nullable Object> indexed(String name, String index) {
        Table table = table(name);
        TableCodec codec = new TableCodec(table);
        Index found = index(name, index);
        List<@Nullable Object> keys = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot();
                RowIterator scan = snapshot.scan(codec.entries(found), false)) {
            while (scan.next()) {
                keys.add(codec.decodeEntry(found, scan.key(), scan.value())[0]);
            }
        }
        return keys;
    }
}
