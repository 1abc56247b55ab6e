package io.atlasdb.sql.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.atlasdb.proto.client.Column;
import io.atlasdb.proto.client.Parameter;
import io.atlasdb.proto.client.Row;
import io.atlasdb.proto.client.Type;
import io.atlasdb.proto.client.Value;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.plan.ResultColumn;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values, rows and columns as messages of the client protocol. */
final class WireValues {
    private static final Value NULL = Value.getDefaultInstance();

    private WireValues() {}

    static Row row(List<ResultColumn> columns, @Nullable Object[] row) {
        Row.Builder builder = Row.newBuilder();
        for (int i = 0; i < row.length; i++) {
            builder.addValues(value(row[i], columns.get(i).type().kind()));
        }
        return builder.build();
    }

    /** A value of the Java class that {@code SqlType.Kind} names. */
    static Value value(@Nullable Object value, SqlType.Kind kind) {
        if (value == null) {
            return NULL;
        }
        Value.Builder builder = Value.newBuilder();
        switch (kind) {
            case BOOLEAN -> builder.setBoolean((Boolean) value);
            case TINYINT, SMALLINT, INTEGER, BIGINT -> builder.setInteger(((Number) value).longValue());
            case DECIMAL -> builder.setDecimal(((BigDecimal) value).toPlainString());
            case REAL -> builder.setReal(((Number) value).floatValue());
            case DOUBLE -> builder.setDouble(((Number) value).doubleValue());
            case CHAR, VARCHAR, JSON -> builder.setText((String) value);
            // The row belongs to us, and nobody writes to its arrays.
            case BINARY, VARBINARY -> builder.setBinary(UnsafeByteOperations.unsafeWrap((byte[]) value));
            case DATE -> builder.setDate((Integer) value);
            case TIME -> builder.setTime((Long) value);
            case TIMESTAMP -> builder.setTimestamp((Long) value);
            case TIMESTAMP_TZ -> builder.setTimestampTz((Long) value);
            case INTERVAL_YEAR_MONTH -> builder.setMonths((Integer) value);
            case INTERVAL_DAY_TIME -> builder.setMicros((Long) value);
            case UUID -> builder.setUuid(bytes((UUID) value));
        }
        return builder.build();
    }

    private static ByteString bytes(UUID uuid) {
        byte[] bytes = new byte[16];
        ByteBuffer.wrap(bytes).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    static Type type(SqlType type) {
        return Type.newBuilder()
                .setKind(Type.Kind.valueOf(type.kind().name()))
                .setPrecision(type.precision())
                .setScale(type.scale())
                .setName(type.toString())
                .build();
    }

    static List<Column> columns(List<ResultColumn> columns) {
        List<Column> result = new ArrayList<>(columns.size());
        for (ResultColumn column : columns) {
            result.add(Column.newBuilder()
                    .setLabel(column.label())
                    .setType(type(column.type()))
                    .setNullable(column.nullable())
                    .setSchema(Objects.requireNonNullElse(column.schema(), ""))
                    .setTable(Objects.requireNonNullElse(column.table(), ""))
                    .setColumn(Objects.requireNonNullElse(column.column(), ""))
                    .setAutoIncrement(column.autoIncrement())
                    .build());
        }
        return result;
    }

    static Parameter parameter(io.atlasdb.sql.plan.Parameter parameter) {
        return Parameter.newBuilder()
                .setType(type(parameter.type()))
                .setNullable(parameter.nullable())
                .build();
    }
}
