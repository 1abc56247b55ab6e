package io.atlasdb.node.cli;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The SQL shell; runs statements from the command line, a file or a pipe as well. */
@Command(name = "sql", description = "Open a SQL shell, or run statements.", mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
    static final String DEFAULT_URL = "jdbc:atlas://127.0.0.1:8765/";

    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "<url>",
            description =
                    "jdbc:atlas://host:port/schema or host:port/schema (default: $ATLAS_URL, or " + DEFAULT_URL + ")")
    @Nullable
    private String url;

    @Option(names = "-c", paramLabel = "<sql>", description = "run these statements and leave; may be repeated")
    private List<String> statements = new ArrayList<>();

    @Option(names = "-f", paramLabel = "<file>", description = "run the statements of a file and leave")
    @Nullable
    private Path file;

    @Option(
            names = {"--format", "-o"},
            paramLabel = "<format>",
            description = "${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    @Option(names = "-u", paramLabel = "<user>", description = "the user")
    @Nullable
    private String user;

    @Option(
            names = "-p",
            description = "ask for the password; else $ATLAS_PASSWORD is taken",
            interactive = true,
            arity = "0..1")
    private char @Nullable [] password;

    SqlCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        return run(console, address(url, System.getenv("ATLAS_URL")), properties(), statements, file, format);
    }

    /** The URL for what somebody typed. */
    static String address(@Nullable String typed, @Nullable String variable) {
        String address = typed != null ? typed : variable != null ? variable : DEFAULT_URL;
        return address.startsWith("jdbc:") ? address : "jdbc:atlas://" + address;
    }

    private Properties properties() {
        return properties(user, password);
    }

    /** What was typed of a login; the password else comes from the environment. */
    static Properties properties(@Nullable String user, char @Nullable [] password) {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        String secret = password == null ? System.getenv("ATLAS_PASSWORD") : new String(password);
        if (secret != null) {
            properties.setProperty("password", secret);
        }
        return properties;
    }

    /** Runs statements, a file, what comes through a pipe, or the shell. */
    static int run(
            Console console,
            String url,
            Properties properties,
            List<String> statements,
            @Nullable Path file,
            Format format)
            throws IOException, SQLException {
        boolean shell = statements.isEmpty() && file == null && console.interactive();
        if (shell) {
            return InteractiveSql.run(url, properties, format);
        }
        if (file != null && !Files.isReadable(file)) {
            throw ErrorCode.INVALID_PARAMETER.error("-f", file, "the file cannot be read");
        }
        try (Connection connection = connect(url, properties)) {
            SqlScript script = new SqlScript(connection, console.out(), format);
            // Ctrl-C ends the process with 130; the server must not go on with what nobody waits for.
            Thread cancel = new Thread(script::cancel, "cancel");
            Runtime.getRuntime().addShutdownHook(cancel);
            try {
                for (String text : statements) {
                    script.run(new StringReader(text));
                }
                if (file != null) {
                    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                        script.run(text);
                    }
                }
                if (statements.isEmpty() && file == null) {
                    script.run(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
                }
            } finally {
                console.out().flush();
                removeHook(cancel);
            }
        }
        return Exit.OK;
    }

    /**
     * Connects.
     *
     * @throws io.atlasdb.proto.AtlasException {@code SYNTAX} when the URL itself is wrong, which is a mistake in the command line
     */
    static Connection connect(String url, Properties properties) throws SQLException {
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            int code = e.getErrorCode();
            if (code == ErrorCode.NO_SUCH_SETTING.number() || code == ErrorCode.INVALID_PARAMETER.number()) {
                throw ErrorCode.SYNTAX.error(e, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is on its way out already.
        }
    }
}
