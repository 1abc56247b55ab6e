package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.JdbcType;
import io.atlasdb.proto.client.Parameter;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** The parameters of a prepared statement, as the server inferred them. */
final class AtlasParameterMetaData extends Wrapped implements ParameterMetaData {
    private final List<Parameter> parameters;

    AtlasParameterMetaData(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    private Parameter parameter(int index) throws SQLException {
        if (index < 1 || index > parameters.size()) {
            throw Errors.of(
                    ErrorCode.INVALID_PARAMETER,
                    "the parameter index",
                    index,
                    "the statement has " + parameters.size() + " parameters");
        }
        return parameters.get(index - 1);
    }

    private JdbcType type(int index) throws SQLException {
        return AtlasResultSetMetaData.jdbcType(parameter(index).getType());
    }

    @Override
    public int getParameterCount() {
        return parameters.size();
    }

    @Override
    public int isNullable(int index) throws SQLException {
        return parameter(index).getNullable() ? parameterNullable : parameterNoNulls;
    }

    @Override
    public boolean isSigned(int index) throws SQLException {
        return type(index).isNumber();
    }

    @Override
    public int getPrecision(int index) throws SQLException {
        return type(index).size(parameter(index).getType().getPrecision());
    }

    @Override
    public int getScale(int index) throws SQLException {
        Integer digits = type(index)
                .fractionDigits(
                        parameter(index).getType().getPrecision(),
                        parameter(index).getType().getScale());
        return Objects.requireNonNullElse(digits, 0);
    }

    @Override
    public int getParameterType(int index) throws SQLException {
        return type(index).code();
    }

    @Override
    public String getParameterTypeName(int index) throws SQLException {
        return type(index).sqlName();
    }

    @Override
    public String getParameterClassName(int index) throws SQLException {
        return type(index).className();
    }

    @Override
    public int getParameterMode(int index) throws SQLException {
        parameter(index);
        return parameterModeIn;
    }
}
