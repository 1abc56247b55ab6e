package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.codec.Convert;
import io.atlasdb.sql.plan.Parameter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The values of a statement's parameters. */
final class Arguments {
    private Arguments() {}

    /** Throws {@code WRONG_PARAMETER_COUNT} unless so many were given. */
    static void requireCount(int count, List<? extends @Nullable Object> given) {
        if (given.size() != count) {
            throw ErrorCode.WRONG_PARAMETER_COUNT.error(count, given.size());
        }
    }

    /**
     * The values in the Java classes of the parameters' types. Lengths and scales are left to where a value is stored: in a
     * comparison, a text that is too long or a number with too many digits is just another value.
     *
     * @throws AtlasException {@code WRONG_PARAMETER_COUNT}, or of class 22 when a value would change
     */
    static List<@Nullable Object> convert(List<Parameter> parameters, List<? extends @Nullable Object> given) {
        requireCount(parameters.size(), given);
        List<@Nullable Object> values = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            Object value = given.get(i);
            SqlType type = parameters.get(i).type();
            values.add(value == null || isOf(type.kind(), value) ? value : converted(i, type, value));
        }
        return values;
    }

    private static boolean isOf(SqlType.Kind kind, Object value) {
        return switch (kind) {
            case BOOLEAN -> value instanceof Boolean;
            case TINYINT -> value instanceof Byte;
            case SMALLINT -> value instanceof Short;
            case INTEGER, DATE, INTERVAL_YEAR_MONTH -> value instanceof Integer;
            case BIGINT, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_DAY_TIME -> value instanceof Long;
            case DECIMAL -> value instanceof BigDecimal;
            case REAL -> value instanceof Float;
            case DOUBLE -> value instanceof Double;
            case CHAR, VARCHAR -> value instanceof String;
            case BINARY, VARBINARY -> value instanceof byte[];
            case UUID -> value instanceof UUID;
            case JSON -> false;
        };
    }

    private static Object converted(int index, SqlType type, Object value) {
        try {
            Object result = switch (type.kind()) {
                case TINYINT, SMALLINT, INTEGER, BIGINT -> whole(type, value);
                case DECIMAL -> decimal(type, value);
                case CHAR -> Convert.to(SqlType.of(SqlType.Kind.VARCHAR), value);
                case BINARY -> Convert.to(SqlType.of(SqlType.Kind.VARBINARY), value);
                case VARCHAR, VARBINARY -> Convert.to(SqlType.of(type.kind()), value);
                default -> Convert.to(type, value);
            };
            if (result == null) {
                throw new AssertionError("a value became NULL");
            }
            return result;
        } catch (AtlasException e) {
            throw e.at("parameter " + (index + 1));
        }
    }

    private static @Nullable Object whole(SqlType type, Object value) {
        Object result = Convert.to(type, value);
        boolean fraction = value instanceof BigDecimal || value instanceof Double || value instanceof Float;
        if (fraction
                && result != null
                && new BigDecimal(value.toString()).compareTo(new BigDecimal(result.toString())) != 0) {
            throw ErrorCode.INVALID_CAST.error(value, type);
        }
        return result;
    }

    private static @Nullable Object decimal(SqlType type, Object value) {
        if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
            return BigDecimal.valueOf(((Number) value).longValue());
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (Double.isFinite(number)) {
                return new BigDecimal(value.toString());
            }
        }
        return Convert.to(type, value);
    }
}
