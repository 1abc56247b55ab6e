package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.Slots;
import io.atlasdb.sql.plan.function.AtlasFunctions;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Lowered expressions simple enough to run without generated code: parameters, literals, columns and Atlas's functions of them. */
public final class Interpreted {
    private Interpreted() {}

    /**
     * The expression ready to run, or null when it is not simple.
     *
     * @param positions of each field of the expression's input, in the row that the expression will be given
     */
    public static @Nullable RowExpression of(RexNode node, int[] positions) {
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
        if (!(node instanceof RexCall call)) {
            return null;
        }
        List<RowExpression> operands = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            RowExpression interpreted = of(operand, positions);
            if (interpreted == null) {
                return null;
            }
            operands.add(interpreted);
        }
        if (call.getKind() == SqlKind.CAST) {
            return widening(operands.get(0), call);
        }
        return AtlasFunctions.interpret(call.getOperator(), operands);
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

    private static @Nullable Object value(RexLiteral literal) {
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
        java.math.BigDecimal value = literal.getValueAs(java.math.BigDecimal.class);
        return value == null ? null : value.setScale(literal.getType().getScale(), java.math.RoundingMode.HALF_UP);
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
