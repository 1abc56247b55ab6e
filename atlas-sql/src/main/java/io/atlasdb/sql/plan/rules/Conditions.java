package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.RowSource;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Comparisons, the logic of TRUE, FALSE and NULL, and CASE, ready to run over a row. */
final class Conditions {
    private Conditions() {}

    /** The call over operands that are ready to run, or null when it is none of these. */
    static @Nullable RowExpression of(RexCall call, List<RowExpression> operands) {
        RowExpression[] all = operands.toArray(RowExpression[]::new);
        return switch (call.getKind()) {
            case AND -> (row, source) -> all(all, row, source, Boolean.TRUE);
            case OR -> (row, source) -> all(all, row, source, Boolean.FALSE);
            case NOT -> (row, source) -> all[0].eval(row, source) instanceof Boolean value ? !value : null;
            case IS_NULL -> (row, source) -> all[0].eval(row, source) == null;
            case IS_NOT_NULL -> (row, source) -> all[0].eval(row, source) != null;
            case IS_TRUE -> (row, source) -> Boolean.TRUE.equals(all[0].eval(row, source));
            case IS_NOT_TRUE -> (row, source) -> !Boolean.TRUE.equals(all[0].eval(row, source));
            case IS_FALSE -> (row, source) -> Boolean.FALSE.equals(all[0].eval(row, source));
            case IS_NOT_FALSE -> (row, source) -> !Boolean.FALSE.equals(all[0].eval(row, source));
            case EQUALS -> comparison(call, all, order -> order == 0);
            case NOT_EQUALS -> comparison(call, all, order -> order != 0);
            case LESS_THAN -> comparison(call, all, order -> order < 0);
            case LESS_THAN_OR_EQUAL -> comparison(call, all, order -> order <= 0);
            case GREATER_THAN -> comparison(call, all, order -> order > 0);
            case GREATER_THAN_OR_EQUAL -> comparison(call, all, order -> order >= 0);
            case CASE -> choice(call, all);
            default -> null;
        };
    }

    /** AND when {@code neutral} is TRUE, OR when it is FALSE: the first operand that is neither that nor NULL decides. */
    private static @Nullable Boolean all(
            RowExpression[] operands, @Nullable Object[] row, RowSource source, Boolean neutral) {
        boolean unknown = false;
        for (RowExpression operand : operands) {
            Object value = operand.eval(row, source);
            if (value == null) {
                unknown = true;
            } else if (!value.equals(neutral)) {
                return !neutral;
            }
        }
        return unknown ? null : neutral;
    }

    private static @Nullable RowExpression comparison(RexCall call, RowExpression[] operands, IntPredicate test) {
        RelDataType left = call.getOperands().get(0).getType();
        RelDataType right = call.getOperands().get(1).getType();
        RowExpression first = operands[0];
        RowExpression second = operands[1];
        if (isInteger(left) && isInteger(right)) {
            return (row, source) ->
                    first.eval(row, source) instanceof Number a && second.eval(row, source) instanceof Number b
                            ? (Object) test.test(Long.compare(a.longValue(), b.longValue()))
                            : null;
        }
        return isOrdered(left) && sameClass(left, right)
                ? (row, source) -> {
                    Object a = first.eval(row, source);
                    Object b = a == null ? null : second.eval(row, source);
                    return a == null || b == null ? null : (Object) test.test(compare(a, b));
                }
                : null;
    }

    @SuppressWarnings("unchecked") // Both have the Java class of one SQL type.
    private static int compare(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right);
    }

    private static boolean isInteger(RelDataType type) {
        return SqlTypeName.INT_TYPES.contains(type.getSqlTypeName());
    }

    /** Whether the order of the Java class is that of the type: not so for doubles, where NaN equals nothing. */
    private static boolean isOrdered(RelDataType type) {
        return switch (type.getSqlTypeName()) {
            case BOOLEAN, DECIMAL -> true;
            case CHAR, VARCHAR ->
                type.getCollation() == null || type.getCollation().getCollator() == null;
            default -> false;
        };
    }

    /** Whether values of two types have one Java class. */
    static boolean sameClass(RelDataType left, RelDataType right) {
        return left.getSqlTypeName() == right.getSqlTypeName()
                || (SqlTypeUtil.isCharacter(left) && SqlTypeUtil.isCharacter(right));
    }

    private static @Nullable RowExpression choice(RexCall call, RowExpression[] operands) {
        for (int i = 0; i < operands.length; i++) {
            RexNode operand = call.getOperands().get(i);
            boolean result = i % 2 == 1 || i == operands.length - 1;
            if (result && !RexLiteral.isNullLiteral(operand) && !sameClass(operand.getType(), call.getType())) {
                return null;
            }
        }
        return (row, source) -> {
            int i = 0;
            while (i < operands.length - 1 && !Boolean.TRUE.equals(operands[i].eval(row, source))) {
                i += 2;
            }
            return operands[Math.min(i + 1, operands.length - 1)].eval(row, source);
        };
    }
}
