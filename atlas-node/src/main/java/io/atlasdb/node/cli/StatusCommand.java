package io.atlasdb.node.cli;

import io.atlasdb.node.cli.SocketSession.Reply;
import io.atlasdb.node.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says how the cluster is, as one of its nodes sees it. */
@Command(
        name = "status",
        description = "Show the nodes; exit code 5 when one is not well.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final Pattern FIELD = Pattern.compile("(\\w+)=(\\S+)");
    private static final Path DEFAULT_FILE = Path.of("atlas.conf");

    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "<socket>",
            description = "the node's socket (default: that of atlas.conf)")
    @Nullable
    private Path socket;

    @Option(names = "-o", paramLabel = "<format>", description = "${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    StatusCommand(Console console) {
        this.console = console;
    }

    StatusCommand(Console console, @Nullable Path socket, Format format) {
        this(console);
        this.socket = socket;
        this.format = format;
    }

    @Override
    public Integer call() {
        try (SocketSession session = SocketSession.open(path(socket))) {
            Reply reply = session.ask("NODE LIST");
            if (!reply.ok()) {
                console.error(format == Format.JSON, reply.end(), null);
                return Exit.FAILED;
            }
            List<String> labels = new ArrayList<>();
            List<List<String>> rows = new ArrayList<>();
            boolean healthy = true;
            for (String frame : reply.frames().subList(0, reply.frames().size() - 1)) {
                List<String> row = new ArrayList<>();
                labels.clear();
                fields(frame).forEach((label, value) -> {
                    labels.add(label);
                    row.add(value);
                });
                healthy &= row.contains("ACTIVE");
                labels.add("snapshots");
                row.add(arriving(session, row.get(0)));
                rows.add(row);
            }
            RowPrinter.print(format, console.out(), labels, rows);
            return healthy && !rows.isEmpty() ? Exit.OK : Exit.UNHEALTHY;
        }
    }

    private static Map<String, String> fields(String frame) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher fields = FIELD.matcher(frame);
        while (fields.find()) {
            found.put(fields.group(1), fields.group(2));
        }
        return found;
    }

    /** What comes to a node that joined or was away; nothing as a rule. */
    private static String arriving(SocketSession session, String node) {
        Map<String, String> info =
                fields(session.ask("NODE INFO " + node).frames().get(0));
        return info.containsKey("snapshots")
                ? info.get("snapshots") + " groups, " + info.get("snapshot_rows") + " of "
                        + info.get("snapshot_rows_total") + " rows"
                : "";
    }

    /** The socket that was named, or the one that the configuration names. */
    static Path path(@Nullable Path socket) {
        return socket != null ? socket : configured();
    }

    private static Path configured() {
        Path file = Files.isRegularFile(DEFAULT_FILE) ? DEFAULT_FILE : null;
        return ConfigLoader.load(file, System.getenv(), Map.of()).socket();
    }
}
