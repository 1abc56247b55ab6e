package io.atlasdb.node.cli;

import io.atlasdb.node.demo.Demo;
import io.atlasdb.node.demo.EmulatedCluster;
import io.atlasdb.node.demo.SampleData;
import io.atlasdb.node.demo.Wan;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A node with sample data to try things on. */
@Command(
        name = "demo",
        description =
                "Start a cluster of several regions in this process, with their distances, sample tables and a shell; all of"
                        + " it goes at the end. With statements and without --regions it is one node.",
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

    @Option(
            names = "--regions",
            paramLabel = "<names>",
            split = ",",
            description = "the regions (default: all of --latency)")
    private List<String> regions = new ArrayList<>();

    @Option(names = "--region", paramLabel = "<name>", description = "where the shell works (default: the first)")
    private String region = "";

    @Option(names = "--nodes-per-region", paramLabel = "<n>", description = "nodes in each region (default: 1)")
    private int nodesPerRegion = 1;

    @Option(names = "--fn", paramLabel = "<n>", description = "node failures to tolerate in each region")
    private int fn = -1;

    @Option(names = "--fz", paramLabel = "<n>", description = "region failures to tolerate (default: 1 from three on)")
    private int fz = -1;

    @Option(
            names = "--latency",
            paramLabel = "<preset>",
            description = "global, single-continent, local, or a CSV file of from,to,rtt_ms (default: global)")
    private String latency = "global";

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        boolean batch = !statements.isEmpty() || file != null || !console.interactive();
        return batch && regions.isEmpty() ? one() : several();
    }

    private Integer several() throws IOException, SQLException {
        Wan wan = Wan.of(latency, regions);
        PrintStream notes = console.err();
        notes.println("Starting " + wan.regions().size() * nodesPerRegion + " nodes in "
                + String.join(", ", wan.regions()) + " …");
        EmulatedCluster.Options options = new EmulatedCluster.Options(wan, nodesPerRegion, fn, fz);
        try (EmulatedCluster cluster =
                EmulatedCluster.start(options, (node, where) -> notes.println("  node " + node + ", " + where))) {
            String first = region.isEmpty() ? wan.regions().get(0) : region;
            SampleData.load(cluster.url(wan.regions().get(0)));
            cluster.separate();
            Map<String, String> urls = new LinkedHashMap<>();
            wan.regions().forEach(name -> urls.put(name, cluster.url(name)));
            notes.println("Tables: CUSTOMERS, PRODUCTS, ORDERS. You work in " + first + "; \\connect <region> goes"
                    + " elsewhere, \\owner shows where tables are owned, \\wan the distances, \\q leaves.");
            urls.forEach((name, url) -> notes.println("  " + name + "  " + url));
            notes.flush();
            ShellListings.regions(urls);
            return SqlCommand.run(console, cluster.url(first), new Properties(), statements, file, format);
        }
    }

    private Integer one() throws IOException, SQLException {
        try (Demo demo = Demo.start()) {
            return SqlCommand.run(console, demo.url(), new Properties(), statements, file, format);
        }
    }
}
