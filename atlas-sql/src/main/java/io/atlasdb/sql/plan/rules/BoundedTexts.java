package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.function.Texts;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Text functions whose result can be much longer than their arguments. Calcite's would fill the heap, which ends the node; these end
 * the statement.
 *
 * <pre>
 * REPEAT(s, 1000000000)  →  Texts.repeat(s, 1000000000)             error 54000
 * LPAD(s, n, p)          →  LPAD(s, Texts.paddedLength(n), p)
 * </pre>
 */
final class BoundedTexts {
    private BoundedTexts() {}

    /** The bounded call, or null for another operator. */
    static @Nullable RexNode lower(RexCall call, List<RexNode> operands, CastLowering casts) {
        if (!SqlTypeUtil.isCharacter(call.getType())) {
            return null;
        }
        RelDataType type = call.getType();
        return switch (call.getOperator().getName()) {
            case "||" -> operands.size() == 2 ? call(casts, type, "concat", operands) : null;
            case "REPEAT" -> call(casts, type, "repeat", operands);
            case "REPLACE" -> operands.size() == 3 ? call(casts, type, "replace", operands) : null;
            case "LPAD", "RPAD" -> padded(call, operands, casts);
            default -> null;
        };
    }

    private static RexNode call(CastLowering casts, RelDataType type, String name, List<RexNode> operands) {
        return casts.call(type, Texts.class, name, operands.toArray(RexNode[]::new));
    }

    private static RexNode padded(RexCall call, List<RexNode> operands, CastLowering casts) {
        RexNode length = operands.get(1);
        RelDataType integer = casts.typed(SqlTypeName.INTEGER, length.getType().isNullable());
        RexNode bounded = casts.call(
                integer,
                Texts.class,
                "paddedLength",
                casts.cast(length, call.getOperands().get(1).getType(), integer, CastLowering.Mode.CAST));
        return call.clone(
                call.getType(),
                operands.size() == 2
                        ? List.of(operands.get(0), bounded)
                        : List.of(operands.get(0), bounded, operands.get(2)));
    }
}
