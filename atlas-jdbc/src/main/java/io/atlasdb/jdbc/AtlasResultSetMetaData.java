package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.JdbcType;
import io.atlasdb.proto.client.Column;
import io.atlasdb.proto.client.Type;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** The columns of a result. */
final class AtlasResultSetMetaData extends Wrapped implements ResultSetMetaData {
    private static final JdbcType[] TYPES = JdbcType.values();

    private final List<Column> columns;

    AtlasResultSetMetaData(List<Column> columns) {
        this.columns = columns;
    }

    /** The type of that number; a newer server may have types that are not known here. */
    static JdbcType jdbcType(Type type) {
        int number = type.getKindValue();
        return number >= 0 && number < TYPES.length ? TYPES[number] : JdbcType.NULL;
    }

    private Column column(int index) throws SQLException {
        if (index < 1 || index > columns.size()) {
            throw Errors.of(
                    ErrorCode.INVALID_PARAMETER,
                    "the column index",
                    index,
                    "the result has " + columns.size() + " columns");
        }
        return columns.get(index - 1);
    }

    private JdbcType type(int index) throws SQLException {
        return jdbcType(column(index).getType());
    }

    @Override
    public int getColumnCount() {
        return columns.size();
    }

    @Override
    public boolean isAutoIncrement(int index) throws SQLException {
        return column(index).getAutoIncrement();
    }

    @Override
    public boolean isCaseSensitive(int index) throws SQLException {
        return type(index).isText();
    }

    @Override
    public boolean isSearchable(int index) throws SQLException {
        column(index);
        return true;
    }

    @Override
    public boolean isCurrency(int index) throws SQLException {
        column(index);
        return false;
    }

    @Override
    public int isNullable(int index) throws SQLException {
        return column(index).getNullable() ? columnNullable : columnNoNulls;
    }

    @Override
    public boolean isSigned(int index) throws SQLException {
        return type(index).isNumber();
    }

    @Override
    public int getColumnDisplaySize(int index) throws SQLException {
        Type type = column(index).getType();
        return type(index).displaySize(type.getPrecision(), type.getScale());
    }

    @Override
    public String getColumnLabel(int index) throws SQLException {
        return column(index).getLabel();
    }

    @Override
    public String getColumnName(int index) throws SQLException {
        Column column = column(index);
        return column.getColumn().isEmpty() ? column.getLabel() : column.getColumn();
    }

    @Override
    public String getSchemaName(int index) throws SQLException {
        return column(index).getSchema();
    }

    @Override
    public int getPrecision(int index) throws SQLException {
        return type(index).size(column(index).getType().getPrecision());
    }

    @Override
    public int getScale(int index) throws SQLException {
        Type type = column(index).getType();
        return Objects.requireNonNullElse(type(index).fractionDigits(type.getPrecision(), type.getScale()), 0);
    }

    @Override
    public String getTableName(int index) throws SQLException {
        return column(index).getTable();
    }

    @Override
    public String getCatalogName(int index) throws SQLException {
        column(index);
        return "";
    }

    @Override
    public int getColumnType(int index) throws SQLException {
        return type(index).code();
    }

    @Override
    public String getColumnTypeName(int index) throws SQLException {
        return type(index).sqlName();
    }

    @Override
    public boolean isReadOnly(int index) throws SQLException {
        column(index);
        return true;
    }

    @Override
    public boolean isWritable(int index) throws SQLException {
        column(index);
        return false;
    }

    @Override
    public boolean isDefinitelyWritable(int index) throws SQLException {
        column(index);
        return false;
    }

    @Override
    public String getColumnClassName(int index) throws SQLException {
        return type(index).className();
    }
}
