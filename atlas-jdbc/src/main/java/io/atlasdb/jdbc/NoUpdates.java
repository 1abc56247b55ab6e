package io.atlasdb.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** Result sets are not updated, do not scroll, and hold no references, arrays or row ids. */
abstract class NoUpdates extends NoUpdatesByIndex {
    private static SQLException noScrolling() {
        return Errors.unsupported("a result set that scrolls");
    }

    @Override
    public final void updateNull(String column) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBoolean(String column, boolean value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateByte(String column, byte value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateShort(String column, short value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateInt(String column, int value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateLong(String column, long value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateFloat(String column, float value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateDouble(String column, double value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBigDecimal(String column, BigDecimal value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateString(String column, String value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBytes(String column, byte[] value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateDate(String column, Date value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateTime(String column, Time value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateTimestamp(String column, Timestamp value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateAsciiStream(String column, InputStream value, int length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBinaryStream(String column, InputStream value, int length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateCharacterStream(String column, Reader value, int length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateObject(String column, Object value, int length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateObject(String column, Object value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void insertRow() throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateRow() throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void deleteRow() throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void refreshRow() throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void cancelRowUpdates() throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void moveToInsertRow() throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void moveToCurrentRow() throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateRef(String column, Ref value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBlob(String column, Blob value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateClob(String column, Clob value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateArray(String column, Array value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateRowId(String column, RowId value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateNString(String column, String value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateNClob(String column, NClob value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateSQLXML(String column, SQLXML value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateNCharacterStream(String column, Reader value, long length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateAsciiStream(String column, InputStream value, long length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBinaryStream(String column, InputStream value, long length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateCharacterStream(String column, Reader value, long length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBlob(String column, InputStream value, long length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateClob(String column, Reader value, long length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateNClob(String column, Reader value, long length) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateNCharacterStream(String column, Reader value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateAsciiStream(String column, InputStream value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBinaryStream(String column, InputStream value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateCharacterStream(String column, Reader value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateBlob(String column, InputStream value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateClob(String column, Reader value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateNClob(String column, Reader value) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateObject(String column, Object value, SQLType length, int type) throws SQLException {
        throw noUpdates();
    }

    @Override
    public final void updateObject(String column, Object value, SQLType length) throws SQLException {
        throw noUpdates();
    }

    @Deprecated
    @Override
    public final InputStream getUnicodeStream(int column) throws SQLException {
        throw Errors.unsupported("a stream in an old encoding");
    }

    @Deprecated
    @Override
    public final InputStream getUnicodeStream(String column) throws SQLException {
        throw Errors.unsupported("a stream in an old encoding");
    }

    @Override
    public final String getCursorName() throws SQLException {
        throw Errors.unsupported("a named cursor");
    }

    @Override
    public final void beforeFirst() throws SQLException {
        throw noScrolling();
    }

    @Override
    public final void afterLast() throws SQLException {
        throw noScrolling();
    }

    @Override
    public final boolean first() throws SQLException {
        throw noScrolling();
    }

    @Override
    public final boolean last() throws SQLException {
        throw noScrolling();
    }

    @Override
    public final boolean absolute(int row) throws SQLException {
        throw noScrolling();
    }

    @Override
    public final boolean relative(int row) throws SQLException {
        throw noScrolling();
    }

    @Override
    public final boolean previous() throws SQLException {
        throw noScrolling();
    }

    @Override
    public final Ref getRef(int column) throws SQLException {
        throw Errors.unsupported("a REF");
    }

    @Override
    public final Array getArray(int column) throws SQLException {
        throw Errors.unsupported("an array");
    }

    @Override
    public final Ref getRef(String column) throws SQLException {
        throw Errors.unsupported("a REF");
    }

    @Override
    public final Array getArray(String column) throws SQLException {
        throw Errors.unsupported("an array");
    }

    @Override
    public final RowId getRowId(int column) throws SQLException {
        throw Errors.unsupported("a row id");
    }

    @Override
    public final RowId getRowId(String column) throws SQLException {
        throw Errors.unsupported("a row id");
    }

    @Override
    public final SQLXML getSQLXML(int column) throws SQLException {
        throw Errors.unsupported("SQLXML");
    }

    @Override
    public final SQLXML getSQLXML(String column) throws SQLException {
        throw Errors.unsupported("SQLXML");
    }
}
