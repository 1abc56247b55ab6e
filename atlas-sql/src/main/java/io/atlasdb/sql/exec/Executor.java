package io.atlasdb.sql.exec;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Sequences;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.DeletePlan;
import io.atlasdb.sql.plan.ExplainPlan;
import io.atlasdb.sql.plan.InsertPlan;
import io.atlasdb.sql.plan.KeyDeletePlan;
import io.atlasdb.sql.plan.KeyGetPlan;
import io.atlasdb.sql.plan.KeyUpdatePlan;
import io.atlasdb.sql.plan.Plan;
import io.atlasdb.sql.plan.QueryPlan;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.RowSource.KeyBounds;
import io.atlasdb.sql.plan.UpdatePlan;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans. One per node; holds what statements share and nothing of any one of them. Safe for any number of threads.
 *
 * <p>UPDATE, DELETE and INSERT … SELECT read their source to its end before they write, so that no statement meets its own
 * writes; the rows in between count against the statement's budget.
 */
public final class Executor {
    private final TableRuntimes tables;
    private final Sequences sequences;
    private final StatementContext.SystemRows systemRows;
    private final MemoryPool memory;

    public Executor(
            Sequences sequences, Expressions expressions, StatementContext.SystemRows systemRows, MemoryPool memory) {
        tables = new TableRuntimes(expressions);
        this.sequences = sequences;
        this.systemRows = systemRows;
        this.memory = memory;
    }

    TableRuntimes tables() {
        return tables;
    }

    Sequences sequences() {
        return sequences;
    }

    StatementContext.SystemRows systemRows() {
        return systemRows;
    }

    /** Forgets what is kept of tables that are gone. */
    public void retain(Set<Long> tableIds) {
        tables.retain(tableIds);
    }

    /**
     * What one execution of a statement needs.
     *
     * @param literals values of the parameters behind the user's
     * @param budgetBytes what the statement may hold
     */
    public StatementContext statement(
            Transaction transaction,
            StatementContext.Scope scope,
            List<? extends @Nullable Object> parameters,
            List<? extends @Nullable Object> literals,
            Interrupt interrupt,
            long budgetBytes) {
        return new StatementContext(
                this, transaction, scope, parameters, literals, interrupt, new MemoryBudget(memory, budgetBytes));
    }

    /**
     * Runs a plan. The rows of a query live until the statement is closed; whoever fails or finishes closes it.
     *
     * @param keys whether keys of inserted rows are wanted
     */
    public Outcome run(Plan plan, StatementContext statement, boolean keys) {
        Permissions.require(plan, statement);
        return execute(plan, statement, keys);
    }

    private Outcome execute(Plan plan, StatementContext statement, boolean keys) {
        if (plan instanceof KeyGetPlan get) {
            return Outcome.query(get.columns(), get(get, statement));
        } else if (plan instanceof QueryPlan query) {
            return Outcome.query(query.columns(), query.open(statement));
        } else if (plan instanceof KeyUpdatePlan update) {
            return Outcome.count(update(update, statement));
        } else if (plan instanceof KeyDeletePlan delete) {
            return Outcome.count(delete(delete, statement));
        } else if (plan instanceof InsertPlan insert) {
            return new InsertRun(insert, tables.get(insert.table()), statement, keys).run();
        } else if (plan instanceof UpdatePlan update) {
            return Outcome.count(update(update, statement));
        } else if (plan instanceof DeletePlan delete) {
            return Outcome.count(delete(delete, statement));
        } else if (plan instanceof ExplainPlan explain) {
            return explain(explain, statement);
        }
        throw new AssertionError("no way to run " + plan.getClass());
    }

    private RowCursor get(KeyGetPlan plan, StatementContext statement) {
        if (systemRows.holds(plan.table())) {
            return getSystem(plan, statement);
        }
        TableRuntime table = tables.get(plan.table());
        byte[] key = key(plan.key(), table, statement);
        if (key != null && isHidden(plan.table(), key, statement)) {
            return FixedCursor.EMPTY;
        }
        byte[] value =
                key == null ? null : statement.transaction().get(plan.table().group(), key);
        if (key == null || value == null) {
            return FixedCursor.EMPTY;
        }
        @Nullable Object[] row = table.codec().decode(key, value, plan.projection());
        statement.readLarge(plan.table().group(), row);
        return new FixedCursor(Collections.singletonList(projected(row, plan.projection())));
    }

    private static boolean isHidden(Table table, byte[] key, StatementContext statement) {
        TableAccess access = statement.readable(table);
        return access != null && !access.may(key, Rights.SELECT);
    }

    /** What stands for the key of a system table is not unique. */
    private RowCursor getSystem(KeyGetPlan plan, StatementContext statement) {
        @Nullable Object[] key = {plan.key().get(0).eval(TableRuntime.NO_ROW, statement)};
        KeyBounds bounds = new KeyBounds(null, key, null, false, null, false, false, Long.MAX_VALUE);
        List<@Nullable Object[]> rows = new ArrayList<>();
        SystemScan.open(systemRows, plan.table(), bounds, statement)
                .forEachRemaining(row -> rows.add(projected(row, plan.projection())));
        return new FixedCursor(key[0] == null ? List.of() : rows);
    }

    private static @Nullable Object[] projected(@Nullable Object[] row, int[] projection) {
        @Nullable Object[] result = new Object[projection.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = row[projection[i]];
        }
        return result;
    }

    private long update(KeyUpdatePlan plan, StatementContext statement) {
        TableRuntime table = tables.get(plan.table());
        RowWriter writer = new RowWriter(table, statement);
        byte[] key = key(plan.key(), table, statement);
        @Nullable Object[] before = key == null || isHidden(plan.table(), key, statement) ? null : writer.find(key);
        if (before == null) {
            return 0;
        }
        requireSettable(plan.table(), plan.set());
        @Nullable Object[] after = before.clone();
        for (int i = 0; i < plan.set().length; i++) {
            after[plan.set()[i]] = plan.values().get(i).eval(before, statement);
        }
        RowWriter.Change change = writer.change(plan.set());
        change.leave(before, after);
        change.take(before, after);
        return 1;
    }

    private long delete(KeyDeletePlan plan, StatementContext statement) {
        TableRuntime table = tables.get(plan.table());
        RowWriter writer = new RowWriter(table, statement);
        byte[] key = key(plan.key(), table, statement);
        @Nullable Object[] row = key == null || isHidden(plan.table(), key, statement) ? null : writer.findStored(key);
        if (row == null) {
            return 0;
        }
        writer.delete(row);
        return 1;
    }

    private long update(UpdatePlan plan, StatementContext statement) {
        TableRuntime table = tables.get(plan.table());
        requireSettable(plan.table(), plan.set());
        int width = plan.table().columns().size();
        List<@Nullable Object[]> pairs = collect(plan.source(), statement, "UPDATE");
        RowWriter.Change change = new RowWriter(table, statement).change(plan.set());
        for (@Nullable Object[] pair : pairs) {
            change.leave(pair, changed(pair, plan.set(), width));
            if (change.keepsKeys()) {
                change.take(pair, changed(pair, plan.set(), width));
            }
        }
        if (!change.keepsKeys()) {
            for (@Nullable Object[] pair : pairs) {
                change.take(pair, changed(pair, plan.set(), width));
            }
        }
        return pairs.size();
    }

    /** The new row of an old one that has its new values behind it. */
    private static @Nullable Object[] changed(@Nullable Object[] pair, int[] set, int width) {
        @Nullable Object[] after = Arrays.copyOf(pair, width);
        for (int i = 0; i < set.length; i++) {
            after[set[i]] = pair[width + i];
        }
        return after;
    }

    private long delete(DeletePlan plan, StatementContext statement) {
        List<@Nullable Object[]> rows = collect(plan.source(), statement, "DELETE");
        RowWriter writer = new RowWriter(tables.get(plan.table()), statement);
        for (@Nullable Object[] row : rows) {
            writer.delete(row);
        }
        return rows.size();
    }

    /** All rows of a query, counted against the budget under the name of the step. */
    static List<@Nullable Object[]> collect(QueryPlan source, StatementContext statement, String step) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (RowCursor cursor = source.open(statement)) {
            while (cursor.next()) {
                @Nullable Object[] row = cursor.row();
                statement.reserve(RowSize.of(row), step);
                rows.add(row);
            }
        }
        return rows;
    }

    private Outcome explain(ExplainPlan explain, StatementContext statement) {
        List<@Nullable Object[]> lines = new ArrayList<>();
        explain.plan().explain().lines().forEach(line -> lines.add(new Object[] {line}));
        if (explain.analyze()) {
            long start = System.nanoTime();
            Outcome outcome = execute(explain.plan(), statement, false);
            long rows = outcome.updateCount();
            RowCursor cursor = outcome.rows();
            if (cursor != null) {
                rows = 0;
                try (cursor) {
                    while (cursor.next()) {
                        rows++;
                    }
                }
            }
            lines.add(new Object[] {"rows: " + rows + ", time: " + (System.nanoTime() - start) / 1000 + " us"});
        }
        return Outcome.query(ExplainPlan.COLUMNS, new FixedCursor(lines));
    }

    /** The key that the expressions name, or null when no row can have it. */
    private static byte @Nullable [] key(
            List<RowExpression> expressions, TableRuntime table, StatementContext statement) {
        statement.check();
        @Nullable Object[] values = new Object[expressions.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = expressions.get(i).eval(TableRuntime.NO_ROW, statement);
            if (!table.canBeKey(i, values[i])) {
                return null;
            }
        }
        return table.codec().rowKeyOf(values);
    }

    private static void requireSettable(Table table, int[] set) {
        for (int position : set) {
            if (table.columns().get(position).identity() == Column.Identity.ALWAYS) {
                throw ErrorCode.GENERATED_ALWAYS.error(
                        table.columns().get(position).name());
            }
        }
    }
}
