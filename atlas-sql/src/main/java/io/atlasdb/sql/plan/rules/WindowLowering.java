package io.atlasdb.sql.plan.rules;

import com.google.common.collect.ImmutableList;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.function.Numbers;
import io.atlasdb.sql.plan.function.Presence;
import io.atlasdb.sql.plan.rules.CastLowering.Mode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Lowers calls with OVER. What Calcite's runtime would refuse, or would compute as if it did not stand there, is said in other words
 * or refused here.
 */
final class WindowLowering {
    private final RexBuilder builder;
    private final RelDataTypeFactory factory;
    private final CastLowering casts;
    private final ExpressionLowering expressions;

    WindowLowering(RexBuilder builder, CastLowering casts, ExpressionLowering expressions) {
        this.builder = builder;
        this.factory = builder.getTypeFactory();
        this.casts = casts;
        this.expressions = expressions;
    }

    RexNode lower(RexOver over) {
        String name = over.getAggOperator().getName();
        if (over.isDistinct()) {
            throw ErrorCode.UNSUPPORTED.error("DISTINCT in a window function");
        }
        if (over.ignoreNulls()) {
            throw ErrorCode.UNSUPPORTED.error("IGNORE NULLS");
        }
        return switch (name) {
            case "PERCENT_RANK" ->
                casts.call(
                        expressions.lower(over.getType()),
                        Numbers.class,
                        "percentRank",
                        ranked(over, SqlStdOperatorTable.RANK),
                        partitionRows(over));
            case "CUME_DIST" ->
                casts.call(
                        expressions.lower(over.getType()),
                        Numbers.class,
                        "share",
                        ranked(over, SqlStdOperatorTable.COUNT),
                        partitionRows(over));
            default -> call(over);
        };
    }

    private RexNode call(RexOver over) {
        if (RexImpTable.INSTANCE.get(over.getAggOperator(), true) == null) {
            throw ErrorCode.UNSUPPORTED.error(over.getAggOperator().getName() + " as a window function");
        }
        List<RexNode> operands = new ArrayList<>(expressions.all(over.getOperands()));
        RelDataType type = expressions.lower(over.getType());
        boolean widened = Lowering.widensSum(over.getAggOperator(), operands.isEmpty() ? null : operands.get(0), type);
        RelDataType sum = widened ? Lowering.sumType(factory, type) : type;
        if (widened) {
            operands.set(0, casts.cast(operands.get(0), operands.get(0).getType(), sum, Mode.CAST));
        }
        RexWindow window = expressions.visitWindow(over.getWindow());
        RexNode call = builder.makeOver(
                over.getParserPosition(),
                sum,
                over.getAggOperator(),
                operands,
                expressions.all(over.getWindow().partitionKeys),
                measurable(window),
                window.getLowerBound(),
                window.getUpperBound(),
                over.getWindow().getExclude(),
                over.getWindow().isRows(),
                true,
                false,
                false,
                false);
        return sum == type ? call : casts.cast(call, sum, type, Mode.CAST);
    }

    /** A distance can be measured from numbers only: a NULL is found when the statement runs. */
    private ImmutableList<RexFieldCollation> measurable(RexWindow window) {
        if (window.isRows() || !(isOffset(window.getLowerBound()) || isOffset(window.getUpperBound()))) {
            return window.orderKeys;
        }
        return window.orderKeys.stream()
                .map(key -> new RexFieldCollation(measurable(key.left), key.right))
                .collect(ImmutableList.toImmutableList());
    }

    private RexNode measurable(RexNode key) {
        if (key.getType().getSqlTypeName() == SqlTypeName.DECIMAL) {
            throw ErrorCode.UNSUPPORTED.error("RANGE with an offset over DECIMAL (cast it to DOUBLE)");
        }
        if (!key.getType().isNullable()) {
            return key;
        }
        RelDataType present = factory.createTypeWithNullability(key.getType(), false);
        return switch (key.getType().getSqlTypeName()) {
            case REAL, FLOAT, DOUBLE -> casts.lenient(present, Presence.class, "measuredDouble", key);
            case INTEGER -> casts.lenient(present, Presence.class, "measuredInteger", key);
            case BIGINT -> casts.lenient(present, Presence.class, "measuredBigint", key);
            default -> throw ErrorCode.UNSUPPORTED.error("RANGE with an offset over this type (cast it to BIGINT)");
        };
    }

    private static boolean isOffset(RexWindowBound bound) {
        return bound.getOffset() != null;
    }

    /** RANK, or the rows up to the last peer of the current one. */
    private RexNode ranked(RexOver over, SqlAggFunction function) {
        return over(over, function, expressions.visitWindow(over.getWindow()).orderKeys, RexWindowBounds.CURRENT_ROW);
    }

    private RexNode partitionRows(RexOver over) {
        return over(over, SqlStdOperatorTable.COUNT, ImmutableList.of(), RexWindowBounds.UNBOUNDED_FOLLOWING);
    }

    private RexNode over(
            RexOver over, SqlAggFunction function, ImmutableList<RexFieldCollation> order, RexWindowBound upper) {
        return builder.makeOver(
                SqlParserPos.ZERO,
                factory.createSqlType(SqlTypeName.BIGINT),
                function,
                List.of(),
                expressions.all(over.getWindow().partitionKeys),
                order,
                RexWindowBounds.UNBOUNDED_PRECEDING,
                upper,
                RexWindowExclusion.EXCLUDE_NO_OTHER,
                false,
                true,
                false,
                false,
                false);
    }
}
