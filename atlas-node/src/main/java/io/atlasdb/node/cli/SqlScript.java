package io.atlasdb.node.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs statements one after the other and prints what they give; stops at the first that fails. */
final class SqlScript {
    private static final int DEPTH_MAX = 16;
    private static final int FETCH_ROWS = 1_000;

    private final Connection connection;
    private final PrintStream out;
    private Format format;
    private boolean timing;
    private boolean ended;
    private int depth;
    /** What {@code \\watch} repeats. */
    private @Nullable String last;

    private volatile boolean cancelled;
    private volatile @Nullable Statement running;

    SqlScript(Connection connection, PrintStream out, Format format) {
        this.connection = connection;
        this.out = out;
        this.format = format;
    }

    /** Runs all statements of a text. */
    void run(Reader script) throws IOException, SQLException {
        StatementReader statements = new StatementReader(script);
        String statement;
        while (!ended && (statement = statements.next()) != null) {
            if (statement.startsWith("\\")) {
                meta(statement);
            } else {
                last = statement;
                execute(statement);
            }
        }
        out.flush();
    }

    /** Ends the statement that runs now, from any thread. */
    void cancel() {
        cancelled = true;
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                Faults.log(e);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        long startNanos = System.nanoTime();
        try (Statement statement = connection.createStatement()) {
            running = statement;
            statement.setFetchSize(FETCH_ROWS);
            boolean rows = statement.execute(sql);
            if (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    print(result);
                }
            } else if (isForPeople()) {
                long count = statement.getLargeUpdateCount();
                out.println(
                        count < 0 || isSilent(sql) ? "OK" : count + (count == 1 ? " row changed" : " rows changed"));
            }
            for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
                out.println("warning: " + w.getMessage());
            }
        } finally {
            running = null;
        }
        if (timing) {
            out.printf(Locale.ROOT, "Time: %.1f ms%n", (System.nanoTime() - startNanos) / 1e6);
        }
    }

    /** Statements whose count says nothing. */
    private static boolean isSilent(String sql) {
        return !sql.regionMatches(true, 0, "INSERT", 0, 6)
                && !sql.regionMatches(true, 0, "UPDATE", 0, 6)
                && !sql.regionMatches(true, 0, "UPSERT", 0, 6)
                && !sql.regionMatches(true, 0, "DELETE", 0, 6)
                && !sql.regionMatches(true, 0, "MERGE", 0, 5);
    }

    private boolean isForPeople() {
        return format == Format.TABLE || format == Format.VERTICAL;
    }

    private void print(ResultSet result) throws SQLException {
        long rows = new ResultRows(result).print(format, out);
        if (isForPeople()) {
            out.println(rows == 1 ? "(1 row)" : "(" + rows + " rows)");
        }
    }

    private void meta(String command) throws IOException, SQLException {
        int blank = command.indexOf(' ');
        String name = blank < 0 ? command : command.substring(0, blank);
        String argument = blank < 0 ? "" : command.substring(blank + 1).strip();
        String listing = ShellListings.query(name, argument);
        if (listing != null) {
            execute(listing);
            return;
        }
        switch (name) {
            case "\\q" -> ended = true;
            case "\\x" -> format = format == Format.VERTICAL ? Format.TABLE : Format.VERTICAL;
            case "\\timing" -> timing = !timing;
            case "\\i" -> include(Path.of(argument));
            case "\\copy" -> copied(new CsvCopy(connection).run(argument));
            case "\\watch" -> watch(Watch.of(argument));
            case "\\?", "\\h" -> out.println(ShellHelp.TEXT);
            default -> throw new SQLException("unknown command " + name + "; \\? lists the known ones", "42601");
        }
    }

    private void copied(long rows) {
        if (isForPeople()) {
            out.println(rows == 1 ? "1 row copied" : rows + " rows copied");
        }
    }

    private void watch(Watch watch) throws IOException, SQLException {
        String sql = last;
        if (sql == null) {
            throw new SQLException("\\watch: there is no statement before it", "42601");
        }
        watch.repeat(
                () -> {
                    execute(sql);
                    out.flush();
                },
                () -> cancelled);
    }

    private void include(Path file) throws IOException, SQLException {
        if (depth >= DEPTH_MAX) {
            throw new SQLException("\\i " + file + ": files include each other too deeply", "42601");
        }
        if (!Files.isReadable(file)) {
            throw new SQLException("\\i " + file + ": the file cannot be read", "42601");
        }
        depth++;
        try (Reader script = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            run(script);
        } finally {
            depth--;
        }
    }
}
