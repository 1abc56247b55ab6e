package io.atlasdb.node.cli;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.server.Node;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a node until it is told to end. */
@Command(name = "start", description = "Start a node.", mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private StartCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new StartCommand(console));
        ConfigFlags.add(line.getCommandSpec());
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        long startNanos = System.nanoTime();
        AtlasConfig config = ConfigFlags.load(spec);
        Logs.configure(config.logLevel(), config.logFormat());
        if (!config.audit().file().isEmpty()) {
            Logs.audit(Path.of(config.audit().file()));
        }
        Node node = Node.start(config);
        // SIGTERM and Ctrl-C: finish what is under way, close the stores, go.
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
        console.out()
                .printf(
                        "Atlas %s is ready after %.1f s%n  sql     atlas sql jdbc:atlas://%s:%d/%n  socket  atlas shell"
                                + " %s%n  data    %s%n",
                        VersionCommand.version(),
                        (System.nanoTime() - startNanos) / 1e9,
                        config.clientListen().host(),
                        node.clientPort(),
                        node.socketPath(),
                        config.dbPath());
        console.out().flush();
        node.awaitShutdown();
        return Exit.OK;
    }
}
