package io.atlasdb.sql.exec;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.RowSource;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One version of a table, ready to be read and written: its codec, its compiled DEFAULT and CHECK expressions. Immutable, safe
 * for several threads.
 */
final class TableRuntime {
    private final Table table;
    private final TableCodec codec;
    private final int[] keyPositions;
    private final int[] allPositions;
    private final Expressions expressions;
    /** Compiled when first written to: most tables are read far more often, and compiling takes milliseconds. */
    private volatile @Nullable Compiled compiled;

    private record Compiled(List<@Nullable RowExpression> defaults, List<RowExpression> checks) {}

    TableRuntime(Table table, Expressions expressions) {
        this.table = table;
        codec = new TableCodec(table);
        keyPositions = positions(table.primaryKey());
        allPositions = IntStream.range(0, table.columns().size()).toArray();
        this.expressions = expressions;
    }

    private Compiled compiled() {
        Compiled known = compiled;
        if (known == null) {
            List<@Nullable RowExpression> defaults = new ArrayList<>();
            for (Column column : table.columns()) {
                String sql = column.defaultSql();
                defaults.add(sql == null ? null : expressions.defaultOf(table, column, sql));
            }
            List<RowExpression> checks = new ArrayList<>();
            for (Check check : table.checks()) {
                checks.add(expressions.checkOf(table, check.sql()));
            }
            known = new Compiled(defaults, checks);
            compiled = known;
        }
        return known;
    }

    Table table() {
        return table;
    }

    TableCodec codec() {
        return codec;
    }

    /** Positions in a row of the primary key's columns, in key order. */
    int[] keyPositions() {
        return keyPositions;
    }

    /** 0, 1, … up to the last column. */
    int[] allPositions() {
        return allPositions;
    }

    /** Positions in a row of the columns of an index. */
    int[] positions(List<Index.Part> parts) {
        return parts.stream().mapToInt(part -> table.position(part.column())).toArray();
    }

    /** Whether a column of the primary key can hold the value: a DECIMAL only within its digits. */
    boolean canBeKey(int part, @Nullable Object value) {
        if (value instanceof BigDecimal number) {
            SqlType type = table.columns().get(keyPositions[part]).type();
            return number.stripTrailingZeros().scale() <= type.scale()
                    && number.precision() - number.scale() <= type.precision() - type.scale();
        }
        return value != null;
    }

    /** Whether the system numbers a column: an identity column, or the hidden key. */
    boolean isNumbered(int position) {
        Column column = table.columns().get(position);
        return column.identity() != Column.Identity.NONE || column.hidden();
    }

    /** The value of a column that the user left out, numbered columns aside. */
    @Nullable
    Object defaultValue(int position, RowSource source) {
        RowExpression expression = compiled().defaults().get(position);
        return expression == null ? null : expression.eval(NO_ROW, source);
    }

    /** Throws {@code NOT_NULL} or {@code CHECK} unless the row may stand in the table. */
    void requireValid(@Nullable Object[] row, RowSource source) {
        for (int i = 0; i < row.length; i++) {
            if (row[i] == null && !table.columns().get(i).nullable()) {
                throw ErrorCode.NOT_NULL.error(table.columns().get(i).name(), table.qualifiedName());
            }
        }
        List<RowExpression> checks = compiled().checks();
        for (int i = 0; i < checks.size(); i++) {
            if (Boolean.FALSE.equals(checks.get(i).eval(row, source))) {
                throw ErrorCode.CHECK.error(table.checks().get(i).name(), table.qualifiedName());
            }
        }
    }

    /** A number as a value of a numbered column. */
    Object number(int position, long number) {
        SqlType type = table.columns().get(position).type();
        boolean fits = switch (type.kind()) {
            case TINYINT -> number <= Byte.MAX_VALUE;
            case SMALLINT -> number <= Short.MAX_VALUE;
            case INTEGER -> number <= Integer.MAX_VALUE;
            case DECIMAL -> BigDecimal.valueOf(number).precision() <= type.precision() - type.scale();
            default -> true;
        };
        if (!fits) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(
                    number, type + " of column " + table.columns().get(position).name());
        }
        return switch (type.kind()) {
            case TINYINT -> (byte) number;
            case SMALLINT -> (short) number;
            case INTEGER -> (int) number;
            case DECIMAL -> BigDecimal.valueOf(number).setScale(type.scale());
            default -> number;
        };
    }

    /** The error for a second row with the same values in these columns. */
    RuntimeException duplicate(String constraint, int[] positions, @Nullable Object[] row) {
        String names = IntStream.of(positions)
                .mapToObj(i -> table.columns().get(i).name())
                .collect(Collectors.joining(", ", "(", ")"));
        String values = IntStream.of(positions)
                .mapToObj(i -> ValueTexts.text(row[i], table.columns().get(i).type()))
                .collect(Collectors.joining(", ", "(", ")"));
        return ErrorCode.UNIQUE.error(constraint + " of table " + table.qualifiedName(), names + " = " + values);
    }

    static final @Nullable Object[] NO_ROW = {};
}
