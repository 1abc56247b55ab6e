package io.atlasdb.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.impl.LineReaderImpl;
import org.jspecify.annotations.Nullable;
import sqlline.Application;
import sqlline.CommandHandler;
import sqlline.SqlLine;
import sqlline.SqlLineOpts;
import sqlline.SqlLineParser;

/**
 * The SQL shell on a terminal: sqlline with completion, history and cancelling, and with psql's backslash commands, which
 * become sqlline's own.
 */
final class InteractiveSql extends SqlLine {
    /** Lines that must not be kept, as JLine patterns. */
    private static final String SECRETS = "*PASSWORD*:*password*:*Password*:!connect*";

    private boolean vertical;
    private boolean timing = true;
    /** What {@code \\watch} repeats; empty at first. */
    private String lastStatement = "";

    /** Where {@code \\copy} connects to, since sqlline keeps its connection to itself. */
    private final String url;

    private final Properties properties;

    private InteractiveSql(String url, Properties properties) {
        this.url = url;
        this.properties = properties;
    }

    String lastStatement() {
        return lastStatement;
    }

    /** A connection of its own for a command. */
    Connection connect() throws SQLException {
        return SqlCommand.connect(url, properties);
    }

    /** Runs the shell until it is left. */
    static int run(String url, Properties properties, Format format) throws IOException, SQLException {
        return run(url, properties, format, null, null, history());
    }

    /** With streams instead of the terminal, for tests. */
    static int run(
            String url,
            Properties properties,
            Format format,
            @Nullable InputStream input,
            @Nullable OutputStream output,
            Path history)
            throws IOException, SQLException {
        // A refused login or a dead host is an exit code, not a line within a shell.
        try (Connection connection = SqlCommand.connect(url, properties)) {
            connection.isValid(1);
        }
        InteractiveSql shell = new InteractiveSql(url, properties);
        if (output != null) {
            shell.setOutputStream(output);
            shell.setErrorStream(output);
        }
        shell.vertical = format == Format.VERTICAL;
        Status status = shell.begin(arguments(url, properties, format, history), input, true);
        return status == Status.OK ? Exit.OK : Exit.FAILED;
    }

    private static String[] arguments(String url, Properties properties, Format format, Path history) {
        List<String> arguments = new ArrayList<>(List.of(
                "--historyFile=" + history,
                "--outputFormat=" + name(format),
                "--isolation=TRANSACTION_SERIALIZABLE",
                "--maxWidth=0",
                "--nullValue=NULL",
                "--autoPairing=false",
                // Names of tables and columns are completed too.
                "--fastConnect=false",
                "--prompt=atlas> ",
                "-ac",
                Banner.class.getName(),
                "-u",
                url,
                "-n",
                properties.getProperty("user", ""),
                "-p",
                properties.getProperty("password", "")));
        return arguments.toArray(String[]::new);
    }

    private static String name(Format format) {
        return format == Format.XML ? "xmlelements" : format.name().toLowerCase(Locale.ROOT);
    }

    /** The history of this user, readable by nobody else. */
    private static Path history() throws IOException {
        Path directory = Path.of(System.getProperty("user.home"), ".atlas");
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = directory.resolve("sql_history");
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // As it should be, from the second time on.
        }
        return file;
    }

    @Override
    public LineReader getConsoleReader(InputStream inputStream, History fileHistory) throws IOException {
        LineReader reader = super.getConsoleReader(inputStream, fileHistory);
        reader.setVariable(LineReader.HISTORY_IGNORE, SECRETS);
        if (reader instanceof LineReaderImpl lines) {
            lines.setParser(new CommandParser(this));
        }
        return (LineReader) Proxy.newProxyInstance(
                LineReader.class.getClassLoader(), new Class<?>[] {LineReader.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(reader, arguments);
                        return method.getName().equals("readLine") && result instanceof String line
                                ? translate(line)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    /** A line as sqlline understands it. */
    private String translate(String line) {
        String text = line.strip();
        if (!text.startsWith("\\")) {
            if (!text.isEmpty() && !text.startsWith("!")) {
                lastStatement = line;
            }
            return line;
        }
        int blank = text.indexOf(' ');
        String argument = blank < 0 ? "" : text.substring(blank + 1).strip();
        String command = blank < 0 ? text : text.substring(0, blank);
        String listing = ShellListings.query(command, argument);
        return listing != null ? listing + ";" : translate(command, argument);
    }

    private String translate(String command, String argument) {
        return switch (command) {
            case "\\q" -> "!quit";
            case "\\?", "\\h" -> "!commands";
            case "\\i" -> "!run " + argument;
            case "\\connect", "\\c" -> {
                String url = ShellListings.regionUrl(argument);
                yield "!connect " + (url == null ? argument : url + " \"\" \"\"");
            }
            case "\\x" -> {
                vertical = !vertical;
                yield "!outputformat " + (vertical ? "vertical" : "table");
            }
            case "\\timing" -> {
                timing = !timing;
                yield "!set showElapsedTime " + timing;
            }
            default -> "!" + (command + " " + argument).substring(1).strip();
        };
    }

    /** A backslash command is one line; sqlline would wait for its semicolon. */
    private static final class CommandParser extends SqlLineParser {
        CommandParser(SqlLine shell) {
            super(shell);
        }

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            boolean command = line.startsWith("\\") && context == ParseContext.ACCEPT_LINE;
            return command ? super.parse("", 0, context) : super.parse(line, cursor, context);
        }
    }

    /** What sqlline calls the program that it is part of. */
    public static final class Banner extends Application {
        @Override
        public String getInfoMessage() {
            return "Atlas " + VersionCommand.version()
                    + ". A statement ends with a semicolon; \\d lists tables, \\? helps," + " \\q leaves.";
        }

        @Override
        public Collection<CommandHandler> getCommandHandlers(SqlLine shell) {
            List<CommandHandler> handlers = new ArrayList<>(super.getCommandHandlers(shell));
            if (shell instanceof InteractiveSql own) {
                handlers.addAll(ShellCommands.of(own));
            }
            return handlers;
        }

        @Override
        public SqlLineOpts getOpts(SqlLine shell) {
            // Those that the arguments have set already.
            return shell.getOpts();
        }
    }
}
