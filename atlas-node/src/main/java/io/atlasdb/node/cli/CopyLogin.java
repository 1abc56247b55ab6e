package io.atlasdb.node.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command that copies a cluster reaches it, and as whom. */
final class CopyLogin {
    @Option(
            names = "--url",
            paramLabel = "<url>",
            description = "the client port of any node: jdbc:atlas://host:port/ or host:port (default: $ATLAS_URL, or "
                    + SqlCommand.DEFAULT_URL + ")")
    @Nullable
    private String url;

    @Option(names = "-u", paramLabel = "<user>", description = "the user, who must be an administrator")
    @Nullable
    private String user;

    @Option(
            names = "-p",
            description = "ask for the password; else $ATLAS_PASSWORD is taken",
            interactive = true,
            arity = "0..1")
    private char @Nullable [] password;

    /** Whether a URL was typed. */
    boolean isGiven() {
        return url != null;
    }

    /** Connects; statements of the connection may take as long as they need. */
    Connection connect() throws SQLException {
        return connect(SqlCommand.address(url, System.getenv("ATLAS_URL")), properties());
    }

    static Connection connect(String url, Properties properties) throws SQLException {
        Connection connection = SqlCommand.connect(url, properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = 0");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Properties properties() {
        return SqlCommand.properties(user, password);
    }
}
