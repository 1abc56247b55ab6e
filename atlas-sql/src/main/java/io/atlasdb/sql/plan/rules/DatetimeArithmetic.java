package io.atlasdb.sql.plan.rules;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.function.Datetimes;
import io.atlasdb.sql.plan.function.Numbers;
import io.atlasdb.sql.plan.rules.CastLowering.Mode;
import io.atlasdb.sql.plan.types.Types;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/** Plus, minus, times and divide with dates, times and intervals. */
final class DatetimeArithmetic {
    private final RexBuilder builder;
    private final CastLowering casts;

    DatetimeArithmetic(RexBuilder builder, CastLowering casts) {
        this.builder = builder;
        this.casts = casts;
    }

    RexNode lower(RexCall call, List<RexNode> operands) {
        RelDataType left = call.getOperands().get(0).getType();
        RelDataType right = call.getOperands().get(1).getType();
        boolean intervalLeft = isInterval(left);
        boolean intervalRight = isInterval(right);
        SqlKind kind = call.getKind();
        if (kind == SqlKind.TIMES || kind == SqlKind.DIVIDE) {
            return scale(call, operands, left, right);
        }
        if (isInstant(left) && isInstant(right) && kind == SqlKind.MINUS) {
            return difference(call, operands, left, right);
        }
        if (isInstant(left) && intervalRight) {
            return shift(operands.get(0), left, operands.get(1), right, kind == SqlKind.MINUS, call);
        }
        if (intervalLeft && isInstant(right) && kind == SqlKind.PLUS) {
            return shift(operands.get(1), right, operands.get(0), left, false, call);
        }
        if (intervalLeft && intervalRight && isMonths(left) == isMonths(right)) {
            RelDataType bigint = casts.typed(SqlTypeName.BIGINT, call.getType().isNullable());
            RexNode sum = casts.call(
                    bigint,
                    Numbers.class,
                    kind == SqlKind.PLUS ? "plus" : "minus",
                    casts.same(operands.get(0), bigint),
                    casts.same(operands.get(1), bigint));
            return casts.cast(sum, bigint, lowered(call), Mode.CAST);
        }
        throw ErrorCode.DATATYPE_MISMATCH.error("there is no " + Types.fromCalcite(left) + " "
                + call.getOperator().getName() + " " + Types.fromCalcite(right));
    }

    private RelDataType lowered(RexCall call) {
        return LoweredTypes.lower(builder.getTypeFactory(), call.getType());
    }

    private static boolean isInterval(RelDataType type) {
        return SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName());
    }

    private static boolean isMonths(RelDataType type) {
        return SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
    }

    private static boolean isInstant(RelDataType type) {
        return Types.isTemporal(type) && !isInterval(type);
    }

    private RexNode shift(
            RexNode value, RelDataType type, RexNode interval, RelDataType by, boolean minus, RexCall call) {
        RexNode step = minus ? negated(interval) : interval;
        RelDataType result = lowered(call);
        boolean toDate = call.getType().getSqlTypeName() == SqlTypeName.DATE;
        switch (type.getSqlTypeName()) {
            case DATE -> {
                if (!toDate) {
                    RelDataType bigint = casts.typed(SqlTypeName.BIGINT, result.isNullable());
                    RexNode micros = casts.call(bigint, Datetimes.class, "dateToTimestamp", value);
                    return casts.call(result, Datetimes.class, isMonths(by) ? "addMonths" : "add", micros, step);
                }
                return casts.call(result, Datetimes.class, isMonths(by) ? "addMonthsToDate" : "addToDate", value, step);
            }
            case TIME -> {
                if (isMonths(by)) {
                    throw ErrorCode.DATATYPE_MISMATCH.error("months cannot be added to a TIME");
                }
                return casts.call(result, Datetimes.class, "addToTime", value, step);
            }
            default -> {
                return casts.call(result, Datetimes.class, isMonths(by) ? "addMonths" : "add", value, step);
            }
        }
    }

    private RexNode negated(RexNode interval) {
        RelDataType bigint = casts.typed(SqlTypeName.BIGINT, interval.getType().isNullable());
        RexNode negated = casts.call(bigint, Numbers.class, "negate", casts.same(interval, bigint));
        return casts.cast(negated, bigint, interval.getType(), Mode.CAST);
    }

    private RexNode difference(RexCall call, List<RexNode> operands, RelDataType left, RelDataType right) {
        RelDataType bigint = casts.typed(SqlTypeName.BIGINT, call.getType().isNullable());
        RexNode first = micros(operands.get(0), left, bigint);
        RexNode second = micros(operands.get(1), right, bigint);
        if (isMonths(call.getType())) {
            return casts.call(lowered(call), Datetimes.class, "monthsBetween", first, second);
        }
        RexNode difference = casts.call(bigint, Numbers.class, "minus", first, second);
        return isInterval(call.getType())
                ? difference
                : casts.cast(days(difference, bigint), bigint, lowered(call), Mode.CAST);
    }

    private RexNode days(RexNode micros, RelDataType bigint) {
        return casts.call(bigint, Numbers.class, "divide", micros, casts.bigint(Datetimes.DAY));
    }

    private RexNode micros(RexNode value, RelDataType type, RelDataType bigint) {
        return type.getSqlTypeName() == SqlTypeName.DATE
                ? casts.call(bigint, Datetimes.class, "dateToTimestamp", value)
                : value;
    }

    /** An interval times or divided by a number; the product is rounded to whole months or microseconds. */
    private RexNode scale(RexCall call, List<RexNode> operands, RelDataType left, RelDataType right) {
        boolean swapped = isInterval(right);
        if (swapped && (isInterval(left) || call.getKind() == SqlKind.DIVIDE)) {
            throw ErrorCode.DATATYPE_MISMATCH.error("an interval cannot be divided by an interval");
        }
        RexNode interval = operands.get(swapped ? 1 : 0);
        RexNode number = operands.get(swapped ? 0 : 1);
        RelDataType decimal = builder.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, 38, 9);
        RelDataType nullable = builder.getTypeFactory()
                .createTypeWithNullability(decimal, call.getType().isNullable());
        RexNode result = casts.call(
                nullable,
                Numbers.class,
                call.getKind() == SqlKind.TIMES ? "timesDecimal" : "divideDecimal",
                casts.cast(interval, interval.getType(), decimal, Mode.CAST),
                casts.cast(number, number.getType(), decimal, Mode.CAST),
                casts.integer(38),
                casts.integer(9));
        return casts.cast(result, decimal, lowered(call), Mode.CAST);
    }
}
