package io.atlasdb.sql.remote;

import io.atlasdb.proto.IntervalText;
import io.atlasdb.proto.JdbcType;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.ResultColumn;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * Columns and values as stock Avatica clients read them: dates as days, times and timestamps as milliseconds (it knows
 * nothing finer), a timestamp with a time zone as one in UTC, intervals and UUIDs as texts.
 */
final class AvaticaColumns {
    private AvaticaColumns() {}

    static Meta.Signature signature(
            List<ResultColumn> columns, String sql, List<Parameter> parameters, Meta.@Nullable StatementType type) {
        List<ColumnMetaData> metadata = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            metadata.add(column(i, columns.get(i)));
        }
        List<AvaticaParameter> avaticaParameters = new ArrayList<>(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            avaticaParameters.add(parameter(i, parameters.get(i).type()));
        }
        return new Meta.Signature(metadata, sql, avaticaParameters, Map.of(), Meta.CursorFactory.LIST, type);
    }

    private static ColumnMetaData column(int ordinal, ResultColumn column) {
        SqlType type = column.type();
        JdbcType jdbc = JdbcType.valueOf(type.kind().name());
        int precision = jdbc.size(type.precision());
        return new ColumnMetaData(
                ordinal,
                column.autoIncrement(),
                jdbc.isText(),
                true,
                false,
                column.nullable() ? 1 : 0,
                jdbc.isNumber(),
                jdbc.displaySize(type.precision(), type.scale()),
                column.label(),
                Objects.requireNonNullElse(column.column(), column.label()),
                Objects.requireNonNullElse(column.schema(), ""),
                precision,
                Objects.requireNonNullElse(jdbc.fractionDigits(type.precision(), type.scale()), 0),
                Objects.requireNonNullElse(column.table(), ""),
                "",
                ColumnMetaData.scalar(code(type.kind()), jdbc.sqlName(), rep(type.kind())),
                true,
                false,
                false,
                className(type.kind(), jdbc));
    }

    private static AvaticaParameter parameter(int index, SqlType type) {
        JdbcType jdbc = JdbcType.valueOf(type.kind().name());
        return new AvaticaParameter(
                jdbc.isNumber(),
                jdbc.size(type.precision()),
                Objects.requireNonNullElse(jdbc.fractionDigits(type.precision(), type.scale()), 0),
                code(type.kind()),
                jdbc.sqlName(),
                className(type.kind(), jdbc),
                "?" + (index + 1));
    }

    private static int code(SqlType.Kind kind) {
        return switch (kind) {
            case TIMESTAMP_TZ -> Types.TIMESTAMP;
            case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME, UUID -> Types.VARCHAR;
            default -> JdbcType.valueOf(kind.name()).code();
        };
    }

    private static String className(SqlType.Kind kind, JdbcType jdbc) {
        return switch (kind) {
            case TIMESTAMP_TZ -> "java.sql.Timestamp";
            case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME, UUID -> "java.lang.String";
            default -> jdbc.className();
        };
    }

    private static Rep rep(SqlType.Kind kind) {
        return switch (kind) {
            case BOOLEAN -> Rep.BOOLEAN;
            case TINYINT -> Rep.BYTE;
            case SMALLINT -> Rep.SHORT;
            case INTEGER, DATE, TIME -> Rep.INTEGER;
            case BIGINT, TIMESTAMP, TIMESTAMP_TZ -> Rep.LONG;
            case DECIMAL -> Rep.NUMBER;
            case REAL -> Rep.FLOAT;
            case DOUBLE -> Rep.DOUBLE;
            case BINARY, VARBINARY -> Rep.BYTE_STRING;
            case CHAR, VARCHAR, JSON, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME, UUID -> Rep.STRING;
        };
    }

    /** A row in place: its values become what the column's {@code Rep} says. */
    static Object row(List<ResultColumn> columns, @Nullable Object[] row) {
        for (int i = 0; i < row.length; i++) {
            row[i] = value(row[i], columns.get(i).type().kind());
        }
        return row;
    }

    private static @Nullable Object value(@Nullable Object value, SqlType.Kind kind) {
        if (value == null) {
            return null;
        }
        return switch (kind) {
            case TIME -> (int) ((Long) value / 1000);
            case TIMESTAMP, TIMESTAMP_TZ -> Math.floorDiv((Long) value, 1000L);
            case INTERVAL_YEAR_MONTH -> IntervalText.ofMonths((Integer) value);
            case INTERVAL_DAY_TIME -> IntervalText.ofMicros((Long) value);
            case UUID -> value.toString();
            default -> value;
        };
    }
}
