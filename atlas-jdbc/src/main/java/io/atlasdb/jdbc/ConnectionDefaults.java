package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.ClientInfoStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Struct;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parts of a connection that are the same for all: one kind of result set, no catalogs, no user types. */
abstract class ConnectionDefaults extends Wrapped implements Connection {
    static final List<String> CLIENT_INFO = List.of("ApplicationName", "ClientHostname", "ClientUser");

    private final Map<String, String> clientInfo = new TreeMap<>();

    abstract void checkOpen() throws SQLException;

    private static void checkKind(int type, int concurrency) throws SQLException {
        if (type != ResultSet.TYPE_FORWARD_ONLY) {
            throw Errors.unsupported("a result set that scrolls");
        }
        if (concurrency != ResultSet.CONCUR_READ_ONLY) {
            throw Errors.unsupported("a result set that is updated");
        }
    }

    private static void checkKind(int type, int concurrency, int holdability) throws SQLException {
        checkKind(type, concurrency);
        checkHoldability(holdability);
    }

    private static void checkHoldability(int holdability) throws SQLException {
        if (holdability != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
            throw Errors.unsupported("a result set that outlives its transaction");
        }
    }

    @Override
    public final Statement createStatement(int type, int concurrency) throws SQLException {
        checkKind(type, concurrency);
        return createStatement();
    }

    @Override
    public final Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        checkKind(type, concurrency, holdability);
        return createStatement();
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        checkKind(type, concurrency);
        return prepareStatement(sql);
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        checkKind(type, concurrency, holdability);
        return prepareStatement(sql);
    }

    @Override
    public final PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        throw Errors.unsupported("choosing generated keys by position; name the columns");
    }

    @Override
    public final CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        return prepareCall(sql);
    }

    @Override
    public final CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        return prepareCall(sql);
    }

    @Override
    public final void setHoldability(int holdability) throws SQLException {
        checkHoldability(holdability);
    }

    @Override
    public final int getHoldability() {
        return ResultSet.CLOSE_CURSORS_AT_COMMIT;
    }

    @Override
    public final void setCatalog(String catalog) {
        // There are no catalogs; JDBC says to ignore it then.
    }

    @Override
    public final @Nullable String getCatalog() {
        return null;
    }

    @Override
    public final void clearWarnings() {
        // The server has none.
    }

    @Override
    public final Map<String, Class<?>> getTypeMap() {
        return new TreeMap<>();
    }

    @Override
    public final void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        if (!map.isEmpty()) {
            throw Errors.unsupported("a map of user types");
        }
    }

    final synchronized void rememberClientInfo(String name, String value) {
        if (value.isEmpty()) {
            clientInfo.remove(name);
        } else {
            clientInfo.put(name, value);
        }
    }

    @Override
    public final void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
        checkClientInfo(name);
        rememberClientInfo(name, value == null ? "" : value);
    }

    @Override
    public final void setClientInfo(Properties properties) throws SQLClientInfoException {
        for (String name : properties.stringPropertyNames()) {
            checkClientInfo(name);
        }
        for (String name : CLIENT_INFO) {
            rememberClientInfo(name, properties.getProperty(name, ""));
        }
    }

    private void checkClientInfo(String name) throws SQLClientInfoException {
        try {
            checkOpen();
            if (!CLIENT_INFO.contains(name)) {
                throw Errors.of(
                        ErrorCode.INVALID_PARAMETER,
                        "client info",
                        "\"" + name + "\"",
                        "known are " + String.join(", ", CLIENT_INFO));
            }
        } catch (SQLException e) {
            throw new SQLClientInfoException(
                    String.valueOf(e.getMessage()),
                    e.getSQLState(),
                    e.getErrorCode(),
                    Map.of(name, ClientInfoStatus.REASON_UNKNOWN_PROPERTY),
                    e);
        }
    }

    @Override
    public final synchronized @Nullable String getClientInfo(String name) {
        return clientInfo.get(name);
    }

    @Override
    public final synchronized Properties getClientInfo() {
        Properties properties = new Properties();
        properties.putAll(clientInfo);
        return properties;
    }

    @Override
    public final SQLXML createSQLXML() throws SQLException {
        throw Errors.unsupported("SQLXML");
    }

    @Override
    public final Array createArrayOf(String typeName, Object[] elements) throws SQLException {
        throw Errors.unsupported("an array");
    }

    @Override
    public final Struct createStruct(String typeName, Object[] attributes) throws SQLException {
        throw Errors.unsupported("a structured type");
    }
}
