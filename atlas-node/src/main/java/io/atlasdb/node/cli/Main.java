package io.atlasdb.node.cli;

import io.atlasdb.proto.AtlasException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code atlas} command. */
@Command(
        name = "atlas",
        description = "A strongly consistent SQL database.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int code = run(new Console(System.in, out, err), arguments);
        out.flush();
        // Not by returning: a library's thread must not keep the process alive.
        System.exit(code);
    }

    /** Runs a command and returns its exit code. */
    static int run(Console console, String... arguments) {
        CommandLine line = new CommandLine(new Main())
                .addSubcommand(StartCommand.commandLine(console))
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new SqlCommand(console))
                .addSubcommand(new ShellCommand(console))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new NodeCommand(console))
                .addSubcommand(BackupCommand.commandLine(console))
                .addSubcommand(RestoreCommand.commandLine(console))
                .addSubcommand(new BenchCommand(console))
                .addSubcommand(ConfigCommand.commandLine(console))
                .addSubcommand(new VersionCommand(console))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedSubcommandsAllowed(false)
                .setOut(console.outWriter())
                .setErr(console.errWriter());
        line.setParameterExceptionHandler((e, args) -> misused(console, e));
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(console, e, command));
        return line.execute(arguments);
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int misused(Console console, ParameterException error) {
        CommandLine command = error.getCommandLine();
        console.err().println("atlas: " + error.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, console.errWriter())) {
            command.usage(console.errWriter());
        }
        console.errWriter().flush();
        return Exit.USAGE;
    }

    private static int failed(Console console, Exception error, CommandLine command) {
        OptionSpec format = command.getCommandSpec().findOption("-o");
        boolean json = format != null && format.getValue() == Format.JSON;
        if (error instanceof AtlasException known) {
            console.error(json, String.valueOf(known.getMessage()), known.code().sqlState());
            return Exit.of(known.code());
        }
        if (error instanceof SQLException known) {
            String state = known.getSQLState();
            String message = String.valueOf(known.getMessage());
            console.error(json, json || state == null ? message : message + " [" + state + "]", state);
            return Exit.of(known);
        }
        Faults.log(error);
        console.error(json, "internal error: " + error + "; ATLAS_LOG_LEVEL=debug shows where", null);
        return Exit.INTERNAL;
    }
}
