package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.types.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;

/** The types of a lowered plan: DATE and months are INTEGER; times, timestamps and other intervals BIGINT. */
final class LoweredTypes {
    private LoweredTypes() {}

    static RelDataType lower(RelDataTypeFactory factory, RelDataType type) {
        if (type.isStruct()) {
            RelDataTypeFactory.Builder builder = factory.builder();
            for (RelDataTypeField field : type.getFieldList()) {
                builder.add(field.getName(), lower(factory, field.getType()));
            }
            return builder.build();
        }
        if (!Types.isTemporal(type)) {
            return type;
        }
        boolean days = type.getSqlTypeName() == SqlTypeName.DATE
                || SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
        return factory.createTypeWithNullability(
                factory.createSqlType(days ? SqlTypeName.INTEGER : SqlTypeName.BIGINT), type.isNullable());
    }
}
