package io.atlasdb.node.cli;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import sqlline.AbstractCommandHandler;
import sqlline.DispatchCallback;

/** The commands that Atlas adds to sqlline's: a backslash command becomes one of these or of sqlline's own. */
final class ShellCommands {
    private ShellCommands() {}

    static List<sqlline.CommandHandler> of(InteractiveSql shell) {
        return List.of(
                new Handler(shell, "commands", "Lists the backslash commands", (arguments, callback) -> help(shell)),
                new Handler(
                        shell,
                        "watch",
                        "Runs the last statement again and again",
                        (arguments, callback) -> watch(shell, arguments, callback)),
                new Handler(
                        shell,
                        "copy",
                        "Copies between a table and a CSV file",
                        (arguments, callback) -> copy(shell, arguments)));
    }

    private static void help(InteractiveSql shell) {
        ShellHelp.TEXT.lines().forEach(shell::output);
    }

    private static void watch(InteractiveSql shell, String arguments, DispatchCallback callback)
            throws IOException, SQLException {
        Watch watch = Watch.of(arguments);
        String statement = shell.lastStatement();
        if (statement.isEmpty()) {
            throw new SQLException("\\watch: there is no statement before it", "42601");
        }
        // A run that fails or is cancelled says so in the callback.
        watch.repeat(
                () -> shell.runCommands(List.of(statement), callback),
                () -> callback.isCanceled() || callback.isFailure());
    }

    private static void copy(InteractiveSql shell, String arguments) throws IOException, SQLException {
        try (Connection connection = shell.connect()) {
            long rows = new CsvCopy(connection).run(arguments);
            shell.output(rows == 1 ? "1 row copied" : rows + " rows copied");
        }
    }

    private interface Action {
        void run(String arguments, DispatchCallback callback) throws IOException, SQLException;
    }

    /** One command under its name. */
    private static final class Handler extends AbstractCommandHandler {
        private final InteractiveSql shell;
        private final Action action;

        Handler(InteractiveSql shell, String name, String help, Action action) {
            super(shell, new String[] {name}, help, List.of());
            this.shell = shell;
            this.action = action;
        }

        @Override
        public void execute(String line, DispatchCallback callback) {
            int blank = line.indexOf(' ');
            try {
                action.run(blank < 0 ? "" : line.substring(blank + 1).strip(), callback);
                if (!callback.isCanceled() && !callback.isFailure()) {
                    callback.setToSuccess();
                }
            } catch (IOException | SQLException e) {
                shell.output("Error: " + e.getMessage());
                callback.setToFailure();
            }
        }
    }
}
