package io.atlasdb.sql.remote;

import com.google.protobuf.ByteString;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;

/** Avatica's parameters as values of the client protocol, so that both are converted to the statement's types by one rule. */
final class AvaticaParameters {
    private AvaticaParameters() {}

    static List<Value> values(@Nullable List<TypedValue> parameters) {
        List<Value> values = new ArrayList<>();
        if (parameters != null) {
            parameters.forEach(parameter -> values.add(value(parameter)));
        }
        return values;
    }

    /** One list per row; protobuf clients send the rows in another field than JSON clients. */
    static List<List<Value>> rows(Service.ExecuteBatchRequest request) {
        List<List<Value>> rows = new ArrayList<>();
        if (request.hasProtoUpdateBatches()) {
            for (Requests.UpdateBatch batch : request.getProtoUpdateBatches()) {
                List<Value> row = new ArrayList<>();
                for (Common.TypedValue value : batch.getParameterValuesList()) {
                    row.add(value(TypedValue.fromProto(value)));
                }
                rows.add(row);
            }
        } else if (request.parameterValues != null) {
            request.parameterValues.forEach(row -> rows.add(values(row)));
        }
        return rows;
    }

    private static Value value(@Nullable TypedValue parameter) {
        Value.Builder value = Value.newBuilder();
        if (parameter == null || parameter.value == null) {
            return value.build();
        }
        try {
            set(value, parameter.type, parameter.value);
        } catch (ArithmeticException e) {
            throw ErrorCode.PROTOCOL.error("a parameter lies outside the range of its type");
        }
        return value.build();
    }

    private static void set(Value.Builder value, ColumnMetaData.Rep type, Object object) {
        switch (type) {
            case JAVA_SQL_DATE -> value.setDate(Math.toIntExact(number(object)));
            case JAVA_SQL_TIME -> value.setTime(Math.multiplyExact(number(object), 1000L));
            case JAVA_SQL_TIMESTAMP, JAVA_UTIL_DATE -> value.setTimestamp(Math.multiplyExact(number(object), 1000L));
            case BYTE_STRING -> value.setBinary(binary(object));
            default -> scalar(value, object);
        }
    }

    private static long number(Object object) {
        if (object instanceof Number number) {
            return number.longValue();
        }
        throw ErrorCode.PROTOCOL.error("a parameter of a date or time is no number");
    }

    private static ByteString binary(Object object) {
        try {
            return object instanceof byte[] bytes
                    ? ByteString.copyFrom(bytes)
                    : ByteString.copyFrom(Base64.getDecoder().decode(object.toString()));
        } catch (IllegalArgumentException e) {
            throw ErrorCode.INVALID_TEXT.error("the parameter", "base64 text");
        }
    }

    private static void scalar(Value.Builder value, Object object) {
        if (object instanceof Boolean b) {
            value.setBoolean(b);
        } else if (object instanceof Double d) {
            value.setDouble(d);
        } else if (object instanceof Float f) {
            value.setReal(f);
        } else if (object instanceof BigDecimal decimal) {
            value.setDecimal(decimal.toString());
        } else if (object instanceof Number number && !(object instanceof java.math.BigInteger)) {
            value.setInteger(number.longValue());
        } else if (object instanceof java.math.BigInteger big) {
            value.setDecimal(big.toString());
        } else if (object instanceof String || object instanceof Character) {
            value.setText(object.toString());
        } else {
            throw ErrorCode.UNSUPPORTED.error(
                    "a parameter of " + object.getClass().getSimpleName());
        }
    }
}
