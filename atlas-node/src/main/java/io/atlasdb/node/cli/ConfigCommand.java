package io.atlasdb.node.cli;

import io.atlasdb.node.config.AtlasConfig;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks at the configuration without starting anything. */
@Command(name = "config", description = "Check or show the configuration.", mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    static CommandLine commandLine(Console console) {
        CommandLine check = new CommandLine(new Check(console));
        ConfigFlags.add(check.getCommandSpec());
        CommandLine show = new CommandLine(new Show(console));
        ConfigFlags.add(show.getCommandSpec());
        return new CommandLine(new ConfigCommand()).addSubcommand(check).addSubcommand(show);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "check or show?");
    }

    /** Says whether a node could start with it. */
    @Command(name = "check", description = "Say whether the configuration is valid.", mixinStandardHelpOptions = true)
    private static final class Check implements Callable<Integer> {
        private final Console console;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        Check(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            ConfigFlags.load(spec);
            console.out().println("the configuration is valid");
            return Exit.OK;
        }
    }

    /** Prints every key as it stands. */
    @Command(
            name = "show",
            description = "Print the configuration with the origin of each value; secrets are masked.",
            mixinStandardHelpOptions = true)
    private static final class Show implements Callable<Integer> {
        private final Console console;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "-o",
                paramLabel = "<format>",
                description = "table, csv or json; else lines of a configuration")
        @org.jspecify.annotations.Nullable
        private Format format;

        Show(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            AtlasConfig config = ConfigFlags.load(spec);
            if (format == null) {
                for (AtlasConfig.Setting setting : config.settings()) {
                    String later = setting.key().available() ? "" : ", not available yet";
                    console.out().println(setting + "   # " + setting.origin() + later);
                }
                return Exit.OK;
            }
            List<List<String>> rows = config.settings().stream()
                    .map(s -> List.of(
                            s.key().key(), s.value(), s.origin(), s.key().description()))
                    .toList();
            RowPrinter.print(format, console.out(), List.of("key", "value", "origin", "description"), rows);
            return Exit.OK;
        }
    }
}
