package io.atlasdb.sql.exec;

import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.RowSource;
import io.atlasdb.sql.tx.LargeColumns;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one statement: its transaction, parameters, budget and interrupt. It owns the scans that were opened
 * through it and closes them at its end. One thread at a time.
 */
public final class StatementContext implements RowSource, AutoCloseable {
    /**
     * What a statement knows of its session.
     *
     * @param identity who runs it
     * @param transactionMicros microseconds since 1970 UTC, the same within a transaction
     * @param newSchema whether the transaction has changed the schema, so that tables may be unknown outside of it
     */
    public record Scope(Identity identity, String schema, long transactionMicros, boolean newSchema) {}

    /** The rows of system tables. */
    public interface SystemRows {
        /** Whether rows of this table come from here rather than from the store. */
        boolean holds(Table table);

        /** All rows, each with all columns in declaration order, as the transaction sees them. */
        Iterator<@Nullable Object[]> rows(Table table, StatementContext statement);
    }

    private final Executor executor;
    private final Transaction transaction;
    private final Scope scope;
    private final List<? extends @Nullable Object> parameters;
    private final List<? extends @Nullable Object> literals;
    private final Interrupt interrupt;
    private final MemoryBudget memory;
    private final LargeColumns large;
    private final Set<TableScan> open = new LinkedHashSet<>();
    /** What it may read and write of protected tables, by their ids; null while it met none. */
    private @Nullable Map<Long, TableAccess> readable;

    private @Nullable Map<Long, TableAccess> writable;

    StatementContext(
            Executor executor,
            Transaction transaction,
            Scope scope,
            List<? extends @Nullable Object> parameters,
            List<? extends @Nullable Object> literals,
            Interrupt interrupt,
            MemoryBudget memory) {
        this.executor = executor;
        this.transaction = transaction;
        this.scope = scope;
        this.parameters = parameters;
        this.literals = literals;
        this.interrupt = interrupt;
        this.memory = memory;
        this.large = new LargeColumns(transaction);
    }

    /** The transaction that the statement runs in. */
    public Transaction transaction() {
        return transaction;
    }

    /** Whether the transaction has changed the schema. */
    public boolean newSchema() {
        return scope.newSchema();
    }

    /** Where rights are read that decide on what the statement reads. */
    public AccessKeys rights() {
        return transaction.readsPast() ? AccessKeys.of(transaction.present()) : new ReadKeys(transaction);
    }

    /** Those of now; of a table that has gone since with its rights, those of then. */
    private AccessKeys rights(Table table) {
        boolean isGone = transaction.readsPast()
                && transaction.present().get(table.group(), GroupKeys.descriptor(table.id())) == null;
        return isGone ? new ReadKeys(transaction) : rights();
    }

    /** Whether rights may stand on a table, now and not at the time that is read. */
    private boolean isProtected(Table table) {
        return table.isProtected()
                || (transaction.readsPast()
                        && !executor.systemRows().holds(table)
                        && CatalogStore.isProtected(
                                table, transaction.known(table.group(), GroupKeys.descriptor(table.id()))));
    }

    /** What may be read of a table, as far as the isolation level lets its rights be read; null when nothing is kept from it. */
    @Nullable
    TableAccess readable(Table table) {
        if (!isProtected(table) || scope.identity().admin()) {
            return null;
        }
        Map<Long, TableAccess> known = readable == null ? new HashMap<>() : readable;
        readable = known;
        return known.computeIfAbsent(table.id(), id -> TableAccess.read(table, scope.identity(), rights(table)));
    }

    /** What may be written of a table, by rights that the commit validates; null when there is no limit. */
    @Nullable
    TableAccess writable(Table table) {
        if (!table.isProtected() || scope.identity().admin()) {
            return null;
        }
        Map<Long, TableAccess> known = writable == null ? new HashMap<>() : writable;
        writable = known;
        return known.computeIfAbsent(
                table.id(), id -> TableAccess.read(table, scope.identity(), AccessKeys.of(transaction)));
    }

    @Override
    public Iterator<@Nullable Object[]> scan(Table table, KeyBounds bounds, int[] columns) {
        interrupt.check();
        if (executor.systemRows().holds(table)) {
            return SystemScan.open(executor.systemRows(), table, bounds, this);
        }
        TableScan scan = new TableScan(this, executor.tables().get(table).codec(), bounds, columns);
        open.add(scan);
        return scan;
    }

    /** The next number of an identity column or hidden key. */
    long nextNumber(Table table, Column column) {
        return scope.newSchema()
                ? executor.sequences().next(table, column, transaction)
                : executor.sequences().next(table, column);
    }

    /** A scan that ended by itself. */
    void closed(TableScan scan) {
        open.remove(scan);
    }

    @Override
    public @Nullable Object parameter(int index) {
        int given = parameters.size();
        return index < given ? parameters.get(index) : literals.get(index - given);
    }

    @Override
    public void reserve(long bytes, String step) {
        memory.reserve(bytes, step);
    }

    /** Values that stand outside of their rows. */
    LargeColumns large() {
        return large;
    }

    /** Puts the values of a row that stand outside of it in place, counted against the budget; how many bytes they are. */
    long readLarge(long group, @Nullable Object[] row) {
        return large.read(group, row, bytes -> memory.reserve(bytes, "a large value"));
    }

    /** Counts a row that is kept in memory. */
    public void reserveRow(@Nullable Object[] row, String step) {
        memory.reserve(RowSize.of(row), step);
    }

    @Override
    public void check() {
        interrupt.check();
    }

    @Override
    public long transactionMicros() {
        return scope.transactionMicros();
    }

    /** Who runs it. */
    public Identity identity() {
        return scope.identity();
    }

    @Override
    public String user() {
        return scope.identity().name();
    }

    @Override
    public String schema() {
        return scope.schema();
    }

    /** Ends all scans and gives the memory back; may be called twice. */
    @Override
    public void close() {
        List<TableScan> left = new ArrayList<>(open);
        Collections.reverse(left);
        for (TableScan scan : left) {
            scan.close();
        }
        open.clear();
        memory.close();
    }
}
