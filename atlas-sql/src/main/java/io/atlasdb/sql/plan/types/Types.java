package io.atlasdb.sql.plan.types;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** Between the catalog's types and Calcite's. */
public final class Types {
    private Types() {}

    /** Calcite's type for a column. */
    public static RelDataType toCalcite(AtlasTypeFactory factory, SqlType type, boolean nullable) {
        return factory.createTypeWithNullability(toCalcite(factory, type), nullable);
    }

    private static RelDataType toCalcite(AtlasTypeFactory factory, SqlType type) {
        return switch (type.kind()) {
            case DECIMAL -> factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
            case CHAR -> factory.createSqlType(SqlTypeName.CHAR, type.precision());
            case BINARY -> factory.createSqlType(SqlTypeName.BINARY, type.precision());
            case VARCHAR -> varying(factory, SqlTypeName.VARCHAR, type.precision());
            case VARBINARY -> varying(factory, SqlTypeName.VARBINARY, type.precision());
            case TIME -> factory.createSqlType(SqlTypeName.TIME, type.precision());
            case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, type.precision());
            case TIMESTAMP_TZ -> factory.createSqlType(SqlTypeName.TIMESTAMP_TZ, type.precision());
            case INTERVAL_YEAR_MONTH ->
                factory.createSqlIntervalType(
                        new SqlIntervalQualifier(TimeUnit.YEAR, TimeUnit.MONTH, SqlParserPos.ZERO));
            case INTERVAL_DAY_TIME ->
                factory.createSqlIntervalType(
                        new SqlIntervalQualifier(TimeUnit.DAY, TimeUnit.SECOND, SqlParserPos.ZERO));
            case JSON -> factory.json();
            default -> factory.createSqlType(SqlTypeName.valueOf(type.kind().name()));
        };
    }

    private static RelDataType varying(AtlasTypeFactory factory, SqlTypeName name, int length) {
        return length == SqlType.UNLIMITED ? factory.createSqlType(name) : factory.createSqlType(name, length);
    }

    /**
     * The catalog's type for Calcite's.
     *
     * @throws io.atlasdb.proto.AtlasException {@code UNSUPPORTED} for arrays, rows and what else no column can hold
     */
    public static SqlType fromCalcite(RelDataType type) {
        if (type instanceof JsonType) {
            return SqlType.of(Kind.JSON);
        }
        SqlTypeName name = type.getSqlTypeName();
        if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(name)) {
            return SqlType.of(Kind.INTERVAL_YEAR_MONTH);
        }
        if (SqlTypeName.DAY_INTERVAL_TYPES.contains(name)) {
            return SqlType.of(Kind.INTERVAL_DAY_TIME);
        }
        return switch (name) {
            case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DATE, UUID ->
                SqlType.of(Kind.valueOf(name.name()));
            case FLOAT -> SqlType.of(Kind.DOUBLE);
            case DECIMAL -> new SqlType(Kind.DECIMAL, type.getPrecision(), type.getScale());
            case CHAR -> SqlType.of(Kind.CHAR, type.getPrecision());
            case BINARY -> SqlType.of(Kind.BINARY, type.getPrecision());
            case VARCHAR -> SqlType.of(Kind.VARCHAR, length(type));
            case VARBINARY -> SqlType.of(Kind.VARBINARY, length(type));
            case TIME -> SqlType.of(Kind.TIME, type.getPrecision());
            case TIMESTAMP -> SqlType.of(Kind.TIMESTAMP, type.getPrecision());
            case TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> SqlType.of(Kind.TIMESTAMP_TZ, type.getPrecision());
            case NULL, UNKNOWN, ANY -> SqlType.of(Kind.VARCHAR);
            default -> throw ErrorCode.UNSUPPORTED.error("a value of type " + type);
        };
    }

    private static int length(RelDataType type) {
        return type.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED ? SqlType.UNLIMITED : type.getPrecision();
    }

    /** Whether a value of this type is a date, time or interval, which Calcite's runtime must not see. */
    public static boolean isTemporal(RelDataType type) {
        SqlTypeName name = type.getSqlTypeName();
        return switch (name) {
            case DATE,
                    TIME,
                    TIME_TZ,
                    TIME_WITH_LOCAL_TIME_ZONE,
                    TIMESTAMP,
                    TIMESTAMP_TZ,
                    TIMESTAMP_WITH_LOCAL_TIME_ZONE -> true;
            default -> SqlTypeName.INTERVAL_TYPES.contains(name);
        };
    }
}
