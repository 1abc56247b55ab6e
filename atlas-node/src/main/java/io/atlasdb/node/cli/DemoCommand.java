package io.atlasdb.node.cli;

import io.atlasdb.node.demo.Demo;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A node with sample data to try things on. */
@Command(
        name = "demo",
        description =
                "Start a node in a temporary folder, load sample tables, open a shell; all of it goes at the end.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private final Console console;

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

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        try (Demo demo = Demo.start()) {
            if (statements.isEmpty() && file == null && console.interactive()) {
                console.out().println("A node with sample tables: CUSTOMERS, PRODUCTS, ORDERS. Leave with \\q.");
                console.out().println("  url     " + demo.url());
                console.out().println("  socket  " + demo.socketPath());
                console.out().flush();
            }
            return SqlCommand.run(console, demo.url(), new Properties(), statements, file, format);
        }
    }
}
