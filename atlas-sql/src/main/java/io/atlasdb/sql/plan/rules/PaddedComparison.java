package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.function.Texts;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons with a CHAR(n), whose padding has no meaning: a constant on the other side is padded, so that the column stays
 * bare and can be looked up in an index; otherwise the padding is taken off.
 */
final class PaddedComparison {
    private PaddedComparison() {}

    /** The lowered comparison, or null when no CHAR of more than one character takes part. */
    static @Nullable RexNode lower(RexCall call, List<RexNode> operands, CastLowering casts, RexBuilder builder) {
        RexNode left = bare(call.getOperands().get(0));
        RexNode right = bare(call.getOperands().get(1));
        boolean leftChar = isPadded(left);
        boolean rightChar = isPadded(right);
        if ((!leftChar && !rightChar) || (leftChar && rightChar && precision(left) == precision(right))) {
            return null;
        }
        RexNode first;
        RexNode second;
        if ((leftChar && RexUtil.isConstant(right)) || (rightChar && RexUtil.isConstant(left))) {
            boolean padRight = leftChar && RexUtil.isConstant(right);
            int length = precision(padRight ? left : right);
            first = padRight ? stripped(operands.get(0)) : pad(operands.get(0), length, casts);
            second = padRight ? pad(operands.get(1), length, casts) : stripped(operands.get(1));
        } else {
            first = unpad(operands.get(0), casts);
            second = unpad(operands.get(1), casts);
        }
        return builder.makeCall(call.getType(), call.getOperator(), List.of(first, second));
    }

    private static int precision(RexNode node) {
        return node.getType().getPrecision();
    }

    /** A column: a CHAR that is computed is compared like one as well; a literal is a CHAR without padding. */
    private static boolean isPadded(RexNode node) {
        return node.getType().getSqlTypeName() == SqlTypeName.CHAR && precision(node) > 1 && !RexUtil.isConstant(node);
    }

    private static RexNode bare(RexNode node) {
        RexNode inner = node;
        while (inner instanceof RexCall call
                && call.getKind() == SqlKind.CAST
                && call.getType().getSqlTypeName() == SqlTypeName.VARCHAR
                && call.getOperands().get(0).getType().getSqlTypeName() == SqlTypeName.CHAR) {
            inner = call.getOperands().get(0);
        }
        return inner;
    }

    /** Takes off the {@code unpad} that the cast of the CHAR to VARCHAR was lowered to. */
    private static RexNode stripped(RexNode lowered) {
        RexNode inner = lowered;
        while (inner instanceof RexCall call
                && (call.getOperator().getName().equals("Texts.unpad")
                        || call.getKind() == SqlKind.CAST
                        || call.getOperator().getName().equals("Texts.cut"))) {
            inner = call.getOperands().get(0);
        }
        return inner;
    }

    private static RexNode pad(RexNode constant, int length, CastLowering casts) {
        return casts.call(text(constant, casts), Texts.class, "pad", unpad(constant, casts), casts.integer(length));
    }

    private static RexNode unpad(RexNode text, CastLowering casts) {
        return casts.call(text(text, casts), Texts.class, "unpad", text);
    }

    private static RelDataType text(RexNode node, CastLowering casts) {
        return casts.typed(SqlTypeName.VARCHAR, node.getType().isNullable());
    }
}
