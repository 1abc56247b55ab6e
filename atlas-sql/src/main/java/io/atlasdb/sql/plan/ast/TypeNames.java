package io.atlasdb.sql.plan.ast;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import io.atlasdb.sql.store.Limits;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Types as the text names them → {@link SqlType}. */
public final class TypeNames {
    /** Digits of a DECIMAL. */
    private static final int DECIMAL_DIGITS_MAX = 38;
    /** Fraction digits of TIME and TIMESTAMP: microseconds. */
    private static final int FRACTION_DIGITS_MAX = 6;

    /** Names that the grammar reads as identifiers. */
    private static final Map<String, Kind> ALIASES = Map.ofEntries(
            Map.entry("TEXT", Kind.VARCHAR),
            Map.entry("STRING", Kind.VARCHAR),
            Map.entry("CLOB", Kind.VARCHAR),
            Map.entry("BYTEA", Kind.VARBINARY),
            Map.entry("BLOB", Kind.VARBINARY),
            Map.entry("BYTES", Kind.VARBINARY),
            Map.entry("INT2", Kind.SMALLINT),
            Map.entry("INT4", Kind.INTEGER),
            Map.entry("INT8", Kind.BIGINT),
            Map.entry("FLOAT4", Kind.REAL),
            Map.entry("FLOAT8", Kind.DOUBLE),
            Map.entry("BOOL", Kind.BOOLEAN),
            Map.entry("DATETIME", Kind.TIMESTAMP),
            Map.entry("JSON", Kind.JSON),
            Map.entry("JSONB", Kind.JSON));

    private TypeNames() {}

    /** What a name that is not Calcite's stands for, or null. */
    static @Nullable Kind alias(SqlDataTypeSpec type) {
        return ALIASES.get(type.getTypeName().toString().toUpperCase(Locale.ROOT));
    }

    /**
     * The type of a column.
     *
     * @throws io.atlasdb.proto.AtlasException {@code UNSUPPORTED} for arrays, rows and the like, {@code SYNTAX} for a name
     *     that is no type, {@code INVALID_PARAMETER} for a precision out of range
     */
    static SqlType of(SqlDataTypeSpec type) {
        SqlTypeNameSpec name = type.getTypeNameSpec();
        if (name instanceof SqlBasicTypeNameSpec basic) {
            SqlTypeName typeName =
                    SqlTypeName.valueOf(basic.getTypeName().getSimple().toUpperCase(Locale.ROOT));
            return of(typeName, basic.getPrecision(), basic.getScale());
        }
        if (name instanceof SqlUserDefinedTypeNameSpec) {
            Kind kind = alias(type);
            if (kind == null) {
                throw Nodes.syntax(type.getParserPosition(), "there is no type " + type.getTypeName());
            }
            return SqlType.of(kind);
        }
        throw ErrorCode.UNSUPPORTED.error("the type " + Nodes.text(type).replace("\"", ""));
    }

    private static SqlType of(SqlTypeName name, int precision, int scale) {
        return switch (name) {
            case BOOLEAN -> SqlType.of(Kind.BOOLEAN);
            case TINYINT -> SqlType.of(Kind.TINYINT);
            case SMALLINT -> SqlType.of(Kind.SMALLINT);
            case INTEGER -> SqlType.of(Kind.INTEGER);
            case BIGINT -> SqlType.of(Kind.BIGINT);
            case REAL -> SqlType.of(Kind.REAL);
            case FLOAT, DOUBLE -> SqlType.of(Kind.DOUBLE);
            case DECIMAL -> decimal(precision, scale);
            case CHAR -> length(Kind.CHAR, precision, 1);
            case VARCHAR -> length(Kind.VARCHAR, precision, SqlType.UNLIMITED);
            case BINARY -> length(Kind.BINARY, precision, 1);
            case VARBINARY -> length(Kind.VARBINARY, precision, SqlType.UNLIMITED);
            case DATE -> SqlType.of(Kind.DATE);
            case TIME -> fraction(Kind.TIME, precision);
            case TIMESTAMP -> fraction(Kind.TIMESTAMP, precision);
            case TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> fraction(Kind.TIMESTAMP_TZ, precision);
            case UUID -> SqlType.of(Kind.UUID);
            default ->
                throw ErrorCode.UNSUPPORTED.error("the type " + name.getName().replace('_', ' '));
        };
    }

    /** {@code INTERVAL}, alone or with fields; fields are widened to the two kinds that are stored. */
    static SqlType of(@Nullable SqlIntervalQualifier qualifier) {
        return SqlType.of(
                qualifier != null && qualifier.isYearMonth() ? Kind.INTERVAL_YEAR_MONTH : Kind.INTERVAL_DAY_TIME);
    }

    private static SqlType decimal(int precision, int scale) {
        if (precision < 0) {
            return SqlType.of(Kind.DECIMAL);
        }
        check("DECIMAL", precision, 1, DECIMAL_DIGITS_MAX);
        int digits = Math.max(scale, 0);
        if (scale > precision || (scale < 0 && scale != Integer.MIN_VALUE)) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "the scale of DECIMAL", scale, "it must lie between 0 and the precision, " + precision);
        }
        return new SqlType(Kind.DECIMAL, precision, digits);
    }

    private static SqlType length(Kind kind, int precision, int otherwise) {
        if (precision < 0) {
            return SqlType.of(kind, otherwise);
        }
        check(kind.name(), precision, 1, Limits.ROW_BYTES_MAX);
        return SqlType.of(kind, precision);
    }

    private static SqlType fraction(Kind kind, int precision) {
        if (precision < 0) {
            return SqlType.of(kind);
        }
        check(kind == Kind.TIME ? "TIME" : "TIMESTAMP", precision, 0, FRACTION_DIGITS_MAX);
        return SqlType.of(kind, precision);
    }

    private static void check(String type, int value, int min, int max) {
        if (value < min || value > max) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "the precision of " + type, value, "it must lie between " + min + " and " + max);
        }
    }
}
