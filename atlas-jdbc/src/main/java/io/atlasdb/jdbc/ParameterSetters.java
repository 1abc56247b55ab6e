package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/** The many ways to set a parameter, brought to one; and the executions by text that a prepared statement refuses. */
abstract class ParameterSetters extends AtlasStatement implements PreparedStatement {
    ParameterSetters(AtlasConnection connection, int fetchSize) {
        super(connection, fetchSize);
    }

    /**
     * Sets one parameter.
     *
     * @param index from 1
     * @param calendar the zone that a date or a time of {@code java.sql} is meant in; null = the JVM's
     */
    abstract void set(int index, @Nullable Object object, @Nullable Calendar calendar) throws SQLException;

    private void set(int index, @Nullable Object object) throws SQLException {
        set(index, object, null);
    }

    @Override
    public final void setNull(int index, int type) throws SQLException {
        set(index, null);
    }

    @Override
    public final void setNull(int index, int type, String typeName) throws SQLException {
        set(index, null);
    }

    @Override
    public final void setBoolean(int index, boolean value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setByte(int index, byte value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setShort(int index, short value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setInt(int index, int value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setLong(int index, long value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setFloat(int index, float value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setDouble(int index, double value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setBigDecimal(int index, @Nullable BigDecimal value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setString(int index, @Nullable String value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setNString(int index, @Nullable String value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setBytes(int index, byte @Nullable [] value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setDate(int index, @Nullable Date value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setDate(int index, @Nullable Date value, @Nullable Calendar calendar) throws SQLException {
        set(index, value, calendar);
    }

    @Override
    public final void setTime(int index, @Nullable Time value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setTime(int index, @Nullable Time value, @Nullable Calendar calendar) throws SQLException {
        set(index, value, calendar);
    }

    @Override
    public final void setTimestamp(int index, @Nullable Timestamp value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setTimestamp(int index, @Nullable Timestamp value, @Nullable Calendar calendar)
            throws SQLException {
        set(index, value, calendar);
    }

    @Override
    public final void setURL(int index, @Nullable URL value) throws SQLException {
        set(index, value == null ? null : value.toString());
    }

    @Override
    public final void setObject(int index, @Nullable Object value) throws SQLException {
        set(index, value);
    }

    /** The type is a wish; the server converts to what the place asks for. */
    @Override
    public final void setObject(int index, @Nullable Object value, int type) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setObject(int index, @Nullable Object value, int type, int scaleOrLength) throws SQLException {
        if (value instanceof BigDecimal decimal && (type == Types.DECIMAL || type == Types.NUMERIC)) {
            set(index, decimal.setScale(scaleOrLength, java.math.RoundingMode.HALF_UP));
        } else if (value instanceof InputStream stream) {
            setBinaryStream(index, stream, (long) scaleOrLength);
        } else if (value instanceof Reader reader) {
            setCharacterStream(index, reader, (long) scaleOrLength);
        } else {
            set(index, value);
        }
    }

    @Override
    public final void setObject(int index, @Nullable Object value, SQLType type) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setObject(int index, @Nullable Object value, SQLType type, int scaleOrLength)
            throws SQLException {
        setObject(index, value, type.getVendorTypeNumber(), scaleOrLength);
    }

    @Override
    public final void setAsciiStream(int index, @Nullable InputStream value, long length) throws SQLException {
        set(index, value == null ? null : Encoder.bytes(value, length).toString(StandardCharsets.UTF_8));
    }

    @Override
    public final void setAsciiStream(int index, @Nullable InputStream value, int length) throws SQLException {
        setAsciiStream(index, value, (long) length);
    }

    @Override
    public final void setAsciiStream(int index, @Nullable InputStream value) throws SQLException {
        setAsciiStream(index, value, -1L);
    }

    @Override
    @Deprecated
    public final void setUnicodeStream(int index, @Nullable InputStream value, int length) throws SQLException {
        throw Errors.unsupported("a stream in an old encoding");
    }

    @Override
    public final void setBinaryStream(int index, @Nullable InputStream value, long length) throws SQLException {
        set(index, value == null ? null : Encoder.bytes(value, length).toByteArray());
    }

    @Override
    public final void setBinaryStream(int index, @Nullable InputStream value, int length) throws SQLException {
        setBinaryStream(index, value, (long) length);
    }

    @Override
    public final void setBinaryStream(int index, @Nullable InputStream value) throws SQLException {
        setBinaryStream(index, value, -1L);
    }

    @Override
    public final void setCharacterStream(int index, @Nullable Reader value, long length) throws SQLException {
        set(index, value == null ? null : Encoder.text(value, length));
    }

    @Override
    public final void setCharacterStream(int index, @Nullable Reader value, int length) throws SQLException {
        setCharacterStream(index, value, (long) length);
    }

    @Override
    public final void setCharacterStream(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value, -1L);
    }

    @Override
    public final void setNCharacterStream(int index, @Nullable Reader value, long length) throws SQLException {
        setCharacterStream(index, value, length);
    }

    @Override
    public final void setNCharacterStream(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value, -1L);
    }

    @Override
    public final void setBlob(int index, @Nullable Blob value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setBlob(int index, @Nullable InputStream value, long length) throws SQLException {
        setBinaryStream(index, value, length);
    }

    @Override
    public final void setBlob(int index, @Nullable InputStream value) throws SQLException {
        setBinaryStream(index, value, -1L);
    }

    @Override
    public final void setClob(int index, @Nullable Clob value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setClob(int index, @Nullable Reader value, long length) throws SQLException {
        setCharacterStream(index, value, length);
    }

    @Override
    public final void setClob(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value, -1L);
    }

    @Override
    public final void setNClob(int index, @Nullable NClob value) throws SQLException {
        set(index, value);
    }

    @Override
    public final void setNClob(int index, @Nullable Reader value, long length) throws SQLException {
        setCharacterStream(index, value, length);
    }

    @Override
    public final void setNClob(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value, -1L);
    }

    @Override
    public final void setRef(int index, Ref value) throws SQLException {
        throw Errors.unsupported("a REF");
    }

    @Override
    public final void setArray(int index, Array value) throws SQLException {
        throw Errors.unsupported("an array");
    }

    @Override
    public final void setRowId(int index, RowId value) throws SQLException {
        throw Errors.unsupported("a row id");
    }

    @Override
    public final void setSQLXML(int index, SQLXML value) throws SQLException {
        throw Errors.unsupported("SQLXML");
    }

    private static SQLException noText() {
        return Errors.of(ErrorCode.DATA, "a prepared statement has its text already");
    }

    @Override
    public final ResultSet executeQuery(String sql) throws SQLException {
        throw noText();
    }

    @Override
    public final long executeLargeUpdate(String sql) throws SQLException {
        throw noText();
    }

    @Override
    public final long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        throw noText();
    }

    @Override
    public final long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
        throw noText();
    }

    @Override
    public final boolean execute(String sql) throws SQLException {
        throw noText();
    }

    @Override
    public final boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
        throw noText();
    }

    @Override
    public final boolean execute(String sql, String[] columnNames) throws SQLException {
        throw noText();
    }

    @Override
    public final void addBatch(String sql) throws SQLException {
        throw noText();
    }
}
