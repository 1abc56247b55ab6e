package io.atlasdb.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The JDBC driver for {@code jdbc:atlas://host[:port][,…]/schema?key=value}. */
public final class Driver implements java.sql.Driver {
    static final int MAJOR = 0;
    static final int MINOR = 1;

    static {
        try {
            DriverManager.registerDriver(new Driver());
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        return AtlasConnection.open(url, ConnectionUrl.parse(url, info));
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(ConnectionUrl.PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        ConnectionUrl parsed = ConnectionUrl.parse(url, info);
        DriverPropertyInfo[] infos = new DriverPropertyInfo[ConnectionProperty.ALL.size()];
        for (int i = 0; i < infos.length; i++) {
            ConnectionProperty<?> property = ConnectionProperty.ALL.get(i);
            String value = parsed.properties().getOrDefault(property.key(), property.defaultText());
            infos[i] = new DriverPropertyInfo(property.key(), value);
            infos[i].description = property.help();
            if (!property.allowed().isEmpty()) {
                infos[i].choices = property.allowed().toArray(String[]::new);
            }
        }
        return infos;
    }

    @Override
    public int getMajorVersion() {
        return MAJOR;
    }

    @Override
    public int getMinorVersion() {
        return MINOR;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("the driver does not log");
    }
}
