package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.RowSource;
import io.atlasdb.sql.plan.runtime.CalcRows;
import io.atlasdb.sql.plan.runtime.KeyRows;
import io.atlasdb.sql.plan.runtime.RowOrder;
import io.atlasdb.sql.plan.runtime.ScanSpec;
import io.atlasdb.sql.plan.runtime.Step;
import io.atlasdb.sql.plan.runtime.Tuples;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.adapter.enumerable.EnumerableSort;
import org.apache.calcite.adapter.enumerable.EnumerableUnion;
import org.apache.calcite.adapter.enumerable.EnumerableValues;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.EnumerableDefaults;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.linq4j.function.Functions;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexLocalRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Turns physical plans into steps that run at once. To generate, compile and load code takes several milliseconds, far more than it
 * can win back over few rows. What has no step here makes the whole branch generated code.
 */
final class Steps {
    private static final @Nullable Object[] NO_ROW = {};

    private Steps() {}

    /** The step, with all below it; null when some of it has none. */
    static @Nullable Step of(RelNode node) {
        if (node instanceof KeyScan scan) {
            return scan(scan);
        } else if (node instanceof Meter meter) {
            Step input = of(meter.getInput());
            return input == null ? null : context -> meter.rows(context, input.open(context));
        } else if (node instanceof EnumerableCalc calc) {
            return calc(calc);
        } else if (node instanceof EnumerableSort sort) {
            return sort(sort);
        } else if (node instanceof EnumerableLimit limit) {
            return limit(limit);
        } else if (node instanceof EnumerableLimitSort sort) {
            return limitSort(sort);
        } else if (node instanceof EnumerableUnion union) {
            return union(union);
        } else if (node instanceof EnumerableValues values) {
            return values(values);
        } else if (node instanceof EnumerableAggregate aggregate) {
            return AggregateSteps.of(aggregate);
        }
        return node instanceof Join join ? JoinSteps.of(join) : null;
    }

    private static @Nullable Step scan(KeyScan scan) {
        List<RowExpression> bounds = new ArrayList<>();
        for (RexNode bound : scan.bounds()) {
            RowExpression expression = hasBinaryConstant(bound)
                    ? null
                    : Interpreted.of(bound, new int[0], scan.getCluster().getRexBuilder());
            if (expression == null) {
                return null;
            }
            bounds.add(expression);
        }
        ScanSpec spec = scan.spec();
        return context -> {
            @Nullable Object[] values = new @Nullable Object[bounds.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = bounds.get(i).eval(NO_ROW, context.source());
            }
            return KeyRows.scan(context, spec, values);
        };
    }

    /** Binary values of statements differ from those between steps, see {@code Values}. */
    static boolean hasBinaryConstant(RexNode node) {
        if (node instanceof RexCall call) {
            return call.getOperands().stream().anyMatch(Steps::hasBinaryConstant);
        }
        return (node instanceof RexLiteral || node instanceof RexDynamicParam) && SqlTypeUtil.isBinary(node.getType());
    }

    private static @Nullable Step calc(EnumerableCalc calc) {
        RexProgram program = calc.getProgram();
        if (program.getExprList().stream().anyMatch(Steps::hasBinaryConstant)) {
            return null;
        }
        RexLocalRef test = program.getCondition();
        RowExpression condition = test == null ? null : expression(test, calc);
        RowExpression[] outputs = new RowExpression[program.getProjectList().size()];
        for (int i = 0; i < outputs.length; i++) {
            RowExpression output = expression(program.getProjectList().get(i), calc);
            if (output == null) {
                return null;
            }
            outputs[i] = output;
        }
        Step input = test != null && condition == null ? null : of(calc.getInput());
        if (input == null) {
            return null;
        }
        CalcRows.Shape shape = new CalcRows.Shape(width(calc.getInput()), condition, outputs);
        return context -> new CalcRows(input.open(context), context.source(), shape);
    }

    private static @Nullable RowExpression expression(RexLocalRef node, EnumerableCalc calc) {
        return Interpreted.of(node, calc.getProgram(), calc.getCluster().getRexBuilder());
    }

    static int width(RelNode node) {
        return node.getRowType().getFieldCount();
    }

    private static @Nullable Step sort(EnumerableSort sort) {
        RowOrder order = order(sort.getCollation(), sort.getRowType());
        Step input = order == null || sort.fetch != null || sort.offset != null ? null : of(sort.getInput());
        return input == null || order == null
                ? null
                : context -> input.open(context).orderBy(Functions.identitySelector(), order);
    }

    private static @Nullable RowOrder order(RelCollation collation, RelDataType row) {
        List<RelFieldCollation> fields = collation.getFieldCollations();
        int[] positions = new int[fields.size()];
        boolean[] descending = new boolean[positions.length];
        boolean[] nullsFirst = new boolean[positions.length];
        for (int i = 0; i < positions.length; i++) {
            RelFieldCollation field = fields.get(i);
            if (!isOrdered(row.getFieldList().get(field.getFieldIndex()))) {
                return null;
            }
            positions[i] = field.getFieldIndex();
            descending[i] = field.getDirection() == RelFieldCollation.Direction.DESCENDING;
            nullsFirst[i] = field.nullDirection == RelFieldCollation.NullDirection.FIRST;
        }
        return new RowOrder(positions, descending, nullsFirst);
    }

    private static boolean isOrdered(RelDataTypeField field) {
        RelDataType type = field.getType();
        return switch (type.getSqlTypeName()) {
            case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, FLOAT, DOUBLE -> true;
            case CHAR, VARCHAR ->
                type.getCollation() == null || type.getCollation().getCollator() == null;
            default -> false;
        };
    }

    private static @Nullable Step limit(EnumerableLimit limit) {
        Count offset = count(limit.offset, 0);
        Count fetch = count(limit.fetch, Integer.MAX_VALUE);
        Step input = offset == null || fetch == null ? null : of(limit.getInput());
        if (input == null || offset == null || fetch == null) {
            return null;
        }
        return context -> {
            Enumerable<@Nullable Object> rows = input.open(context);
            Enumerable<@Nullable Object> rest = limit.offset == null ? rows : rows.skip(offset.of(context.source()));
            return limit.fetch == null ? rest : rest.take(fetch.of(context.source()));
        };
    }

    private static @Nullable Step limitSort(EnumerableLimitSort sort) {
        RowOrder order = order(sort.getCollation(), sort.getRowType());
        Count offset = count(sort.offset, 0);
        Count fetch = count(sort.fetch, Integer.MAX_VALUE);
        Step input = order == null || offset == null || fetch == null ? null : of(sort.getInput());
        if (input == null || order == null || offset == null || fetch == null) {
            return null;
        }
        return context -> EnumerableDefaults.orderBy(
                input.open(context),
                Functions.identitySelector(),
                order,
                offset.of(context.source()),
                fetch.of(context.source()));
    }

    /** A number of rows that is a literal or a parameter. */
    @FunctionalInterface
    private interface Count {
        int of(RowSource source);
    }

    private static @Nullable Count count(@Nullable RexNode node, int none) {
        if (node == null) {
            return source -> none;
        }
        if (node instanceof RexLiteral) {
            int rows = RexLiteral.intValue(node);
            return source -> rows;
        }
        return null;
    }

    private static @Nullable Step union(EnumerableUnion union) {
        List<Step> inputs = new ArrayList<>();
        for (RelNode node : union.getInputs()) {
            Step input = of(node);
            if (input == null) {
                return null;
            }
            inputs.add(input);
        }
        boolean bare = width(union) == 1;
        return context -> {
            Enumerable<@Nullable Object> rows = inputs.get(0).open(context);
            for (Step input : inputs.subList(1, inputs.size())) {
                Enumerable<@Nullable Object> more = input.open(context);
                rows = union.all ? rows.concat(more) : distinct(rows, more, bare);
            }
            return rows;
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Rows of several columns are arrays.
    private static Enumerable<@Nullable Object> distinct(
            Enumerable<@Nullable Object> first, Enumerable<@Nullable Object> second, boolean bare) {
        return bare ? first.union(second) : ((Enumerable) first).union(second, Functions.arrayComparer());
    }

    private static @Nullable Step values(EnumerableValues values) {
        List<@Nullable Object> rows = new ArrayList<>();
        for (List<RexLiteral> tuple : values.getTuples()) {
            @Nullable Object[] row = new @Nullable Object[tuple.size()];
            for (int i = 0; i < row.length; i++) {
                RexLiteral literal = tuple.get(i);
                Object value = literal.isNull() || hasBinaryConstant(literal) ? null : Interpreted.value(literal);
                boolean typed = literal.isNull()
                        || Conditions.sameClass(
                                literal.getType(),
                                values.getRowType().getFieldList().get(i).getType());
                if ((value == null && !literal.isNull()) || !typed) {
                    return null;
                }
                row[i] = value;
            }
            rows.add(Tuples.row(row));
        }
        return context -> Linq4j.asEnumerable(rows);
    }
}
