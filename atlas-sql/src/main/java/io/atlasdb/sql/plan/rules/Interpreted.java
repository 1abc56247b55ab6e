package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.Slots;
import io.atlasdb.sql.plan.function.AtlasFunctions;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexLocalRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/**
 * Lowered expressions simple enough to run without generated code: parameters, literals, columns, conditions, CASE and Atlas's
 * functions of them. Whatever else there is, and whatever would be computed over and over, is left to generated code.
 */
public final class Interpreted {
    /** Beyond it generated code, which computes what is shared once, is the better way. */
    private static final long WEIGHT_MAX = 2_000;

    private final int[] positions;
    private final @Nullable RexProgram program;
    private final RexBuilder builder;
    /** How many nodes running a shared expression visits; 0 when that was not counted yet. */
    private final long[] weights;

    private Interpreted(int[] positions, @Nullable RexProgram program, RexBuilder builder) {
        this.positions = positions;
        this.program = program;
        this.builder = builder;
        this.weights = new long[program == null ? 0 : program.getExprCount()];
    }

    /**
     * The expression ready to run, or null when it is not simple.
     *
     * @param positions of each field of the expression's input, in the row that the expression will be given
     */
    public static @Nullable RowExpression of(RexNode node, int[] positions, RexBuilder builder) {
        Interpreted interpreted = new Interpreted(positions, null, builder);
        return interpreted.weight(node) > WEIGHT_MAX ? null : interpreted.expression(node);
    }

    /** As {@link #of}, for an expression of a program whose input is the row. */
    static @Nullable RowExpression of(RexLocalRef node, RexProgram program, RexBuilder builder) {
        int[] positions =
                IntStream.range(0, program.getInputRowType().getFieldCount()).toArray();
        Interpreted interpreted = new Interpreted(positions, program, builder);
        return interpreted.weight(node) > WEIGHT_MAX ? null : interpreted.expression(node);
    }

    private long weight(RexNode node) {
        if (node instanceof RexLocalRef local && program != null) {
            int index = local.getIndex();
            if (weights[index] == 0) {
                weights[index] = weight(program.getExprList().get(index));
            }
            return weights[index];
        }
        long weight = 1;
        if (node instanceof RexCall call) {
            for (RexNode operand : call.getOperands()) {
                weight = Math.min(WEIGHT_MAX + 1, weight + weight(operand));
            }
        }
        return weight;
    }

    private @Nullable RowExpression expression(RexNode node) {
        if (node instanceof RexLiteral literal) {
            return literal(literal);
        }
        if (node instanceof RexDynamicParam parameter) {
            return parameter(parameter.getIndex());
        }
        if (node instanceof RexInputRef field) {
            int position = positions[field.getIndex()];
            return (row, source) -> row[position];
        }
        if (node instanceof RexLocalRef local && program != null) {
            return expression(program.getExprList().get(local.getIndex()));
        }
        return node instanceof RexCall call ? call(call) : null;
    }

    private @Nullable RowExpression call(RexCall call) {
        if (call.getKind() == SqlKind.SEARCH) {
            RexNode expanded = RexUtil.expandSearch(builder, program, call);
            return weight(expanded) > WEIGHT_MAX ? null : expression(expanded);
        }
        List<RowExpression> operands = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            RowExpression interpreted = expression(operand);
            if (interpreted == null) {
                return null;
            }
            operands.add(interpreted);
        }
        if (call.getKind() == SqlKind.CAST) {
            return widening(operands.get(0), call);
        }
        RowExpression condition = Conditions.of(call, operands);
        if (condition != null) {
            return condition;
        }
        Class<?> result = AtlasFunctions.resultClass(call.getOperator());
        return result != null && result == javaClass(call.getType().getSqlTypeName())
                ? AtlasFunctions.interpret(call.getOperator(), operands)
                : null;
    }

    /** What holds a value of a type in a row. */
    private static @Nullable Class<?> javaClass(SqlTypeName type) {
        return switch (type) {
            case BOOLEAN -> Boolean.class;
            case TINYINT -> Byte.class;
            case SMALLINT -> Short.class;
            case INTEGER -> Integer.class;
            case BIGINT -> Long.class;
            case DECIMAL -> BigDecimal.class;
            case REAL -> Float.class;
            case FLOAT, DOUBLE -> Double.class;
            case CHAR, VARCHAR -> String.class;
            case UUID -> java.util.UUID.class;
            default -> null;
        };
    }

    private static @Nullable RowExpression parameter(int slot) {
        return slot < Slots.CONTEXT ? (row, source) -> source.parameter(slot) : context(slot);
    }

    private static @Nullable RowExpression context(int slot) {
        return switch (slot) {
            case Slots.NOW -> (row, source) -> source.transactionMicros();
            case Slots.USER -> (row, source) -> source.user();
            case Slots.SCHEMA -> (row, source) -> source.schema();
            default -> null;
        };
    }

    private static @Nullable RowExpression literal(RexLiteral literal) {
        if (literal.isNull()) {
            return (row, source) -> null;
        }
        Object value = value(literal);
        return value == null ? null : (row, source) -> value;
    }

    static @Nullable Object value(RexLiteral literal) {
        return switch (literal.getType().getSqlTypeName()) {
            case BOOLEAN -> literal.getValueAs(Boolean.class);
            case TINYINT -> literal.getValueAs(Byte.class);
            case SMALLINT -> literal.getValueAs(Short.class);
            case INTEGER -> literal.getValueAs(Integer.class);
            case BIGINT -> literal.getValueAs(Long.class);
            case DECIMAL -> decimal(literal);
            case DOUBLE, FLOAT -> literal.getValueAs(Double.class);
            case REAL -> literal.getValueAs(Float.class);
            case CHAR, VARCHAR -> text(literal);
            case BINARY, VARBINARY -> bytes(literal);
            default -> null;
        };
    }

    private static @Nullable Object decimal(RexLiteral literal) {
        BigDecimal value = literal.getValueAs(BigDecimal.class);
        return value == null ? null : value.setScale(literal.getType().getScale(), RoundingMode.HALF_UP);
    }

    private static @Nullable Object text(RexLiteral literal) {
        NlsString text = literal.getValueAs(NlsString.class);
        return text == null ? null : text.getValue();
    }

    private static @Nullable Object bytes(RexLiteral literal) {
        ByteString bytes = literal.getValueAs(ByteString.class);
        return bytes == null ? null : bytes.getBytes();
    }

    /** The casts that lowering leaves: numbers to wider ones, and texts under another type. */
    private static @Nullable RowExpression widening(RowExpression operand, RexCall cast) {
        SqlTypeName from = cast.getOperands().get(0).getType().getSqlTypeName();
        SqlTypeName to = cast.getType().getSqlTypeName();
        if (from == to
                || (SqlTypeUtil.isCharacter(cast.getType())
                        && SqlTypeUtil.isCharacter(cast.getOperands().get(0).getType()))) {
            return operand;
        }
        if (!SqlTypeName.NUMERIC_TYPES.contains(from)) {
            return null;
        }
        return switch (to) {
            case SMALLINT -> (row, source) -> operand.eval(row, source) instanceof Number n ? n.shortValue() : null;
            case INTEGER -> (row, source) -> operand.eval(row, source) instanceof Number n ? n.intValue() : null;
            case BIGINT -> (row, source) -> operand.eval(row, source) instanceof Number n ? n.longValue() : null;
            case DOUBLE, FLOAT ->
                (row, source) -> operand.eval(row, source) instanceof Number n ? n.doubleValue() : null;
            default -> null;
        };
    }
}
