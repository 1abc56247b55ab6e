package io.atlasdb.sql.plan.rules;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.function.AtlasFunctions;
import io.atlasdb.sql.plan.function.Bytes;
import io.atlasdb.sql.plan.function.DatetimeTexts;
import io.atlasdb.sql.plan.function.Datetimes;
import io.atlasdb.sql.plan.function.Numbers;
import io.atlasdb.sql.plan.function.Texts;
import io.atlasdb.sql.plan.types.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Lowers casts, explicit, implied and of assignments. Only what loses nothing is left to Calcite's CAST. */
final class CastLowering {
    /** What happens to a text that is too long. */
    enum Mode {
        /** It is cut, as CAST does. */
        CAST,
        /** It is an error, as in an assignment. */
        ASSIGN
    }

    private final RexBuilder builder;
    private final RelDataTypeFactory factory;

    CastLowering(RexBuilder builder) {
        this.builder = builder;
        this.factory = builder.getTypeFactory();
    }

    /**
     * The lowered value converted to another type.
     *
     * @param from the type of the value before it was lowered
     * @param to the wanted type, not lowered
     */
    RexNode cast(RexNode value, RelDataType from, RelDataType to, Mode mode) {
        RelDataType result = factory.createTypeWithNullability(
                LoweredTypes.lower(factory, to), value.getType().isNullable());
        if (RexLiteral.isNullLiteral(value) || from.getSqlTypeName() == SqlTypeName.NULL) {
            return builder.makeNullLiteral(factory.createTypeWithNullability(result, true));
        }
        RexNode converted = switch (to.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> toInteger(value, from, to.getSqlTypeName(), result);
            case DECIMAL -> toDecimal(value, from, to, result);
            case REAL, FLOAT, DOUBLE -> toFloat(value, from, to.getSqlTypeName(), result);
            case CHAR, VARCHAR -> toText(value, from, to, result, mode);
            case BOOLEAN -> toBoolean(value, from, result);
            case DATE -> toDate(value, from, result);
            case TIME -> toTime(value, from, to, result);
            case TIMESTAMP, TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> toTimestamp(value, from, to, result);
            case UUID -> toUuid(value, from, result);
            case BINARY, VARBINARY -> toBinary(value, from, to, result, mode);
            default -> toInterval(value, from, to, result);
        };
        if (converted == null) {
            throw ErrorCode.DATATYPE_MISMATCH.error(
                    "cannot cast type " + Types.fromCalcite(from) + " to " + Types.fromCalcite(to));
        }
        return converted;
    }

    private @Nullable RexNode toInteger(RexNode value, RelDataType from, SqlTypeName to, RelDataType result) {
        SqlTypeName source = from.getSqlTypeName();
        if (SqlTypeName.INT_TYPES.contains(source)) {
            return rank(source) <= rank(to) ? same(value, result) : narrow(value, to, result);
        }
        RelDataType bigint = typed(SqlTypeName.BIGINT, result.isNullable());
        RexNode wide = switch (source) {
            case DECIMAL -> call(bigint, Numbers.class, "toBigint", value, name(to));
            case REAL, FLOAT, DOUBLE -> call(bigint, Numbers.class, "doubleToBigint", value, name(to));
            case CHAR, VARCHAR -> call(bigint, Numbers.class, "parseBigint", value, name(to));
            default -> intervalToNumber(value, source, bigint);
        };
        return wide == null ? null : narrow(wide, to, result);
    }

    private RexNode name(SqlTypeName type) {
        return builder.makeLiteral(type.getName());
    }

    /** An interval of one field counts that field. */
    private @Nullable RexNode intervalToNumber(RexNode value, SqlTypeName source, RelDataType bigint) {
        if (!SqlTypeName.INTERVAL_TYPES.contains(source) || source.getStartUnit() != source.getEndUnit()) {
            return null;
        }
        long unit = switch (source) {
            case INTERVAL_YEAR -> 12;
            case INTERVAL_MONTH -> 1;
            case INTERVAL_DAY -> Datetimes.DAY;
            case INTERVAL_HOUR -> Datetimes.HOUR;
            case INTERVAL_MINUTE -> Datetimes.MINUTE;
            default -> Datetimes.SECOND;
        };
        return call(bigint, Numbers.class, "divide", same(value, bigint), bigint(unit));
    }

    private RexNode narrow(RexNode value, SqlTypeName to, RelDataType result) {
        return switch (to) {
            case TINYINT -> call(result, Numbers.class, "toTinyint", value);
            case SMALLINT -> call(result, Numbers.class, "toSmallint", value);
            case INTEGER -> call(result, Numbers.class, "toInteger", value);
            default -> value;
        };
    }

    private static int rank(SqlTypeName type) {
        return SqlTypeName.INT_TYPES.indexOf(type);
    }

    private @Nullable RexNode toDecimal(RexNode value, RelDataType from, RelDataType to, RelDataType result) {
        RexNode precision = integer(to.getPrecision());
        RexNode scale = integer(to.getScale());
        return switch (from.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT ->
                call(result, Numbers.class, "longToDecimal", value, precision, scale);
            case DECIMAL ->
                from.getScale() == to.getScale() && from.getPrecision() <= to.getPrecision()
                        ? same(value, result)
                        : call(result, Numbers.class, "fit", value, precision, scale);
            case REAL, FLOAT, DOUBLE -> call(result, Numbers.class, "doubleToDecimal", value, precision, scale);
            case CHAR, VARCHAR -> call(result, Numbers.class, "parseDecimal", value, precision, scale);
            default -> {
                RexNode number = intervalToNumber(value, from.getSqlTypeName(), typed(SqlTypeName.BIGINT, true));
                yield number == null ? null : call(result, Numbers.class, "longToDecimal", number, precision, scale);
            }
        };
    }

    private @Nullable RexNode toFloat(RexNode value, RelDataType from, SqlTypeName to, RelDataType result) {
        RelDataType wide = typed(SqlTypeName.DOUBLE, result.isNullable());
        RexNode number = switch (from.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, REAL, FLOAT, DOUBLE -> same(value, wide);
            case DECIMAL -> call(wide, Numbers.class, "decimalToDouble", value);
            case CHAR, VARCHAR -> call(wide, Numbers.class, "parseDouble", value);
            default -> null;
        };
        if (number == null || to != SqlTypeName.REAL) {
            return number == null ? null : same(number, result);
        }
        return from.getSqlTypeName() == SqlTypeName.REAL
                ? same(value, result)
                : call(result, Numbers.class, "toReal", number);
    }

    private @Nullable RexNode toText(RexNode value, RelDataType from, RelDataType to, RelDataType result, Mode mode) {
        RelDataType unlimited = typed(SqlTypeName.VARCHAR, result.isNullable());
        boolean toChar = to.getSqlTypeName() == SqlTypeName.CHAR;
        RexNode text = switch (from.getSqlTypeName()) {
            case VARCHAR -> value;
            case CHAR -> toChar || value instanceof RexLiteral ? value : call(unlimited, Texts.class, "unpad", value);
            case BOOLEAN -> call(unlimited, Texts.class, "formatBoolean", value);
            case TINYINT, SMALLINT, INTEGER, BIGINT -> call(unlimited, Texts.class, "formatBigint", value);
            case DECIMAL -> call(unlimited, Texts.class, "formatDecimal", value);
            case FLOAT, DOUBLE -> call(unlimited, Texts.class, "formatDouble", value);
            case REAL -> call(unlimited, Texts.class, "formatReal", value);
            case DATE -> call(unlimited, DatetimeTexts.class, "formatDate", value);
            case TIME -> call(unlimited, DatetimeTexts.class, "formatTime", value);
            case TIMESTAMP -> call(unlimited, DatetimeTexts.class, "formatTimestamp", value);
            case TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
                call(unlimited, DatetimeTexts.class, "formatTimestampTz", value);
            case UUID -> call(unlimited, Texts.class, "formatUuid", value);
            case BINARY, VARBINARY -> mode == Mode.CAST ? call(unlimited, Bytes.class, "decode", value) : null;
            default -> intervalToText(value, from.getSqlTypeName(), unlimited);
        };
        if (text == null) {
            return null;
        }
        int length = to.getPrecision();
        boolean known = length != RelDataType.PRECISION_NOT_SPECIFIED;
        if (toChar) {
            String name = mode == Mode.CAST ? "cutAndPad" : "assignAndPad";
            boolean done = from.getSqlTypeName() == SqlTypeName.CHAR && from.getPrecision() == length;
            return done ? same(value, result) : call(result, Texts.class, name, text, integer(length));
        }
        boolean fits = !known
                || (SqlTypeUtil.isCharacter(from)
                        && from.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED
                        && from.getPrecision() <= length);
        return fits
                ? same(text, result)
                : call(result, Texts.class, mode == Mode.CAST ? "cut" : "assign", text, integer(length));
    }

    private @Nullable RexNode intervalToText(RexNode value, SqlTypeName from, RelDataType text) {
        if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(from)) {
            return call(text, DatetimeTexts.class, "formatYearMonth", value);
        }
        return SqlTypeName.DAY_INTERVAL_TYPES.contains(from)
                ? call(text, DatetimeTexts.class, "formatDayTime", value)
                : null;
    }

    private @Nullable RexNode toBoolean(RexNode value, RelDataType from, RelDataType result) {
        return switch (from.getSqlTypeName()) {
            case BOOLEAN -> same(value, result);
            case CHAR, VARCHAR -> call(result, Texts.class, "parseBoolean", value);
            default -> null;
        };
    }

    private @Nullable RexNode toDate(RexNode value, RelDataType from, RelDataType result) {
        return switch (from.getSqlTypeName()) {
            case DATE -> same(value, result);
            case TIMESTAMP, TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
                call(result, Datetimes.class, "timestampToDate", value);
            case CHAR, VARCHAR -> call(result, DatetimeTexts.class, "parseDate", value);
            default -> null;
        };
    }

    private @Nullable RexNode toTime(RexNode value, RelDataType from, RelDataType to, RelDataType result) {
        int digits = to.getPrecision();
        return switch (from.getSqlTypeName()) {
            case TIME ->
                from.getPrecision() <= digits
                        ? same(value, result)
                        : call(result, Datetimes.class, "roundTime", value, integer(digits));
            case TIMESTAMP, TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
                call(
                        result,
                        Datetimes.class,
                        "roundTime",
                        call(result, Datetimes.class, "timestampToTime", value),
                        integer(digits));
            case CHAR, VARCHAR -> call(result, DatetimeTexts.class, "parseTime", value, integer(digits));
            default -> null;
        };
    }

    private @Nullable RexNode toTimestamp(RexNode value, RelDataType from, RelDataType to, RelDataType result) {
        int digits = to.getPrecision();
        String parser = to.getSqlTypeName() == SqlTypeName.TIMESTAMP ? "parseTimestamp" : "parseTimestampTz";
        return switch (from.getSqlTypeName()) {
            case TIMESTAMP, TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
                from.getPrecision() <= digits
                        ? same(value, result)
                        : call(result, Datetimes.class, "round", value, integer(digits));
            case DATE -> call(result, Datetimes.class, "dateToTimestamp", value);
            case CHAR, VARCHAR -> call(result, DatetimeTexts.class, parser, value, integer(digits));
            default -> null;
        };
    }

    private @Nullable RexNode toUuid(RexNode value, RelDataType from, RelDataType result) {
        return switch (from.getSqlTypeName()) {
            case UUID -> same(value, result);
            case CHAR, VARCHAR -> call(result, Texts.class, "parseUuid", value);
            default -> null;
        };
    }

    /** A text becomes its UTF-8 bytes when a cast says so; an assignment does not do that by itself. */
    private @Nullable RexNode toBinary(RexNode value, RelDataType from, RelDataType to, RelDataType result, Mode mode) {
        boolean fixed = to.getSqlTypeName() == SqlTypeName.BINARY;
        int length = to.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED ? Integer.MAX_VALUE : to.getPrecision();
        if (SqlTypeUtil.isCharacter(from) && mode == Mode.CAST) {
            return call(result, Bytes.class, fixed ? "encodeAndPad" : "encode", value, integer(length));
        }
        if (!SqlTypeUtil.isBinary(from)) {
            return null;
        }
        boolean fits = from.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED && from.getPrecision() <= length;
        if (fixed ? from.getSqlTypeName() == SqlTypeName.BINARY && from.getPrecision() == length : fits) {
            return same(value, result);
        }
        String name = mode == Mode.CAST ? "cut" : "assign";
        return length == Integer.MAX_VALUE
                ? same(value, result)
                : call(result, Bytes.class, fixed ? name + "AndPad" : name, value, integer(length));
    }

    private @Nullable RexNode toInterval(RexNode value, RelDataType from, RelDataType to, RelDataType result) {
        SqlTypeName source = from.getSqlTypeName();
        SqlTypeName target = to.getSqlTypeName();
        boolean months = SqlTypeName.YEAR_INTERVAL_TYPES.contains(target);
        if (!months && !SqlTypeName.DAY_INTERVAL_TYPES.contains(target)) {
            return null;
        }
        if (SqlTypeUtil.isCharacter(from)) {
            return call(result, DatetimeTexts.class, months ? "parseYearMonth" : "parseDayTime", value);
        }
        if (months
                ? SqlTypeName.YEAR_INTERVAL_TYPES.contains(source)
                : SqlTypeName.DAY_INTERVAL_TYPES.contains(source)) {
            return same(value, result);
        }
        if (!SqlTypeName.EXACT_TYPES.contains(source)) {
            return null;
        }
        // A number counts the first field of the interval.
        SqlIntervalQualifier qualifier = to.getIntervalQualifier();
        long unit = qualifier == null ? 1 : micros(qualifier, months);
        RelDataType decimal = builder.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, 38, 6);
        RexNode number = cast(value, from, decimal, Mode.CAST);
        RexNode product = call(
                factory.createTypeWithNullability(decimal, result.isNullable()),
                Numbers.class,
                "timesDecimal",
                number,
                builder.makeExactLiteral(BigDecimal.valueOf(unit), decimal),
                integer(38),
                integer(6));
        return cast(product, decimal, factory.createTypeWithNullability(result, false), Mode.CAST);
    }

    private static long micros(SqlIntervalQualifier qualifier, boolean months) {
        BigDecimal multiplier = qualifier.getStartUnit().multiplier;
        return months ? multiplier.longValue() : multiplier.longValue() * 1000;
    }

    /** The same Java value under another type. */
    RexNode same(RexNode value, RelDataType result) {
        if (SqlTypeUtil.equalSansNullability(factory, value.getType(), result)) {
            return value;
        }
        return value instanceof RexLiteral
                ? builder.makeCast(result, value)
                : builder.makeAbstractCast(result, value, false);
    }

    RexNode call(RelDataType result, Class<?> type, String name, RexNode... operands) {
        return AtlasFunctions.call(builder, result, type, name, new ArrayList<>(List.of(operands)));
    }

    /** A call that is made for NULL as well. */
    RexNode lenient(RelDataType result, Class<?> type, String name, RexNode... operands) {
        return AtlasFunctions.lenientCall(builder, result, type, name, List.of(operands));
    }

    RexNode integer(int value) {
        return builder.makeExactLiteral(BigDecimal.valueOf(value), typed(SqlTypeName.INTEGER, false));
    }

    RexNode bigint(long value) {
        return builder.makeExactLiteral(BigDecimal.valueOf(value), typed(SqlTypeName.BIGINT, false));
    }

    RelDataType typed(SqlTypeName name, boolean nullable) {
        return factory.createTypeWithNullability(factory.createSqlType(name), nullable);
    }
}
