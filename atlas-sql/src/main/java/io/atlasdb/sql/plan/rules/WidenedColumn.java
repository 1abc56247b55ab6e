package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.function.AtlasFunctions;
import io.atlasdb.sql.plan.function.KeyBounds;
import io.atlasdb.sql.plan.function.Numbers;
import io.atlasdb.sql.plan.rules.Condition.Interval;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A column of whole numbers that is compared in a wider type, as in {@code int_column < bigint_value}. The value is converted to the
 * column's type instead, so that a key can be used.
 */
record WidenedColumn(RexInputRef column) {
    /** The column that an expression widens, or null when it is something else. */
    static @Nullable WidenedColumn of(RexNode node) {
        boolean cast = node.getKind() == SqlKind.CAST
                && SqlTypeName.INT_TYPES.contains(node.getType().getSqlTypeName());
        boolean widens = cast
                || (node instanceof RexCall call && call.getOperator().getName().equals("Numbers.longToDecimal"));
        return widens
                        && ((RexCall) node).getOperands().get(0) instanceof RexInputRef column
                        && SqlTypeName.INT_TYPES.contains(column.getType().getSqlTypeName())
                ? new WidenedColumn(column)
                : null;
    }

    /** Where the column must lie so that {@code column kind value}; null for a value that is no exact number. */
    @Nullable
    Interval interval(SqlKind kind, RexNode value, RexBuilder builder) {
        RexNode decimal = decimal(value, builder);
        if (decimal == null) {
            return null;
        }
        return switch (kind) {
            case EQUALS -> Interval.point(bound("equal", decimal, builder));
            case GREATER_THAN -> new Interval(bound("above", decimal, builder), true, null, false);
            case GREATER_THAN_OR_EQUAL -> new Interval(bound("atLeast", decimal, builder), true, null, false);
            case LESS_THAN -> new Interval(null, false, bound("below", decimal, builder), true);
            case LESS_THAN_OR_EQUAL -> new Interval(null, false, bound("atMost", decimal, builder), true);
            default -> null;
        };
    }

    private static @Nullable RexNode decimal(RexNode value, RexBuilder builder) {
        if (value.getType().getSqlTypeName() == SqlTypeName.DECIMAL) {
            return value;
        }
        if (!SqlTypeName.INT_TYPES.contains(value.getType().getSqlTypeName())) {
            return null;
        }
        RelDataTypeFactory factory = builder.getTypeFactory();
        RelDataType type = factory.createTypeWithNullability(
                factory.createSqlType(SqlTypeName.DECIMAL, 19, 0),
                value.getType().isNullable());
        return AtlasFunctions.call(
                builder,
                type,
                Numbers.class,
                "longToDecimal",
                List.of(
                        value,
                        builder.makeExactLiteral(BigDecimal.valueOf(19)),
                        builder.makeExactLiteral(BigDecimal.ZERO)));
    }

    private RexNode bound(String function, RexNode value, RexBuilder builder) {
        RelDataTypeFactory factory = builder.getTypeFactory();
        RelDataType bigint = factory.createTypeWithNullability(factory.createSqlType(SqlTypeName.BIGINT), true);
        SqlTypeName name = column.getType().getSqlTypeName();
        RexNode bound = AtlasFunctions.call(
                builder,
                bigint,
                KeyBounds.class,
                function,
                List.of(value, end(name, false, builder), end(name, true, builder)));
        String narrow = switch (name) {
            case TINYINT -> "toTinyint";
            case SMALLINT -> "toSmallint";
            case INTEGER -> "toInteger";
            default -> null;
        };
        RelDataType type = factory.createTypeWithNullability(column.getType(), true);
        return narrow == null ? bound : AtlasFunctions.call(builder, type, Numbers.class, narrow, List.of(bound));
    }

    private static RexNode end(SqlTypeName type, boolean greatest, RexBuilder builder) {
        long most = switch (type) {
            case TINYINT -> Byte.MAX_VALUE;
            case SMALLINT -> Short.MAX_VALUE;
            case INTEGER -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
        return builder.makeExactLiteral(
                BigDecimal.valueOf(greatest ? most : -most - 1),
                builder.getTypeFactory().createSqlType(SqlTypeName.BIGINT));
    }
}
