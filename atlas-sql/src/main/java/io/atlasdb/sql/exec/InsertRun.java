package io.atlasdb.sql.exec;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.plan.InsertPlan;
import io.atlasdb.sql.plan.QueryPlan;
import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.plan.RowExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One execution of an INSERT or UPSERT: fills in what the statement left out and writes row by row. */
final class InsertRun {
    private final InsertPlan plan;
    private final TableRuntime table;
    private final StatementContext statement;
    private final RowWriter writer;
    /** Which columns the statement gives values for. */
    private final boolean[] given;
    /** Positions of the generated keys that are wanted; null when none are. */
    private final int @Nullable [] keyPositions;

    /** Columns GENERATED ALWAYS that the row at hand has values for. */
    private final List<Integer> generatedGiven = new ArrayList<>();

    private final List<@Nullable Object[]> keys = new ArrayList<>();
    private long count;

    InsertRun(InsertPlan plan, TableRuntime table, StatementContext statement, boolean wantsKeys) {
        this.plan = plan;
        this.table = table;
        this.statement = statement;
        writer = new RowWriter(table, statement);
        given = new boolean[plan.table().columns().size()];
        for (int target : plan.targets()) {
            given[target] = true;
        }
        keyPositions = wantsKeys ? keyPositions(table) : null;
    }

    Outcome run() {
        QueryPlan source = plan.source();
        if (source == null) {
            for (List<@Nullable RowExpression> row : plan.rows()) {
                add(row);
            }
        } else {
            for (int target : plan.targets()) {
                giveIdentity(target);
            }
            insertFrom(source);
        }
        return keyPositions == null
                ? Outcome.count(count)
                : new Outcome(List.of(), null, count, keyColumns(keyPositions), keys);
    }

    private void insertFrom(QueryPlan source) {
        if (source.tables().isEmpty()) {
            try (RowCursor rows = source.open(statement)) {
                while (rows.next()) {
                    add(rows.row());
                }
            }
        } else {
            for (@Nullable Object[] values : Executor.collect(source, statement, "INSERT")) {
                add(values);
            }
        }
    }

    private void add(@Nullable Object[] values) {
        @Nullable Object[] row = new Object[given.length];
        for (int i = 0; i < plan.targets().length; i++) {
            row[plan.targets()[i]] = values[i];
        }
        for (int i = 0; i < row.length; i++) {
            if (!given[i]) {
                row[i] = generated(i);
            }
        }
        write(row);
    }

    private void add(List<@Nullable RowExpression> values) {
        @Nullable Object[] row = new Object[given.length];
        generatedGiven.clear();
        for (int i = 0; i < plan.targets().length; i++) {
            int target = plan.targets()[i];
            RowExpression value = values.get(i);
            if (value == null) {
                row[target] = generated(target);
            } else {
                giveIdentity(target);
                row[target] = value.eval(TableRuntime.NO_ROW, statement);
            }
        }
        for (int i = 0; i < row.length; i++) {
            if (!given[i]) {
                row[i] = generated(i);
            }
        }
        write(row);
    }

    private @Nullable Object generated(int position) {
        if (table.isNumbered(position)) {
            Column column = plan.table().columns().get(position);
            return table.number(position, statement.nextNumber(plan.table(), column));
        }
        return table.defaultValue(position, statement);
    }

    private void write(@Nullable Object[] row) {
        if (plan.upsert()) {
            writer.upsert(row, generatedGiven);
        } else {
            writer.insert(row);
        }
        count++;
        if (keyPositions != null) {
            @Nullable Object[] key = new Object[keyPositions.length];
            for (int i = 0; i < key.length; i++) {
                key[i] = row[keyPositions[i]];
            }
            statement.reserve(RowSize.of(key), "generated keys");
            keys.add(key);
        }
    }

    /** A value for a column GENERATED ALWAYS: an UPSERT may name the row to replace by it, an INSERT may not give it. */
    private void giveIdentity(int target) {
        Column column = plan.table().columns().get(target);
        if (column.identity() != Column.Identity.ALWAYS) {
            return;
        }
        if (!plan.upsert()) {
            throw ErrorCode.GENERATED_ALWAYS.error(column.name());
        }
        generatedGiven.add(target);
    }

    private static int[] keyPositions(TableRuntime table) {
        List<Column> columns = table.table().columns();
        int[] primaryKey = table.keyPositions();
        return IntStream.range(0, columns.size())
                .filter(i -> !columns.get(i).hidden())
                .filter(i -> columns.get(i).identity() != Column.Identity.NONE
                        || IntStream.of(primaryKey).anyMatch(p -> p == i))
                .toArray();
    }

    private List<ResultColumn> keyColumns(int[] positions) {
        return IntStream.of(positions)
                .mapToObj(i -> {
                    Column column = plan.table().columns().get(i);
                    return new ResultColumn(
                            column.name(),
                            column.type(),
                            column.nullable(),
                            plan.table().schema(),
                            plan.table().name(),
                            column.name(),
                            column.identity() != Column.Identity.NONE);
                })
                .toList();
    }
}
