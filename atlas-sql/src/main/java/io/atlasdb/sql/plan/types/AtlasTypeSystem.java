package io.atlasdb.sql.plan.types;

import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Precisions and the types of derived values: DECIMAL up to 38 digits, microseconds, sums that do not overflow, averages with
 * ten more fraction digits than their argument.
 */
public final class AtlasTypeSystem extends RelDataTypeSystemImpl {
    public static final AtlasTypeSystem INSTANCE = new AtlasTypeSystem();

    /** Digits of a DECIMAL, as most SQL databases have it. */
    public static final int DECIMAL_DIGITS_MAX = 38;

    private static final int FRACTION_DIGITS_MAX = 6;
    private static final int AVERAGE_FRACTION_DIGITS = 10;

    private AtlasTypeSystem() {}

    @Override
    public int getMaxPrecision(SqlTypeName type) {
        return switch (type) {
            case DECIMAL -> DECIMAL_DIGITS_MAX;
            case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
            case TIME, TIMESTAMP, TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> FRACTION_DIGITS_MAX;
            default -> super.getMaxPrecision(type);
        };
    }

    @Override
    public int getMaxScale(SqlTypeName type) {
        return type == SqlTypeName.DECIMAL ? DECIMAL_DIGITS_MAX : super.getMaxScale(type);
    }

    @Override
    public int getDefaultPrecision(SqlTypeName type) {
        return switch (type) {
            case TIME, TIMESTAMP, TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> FRACTION_DIGITS_MAX;
            default -> super.getDefaultPrecision(type);
        };
    }

    @Override
    public int getMinPrecision(SqlTypeName type) {
        return switch (type) {
            case TIME, TIMESTAMP, TIMESTAMP_TZ -> 0;
            default -> super.getMinPrecision(type);
        };
    }

    @Override
    public RoundingMode roundingMode() {
        return RoundingMode.HALF_UP;
    }

    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
        return true;
    }

    /** The greater scale of both, at least ten digits: the standard leaves it to us, and shorter averages surprise. */
    @Override
    public @Nullable RelDataType deriveDecimalDivideType(
            RelDataTypeFactory factory, RelDataType left, RelDataType right) {
        if (!SqlTypeUtil.isExactNumeric(left)
                || !SqlTypeUtil.isExactNumeric(right)
                || (!SqlTypeUtil.isDecimal(left) && !SqlTypeUtil.isDecimal(right))) {
            return null;
        }
        int scale = Math.max(AVERAGE_FRACTION_DIGITS, Math.max(left.getScale(), right.getScale()));
        return factory.createTypeWithNullability(
                factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, Math.min(DECIMAL_DIGITS_MAX, scale)),
                left.isNullable() || right.isNullable());
    }

    @Override
    public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
        RelDataType sum = switch (argument.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER -> factory.createSqlType(SqlTypeName.BIGINT);
            case BIGINT -> factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, 0);
            case DECIMAL -> factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, argument.getScale());
            case REAL, FLOAT -> factory.createSqlType(SqlTypeName.DOUBLE);
            default -> argument;
        };
        return factory.createTypeWithNullability(sum, argument.isNullable());
    }

    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
        RelDataType average = switch (argument.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT ->
                factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, AVERAGE_FRACTION_DIGITS);
            case DECIMAL ->
                factory.createSqlType(
                        SqlTypeName.DECIMAL,
                        DECIMAL_DIGITS_MAX,
                        Math.min(DECIMAL_DIGITS_MAX, argument.getScale() + AVERAGE_FRACTION_DIGITS));
            case REAL, FLOAT -> factory.createSqlType(SqlTypeName.DOUBLE);
            default -> argument;
        };
        return factory.createTypeWithNullability(average, argument.isNullable());
    }
}
