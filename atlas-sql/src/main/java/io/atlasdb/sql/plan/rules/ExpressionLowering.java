package io.atlasdb.sql.plan.rules;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.Slots;
import io.atlasdb.sql.plan.function.DatetimeTexts;
import io.atlasdb.sql.plan.function.Datetimes;
import io.atlasdb.sql.plan.function.Numbers;
import io.atlasdb.sql.plan.rules.CastLowering.Mode;
import io.atlasdb.sql.plan.types.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.apache.calcite.util.TimestampWithTimeZoneString;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites an expression so that Calcite's runtime meets no date, time or interval, no unchecked arithmetic and no cast that
 * could lose something. An operator that would have to understand a date or time and is not known here is refused.
 */
public final class ExpressionLowering extends RexShuttle {
    /** Operators that only compare or pass values on, once their operands have one type. */
    private static final Set<SqlKind> COMPARING = EnumSet.of(
            SqlKind.EQUALS,
            SqlKind.NOT_EQUALS,
            SqlKind.LESS_THAN,
            SqlKind.LESS_THAN_OR_EQUAL,
            SqlKind.GREATER_THAN,
            SqlKind.GREATER_THAN_OR_EQUAL,
            SqlKind.IS_DISTINCT_FROM,
            SqlKind.IS_NOT_DISTINCT_FROM);

    private static final Set<SqlKind> PASSING = EnumSet.of(
            SqlKind.IS_NULL, SqlKind.IS_NOT_NULL, SqlKind.AND, SqlKind.OR, SqlKind.NOT, SqlKind.DEFAULT, SqlKind.ROW);

    private final RexBuilder builder;
    private final RelDataTypeFactory factory;
    private final CastLowering casts;
    private final Slots slots;

    /** @param slots where a parameter of the parsed text stands at run time */
    public ExpressionLowering(RexBuilder builder, Slots slots) {
        this.builder = builder;
        this.factory = builder.getTypeFactory();
        this.casts = new CastLowering(builder);
        this.slots = slots;
    }

    /** Converts a lowered value for a column; a text that is too long is an error. */
    public RexNode assign(RexNode lowered, RelDataType from, RelDataType to) {
        return casts.cast(lowered, from, to, Mode.ASSIGN);
    }

    RelDataType lower(RelDataType type) {
        return LoweredTypes.lower(factory, type);
    }

    CastLowering casts() {
        return casts;
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
        return builder.makeInputRef(lower(reference.getType()), reference.getIndex());
    }

    @Override
    public RexNode visitDynamicParam(RexDynamicParam parameter) {
        return builder.makeDynamicParam(lower(parameter.getType()), slots.runtime(parameter.getIndex()));
    }

    @Override
    public RexNode visitCorrelVariable(RexCorrelVariable variable) {
        return builder.makeCorrel(lower(variable.getType()), variable.id);
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
        RexNode record = access.getReferenceExpr().accept(this);
        return builder.makeFieldAccess(record, access.getField().getIndex());
    }

    @Override
    public RexNode visitLiteral(RexLiteral literal) {
        RelDataType type = literal.getType();
        if (!Types.isTemporal(type)) {
            return literal;
        }
        RelDataType lowered = lower(type);
        if (literal.isNull()) {
            return builder.makeNullLiteral(lowered);
        }
        return builder.makeExactLiteral(BigDecimal.valueOf(value(literal)), lowered);
    }

    private static long value(RexLiteral literal) {
        return switch (literal.getType().getSqlTypeName()) {
            case DATE -> present(literal.getValueAs(DateString.class)).getDaysSinceEpoch();
            case TIME -> micros(present(literal.getValueAs(TimeString.class)).toString());
            case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
                DatetimeTexts.parseTimestamp(
                        present(literal.getValueAs(TimestampString.class)).toString(), 6);
            case TIMESTAMP_TZ -> {
                TimestampWithTimeZoneString zoned = present(literal.getValueAs(TimestampWithTimeZoneString.class));
                yield DatetimeTexts.parseTimestamp(
                                zoned.getLocalTimestampString().toString(), 6)
                        - zoned.getTimeZone()
                                        .getOffset(
                                                zoned.getLocalTimestampString().getMillisSinceEpoch())
                                * 1000L;
            }
            default -> interval(literal);
        };
    }

    private static long micros(String time) {
        return DatetimeTexts.parseTime(time, 6);
    }

    private static long interval(RexLiteral literal) {
        BigDecimal value = present(literal.getValueAs(BigDecimal.class));
        boolean months =
                SqlTypeName.YEAR_INTERVAL_TYPES.contains(literal.getType().getSqlTypeName());
        return months
                ? value.longValueExact()
                : value.multiply(BigDecimal.valueOf(1000)).longValue();
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a literal without its value");
        }
        return value;
    }

    List<RexNode> all(List<RexNode> nodes) {
        return visitList(nodes, (boolean[]) null);
    }

    @Override
    public RexNode visitOver(RexOver over) {
        return new WindowLowering(builder, casts, this).lower(over);
    }

    @Override
    public RexNode visitCall(RexCall call) {
        if (call.getKind() == SqlKind.SEARCH) {
            return RexUtil.expandSearch(builder, null, call).accept(this);
        }
        List<RexNode> operands = visitList(call.getOperands(), (boolean[]) null);
        RexNode known = switch (call.getKind()) {
            case CAST, REINTERPRET ->
                casts.cast(operands.get(0), call.getOperands().get(0).getType(), call.getType(), Mode.CAST);
            case PLUS, MINUS, TIMES, DIVIDE, MOD -> arithmetic(call, operands);
            case MINUS_PREFIX -> negate(call, operands.get(0));
            case PLUS_PREFIX -> operands.get(0);
            case EXTRACT -> extract(call, operands.get(1));
            case FLOOR, CEIL -> floorOrCeil(call, operands);
            case CASE -> branches(call, operands, 1, 2);
            case COALESCE, GREATEST, LEAST, NVL -> branches(call, operands, 0, 1);
            default -> other(call, operands);
        };
        return known;
    }

    /** Whole units from the first to the second. */
    private RexNode difference(RexCall call, List<RexNode> operands) {
        RelDataType micros = casts.typed(SqlTypeName.TIMESTAMP, false);
        RelDataType bigint = casts.typed(SqlTypeName.BIGINT, call.getType().isNullable());
        RexNode from = casts.cast(operands.get(1), call.getOperands().get(1).getType(), micros, Mode.CAST);
        RexNode to = casts.cast(operands.get(2), call.getOperands().get(2).getType(), micros, Mode.CAST);
        RexNode count = casts.call(bigint, Datetimes.class, "unitsBetween", operands.get(0), from, to);
        return casts.cast(count, bigint, call.getType(), Mode.CAST);
    }

    private RexNode toDate(RexNode operand, RexCall call) {
        return casts.cast(
                operand, call.getOperands().get(0).getType(), casts.typed(SqlTypeName.DATE, false), Mode.CAST);
    }

    private RexNode other(RexCall call, List<RexNode> operands) {
        if (COMPARING.contains(call.getKind())) {
            return compare(call, operands);
        }
        if (call.getOperator().getName().equals("LAST_DAY")) {
            return call(call, Datetimes.class, "lastDay", toDate(operands.get(0), call));
        }
        if (call.getOperator().equals(Convertlets.DIFFERENCE)) {
            return difference(call, operands);
        }
        RexNode slot = Slots.function(builder, call, factory);
        if (slot != null) {
            return slot;
        }
        if (call.getOperator().getName().equals("ABS") && !isTemporal(call)) {
            return absolute(call, operands.get(0));
        }
        if (isTemporal(call) && !PASSING.contains(call.getKind())) {
            throw ErrorCode.UNSUPPORTED.error(call.getOperator().getName() + " of a date, time or interval");
        }
        RelDataType type = lower(call.getType());
        RexNode bounded = BoundedTexts.lower(call, operands, casts);
        if (bounded != null) {
            return bounded;
        }
        RexNode plain = builder.makeCall(type, call.getOperator(), operands);
        return type.getSqlTypeName() == SqlTypeName.DECIMAL ? fit(plain) : plain;
    }

    private static boolean isTemporal(RexCall call) {
        return Types.isTemporal(call.getType())
                || call.getOperands().stream().anyMatch(operand -> Types.isTemporal(operand.getType()));
    }

    /** Calcite's functions on decimals do not keep to the scale of their type. */
    private RexNode fit(RexNode value) {
        RelDataType type = value.getType();
        return casts.call(
                type, Numbers.class, "fit", value, casts.integer(type.getPrecision()), casts.integer(type.getScale()));
    }

    /** CASE and its kin: every {@code step}th operand from {@code first}, and the last, takes the type of the result. */
    private RexNode branches(RexCall call, List<RexNode> operands, int first, int step) {
        List<RexNode> cast = new ArrayList<>(operands);
        for (int i = first; i < operands.size(); i += step) {
            cast.set(i, branch(call, operands.get(i), i));
        }
        int last = operands.size() - 1;
        cast.set(last, branch(call, operands.get(last), last));
        return builder.makeCall(lower(call.getType()), call.getOperator(), cast);
    }

    private RexNode branch(RexCall call, RexNode operand, int index) {
        RelDataType from = call.getOperands().get(index).getType();
        return sameForm(from, call.getType()) ? operand : casts.cast(operand, from, call.getType(), Mode.CAST);
    }

    private static boolean sameForm(RelDataType from, RelDataType to) {
        if (SqlTypeUtil.isCharacter(from) && SqlTypeUtil.isCharacter(to)) {
            return to.getSqlTypeName() == from.getSqlTypeName() || to.getSqlTypeName() == SqlTypeName.VARCHAR;
        }
        return from.getSqlTypeName() == to.getSqlTypeName()
                && (from.getSqlTypeName() != SqlTypeName.DECIMAL || from.getScale() == to.getScale());
    }

    private RexNode compare(RexCall call, List<RexNode> operands) {
        RelDataType left = call.getOperands().get(0).getType();
        RelDataType right = call.getOperands().get(1).getType();
        RexNode first = operands.get(0);
        RexNode second = operands.get(1);
        if (SqlTypeUtil.isCharacter(left) && SqlTypeUtil.isCharacter(right)) {
            RexNode padded = PaddedComparison.lower(call, operands, casts, builder);
            if (padded != null) {
                return padded;
            }
            first = withoutWidening(first);
            second = withoutWidening(second);
        } else if (!sameForm(left, right) && comparable(left, right)) {
            RelDataType common = common(left, right);
            first = casts.cast(first, left, common, Mode.CAST);
            second = casts.cast(second, right, common, Mode.CAST);
        }
        return builder.makeCall(lower(call.getType()), call.getOperator(), List.of(first, second));
    }

    /** A text compares the same under any length, and a bare column can be looked up in an index. */
    private static RexNode withoutWidening(RexNode node) {
        return node instanceof RexCall cast
                        && cast.getKind() == SqlKind.CAST
                        && cast.getOperands().get(0).getType().getSqlTypeName() == SqlTypeName.VARCHAR
                ? cast.getOperands().get(0)
                : node;
    }

    private static boolean comparable(RelDataType left, RelDataType right) {
        return left.getSqlTypeName() != SqlTypeName.NULL
                && right.getSqlTypeName() != SqlTypeName.NULL
                && !(SqlTypeUtil.isBinary(left) && SqlTypeUtil.isBinary(right))
                && !left.isStruct();
    }

    private RelDataType common(RelDataType left, RelDataType right) {
        RelDataType common = factory.leastRestrictive(List.of(left, right));
        if (common == null && Types.isTemporal(left) && Types.isTemporal(right)) {
            // DATE against TIMESTAMP: the date is its first moment.
            common = left.getSqlTypeName() == SqlTypeName.DATE ? right : left;
        }
        if (common == null && SqlTypeUtil.isCharacter(left)) {
            common = right;
        }
        if (common == null && SqlTypeUtil.isCharacter(right)) {
            common = left;
        }
        if (common == null) {
            throw ErrorCode.DATATYPE_MISMATCH.error(
                    "cannot compare " + Types.fromCalcite(left) + " with " + Types.fromCalcite(right));
        }
        return common;
    }

    private RexNode arithmetic(RexCall call, List<RexNode> operands) {
        if (isTemporal(call)) {
            return new DatetimeArithmetic(builder, casts).lower(call, operands);
        }
        RelDataType type = call.getType();
        String name = switch (call.getKind()) {
            case PLUS -> "plus";
            case MINUS -> "minus";
            case TIMES -> "times";
            case DIVIDE -> "divide";
            default -> "modulo";
        };
        return switch (type.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> integers(call, operands, name);
            case DECIMAL ->
                casts.call(
                        type,
                        Numbers.class,
                        name + "Decimal",
                        decimal(call, operands, 0),
                        decimal(call, operands, 1),
                        casts.integer(type.getPrecision()),
                        casts.integer(type.getScale()));
            case REAL, FLOAT, DOUBLE -> {
                RelDataType wide = casts.typed(SqlTypeName.DOUBLE, type.isNullable());
                RexNode left = casts.cast(operands.get(0), operands.get(0).getType(), wide, Mode.CAST);
                RexNode right = casts.cast(operands.get(1), operands.get(1).getType(), wide, Mode.CAST);
                yield casts.cast(casts.call(wide, Numbers.class, name + "Double", left, right), wide, type, Mode.CAST);
            }
            default ->
                throw ErrorCode.DATATYPE_MISMATCH.error(
                        call.getOperator().getName() + " does not apply to " + Types.fromCalcite(type));
        };
    }

    private RexNode integers(RexCall call, List<RexNode> operands, String name) {
        RelDataType bigint = casts.typed(SqlTypeName.BIGINT, call.getType().isNullable());
        List<RexNode> wide = operands.stream()
                .map(operand -> casts.cast(operand, operand.getType(), bigint, Mode.CAST))
                .toList();
        RexNode result = casts.call(bigint, Numbers.class, name, wide.get(0), wide.get(1));
        return casts.cast(result, bigint, call.getType(), Mode.CAST);
    }

    /** An operand as a decimal of its own scale, so that nothing is rounded before the operation. */
    private RexNode decimal(RexCall call, List<RexNode> operands, int index) {
        RexNode operand = operands.get(index);
        if (SqlTypeName.INT_TYPES.contains(operand.getType().getSqlTypeName())) {
            return casts.cast(operand, operand.getType(), factory.createSqlType(SqlTypeName.DECIMAL, 38, 0), Mode.CAST);
        }
        return operand.getType().getSqlTypeName() == SqlTypeName.DECIMAL
                ? operand
                : casts.cast(operand, operand.getType(), call.getType(), Mode.CAST);
    }

    private RexNode negate(RexCall call, RexNode operand) {
        RelDataType type = lower(call.getType());
        return switch (type.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> unary(type, operand, "negate");
            case DECIMAL -> casts.call(type, Numbers.class, "negateDecimal", operand);
            default -> builder.makeCall(type, call.getOperator(), List.of(operand));
        };
    }

    private RexNode absolute(RexCall call, RexNode operand) {
        return SqlTypeName.INT_TYPES.contains(call.getType().getSqlTypeName())
                ? unary(call.getType(), operand, "absolute")
                : builder.makeCall(call.getType(), call.getOperator(), List.of(operand));
    }

    private RexNode unary(RelDataType type, RexNode operand, String name) {
        RelDataType bigint = casts.typed(SqlTypeName.BIGINT, type.isNullable());
        RexNode wide = casts.cast(operand, operand.getType(), bigint, Mode.CAST);
        return casts.cast(casts.call(bigint, Numbers.class, name, wide), bigint, type, Mode.CAST);
    }

    private RexNode extract(RexCall call, RexNode operand) {
        String unit = String.valueOf(((RexLiteral) call.getOperands().get(0)).getValue());
        RelDataType from = call.getOperands().get(1).getType();
        RexNode name = builder.makeLiteral(unit);
        String method = switch (from.getSqlTypeName()) {
            case DATE, TIMESTAMP, TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> "extract";
            case TIME -> "extractTime";
            default ->
                SqlTypeName.YEAR_INTERVAL_TYPES.contains(from.getSqlTypeName()) ? "extractMonths" : "extractInterval";
        };
        RelDataType bigint = casts.typed(SqlTypeName.BIGINT, operand.getType().isNullable());
        RexNode micros = from.getSqlTypeName() == SqlTypeName.DATE
                ? casts.call(bigint, Datetimes.class, "dateToTimestamp", operand)
                : operand;
        return casts.cast(casts.call(bigint, Datetimes.class, method, name, micros), bigint, call.getType(), Mode.CAST);
    }

    private RexNode floorOrCeil(RexCall call, List<RexNode> operands) {
        RelDataType type = call.getType();
        if (operands.size() == 1) {
            RexNode plain = builder.makeCall(lower(type), call.getOperator(), operands);
            return type.getSqlTypeName() == SqlTypeName.DECIMAL ? fit(plain) : plain;
        }
        String unit = String.valueOf(((RexLiteral) call.getOperands().get(1)).getValue());
        String method = call.getKind() == SqlKind.FLOOR ? "floor" : "ceil";
        RelDataType bigint = casts.typed(SqlTypeName.BIGINT, type.isNullable());
        boolean date = type.getSqlTypeName() == SqlTypeName.DATE;
        RexNode micros =
                date ? casts.call(bigint, Datetimes.class, "dateToTimestamp", operands.get(0)) : operands.get(0);
        RexNode result = casts.call(bigint, Datetimes.class, method, builder.makeLiteral(unit), micros);
        return date ? casts.call(lower(type), Datetimes.class, "timestampToDate", result) : result;
    }

    private RexNode call(RexCall call, Class<?> type, String name, RexNode operand) {
        return casts.call(lower(call.getType()), type, name, operand);
    }
}
