package io.atlasdb.node.bench;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import net.hydromatic.sqllogictest.OptionsParser.SuppliedOptions;
import net.hydromatic.sqllogictest.executors.JdbcExecutor;

/** Runs sql-logic-test against any JDBC URL with standard SQL: its own way to drop tables needs CASCADE. */
final class SltExecutor extends JdbcExecutor {
    private final String schema;

    SltExecutor(SuppliedOptions options, String url, String schema) {
        super(options, url, "", "");
        this.schema = schema;
    }

    @Override
    public void establishConnection() throws SQLException {
        connection = DriverManager.getConnection(dbUrl);
    }

    @Override
    public void dropAllTables() throws SQLException {
        List<String> tables = new ArrayList<>();
        Connection open = getConnection();
        DatabaseMetaData metaData = open.getMetaData();
        try (ResultSet result = metaData.getTables(null, schema, "%", null)) {
            while (result.next()) {
                if (result.getString("TABLE_TYPE").endsWith("TABLE")) {
                    tables.add(result.getString("TABLE_NAME"));
                }
            }
        }
        try (Statement statement = open.createStatement()) {
            for (String table : tables) {
                statement.execute("DROP TABLE \"" + schema + "\".\"" + table + "\"");
            }
        }
    }

    /** The files that are run make no views. */
    @Override
    public void dropAllViews() {}
}
