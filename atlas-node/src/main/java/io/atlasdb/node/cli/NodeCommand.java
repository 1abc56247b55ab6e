package io.atlasdb.node.cli;

import io.atlasdb.node.cli.SocketSession.Reply;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does with nodes. */
@Command(name = "node", description = "Show, drain and remove nodes.", mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {
    private final Console console;

    /** What to do; names are those of the command line. */
    enum Action {
        LS,
        DRAIN,
        ACTIVATE,
        REMOVE
    }

    @Parameters(index = "0", paramLabel = "<action>", description = "${COMPLETION-CANDIDATES}, in any case")
    private Action action = Action.LS;

    @Parameters(index = "1", arity = "0..1", paramLabel = "<id>", description = "the number of the node")
    @Nullable
    private Integer id;

    @Option(
            names = "--socket",
            paramLabel = "<socket>",
            description = "the socket of any node (default: that of atlas.conf)")
    @Nullable
    private Path socket;

    @Option(names = "-o", paramLabel = "<format>", description = "${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    NodeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (action == Action.LS) {
            return new StatusCommand(console, socket, format).call() == Exit.FAILED ? Exit.FAILED : Exit.OK;
        }
        if (id == null) {
            console.error(format == Format.JSON, "name the number of the node, as atlas node drain 2", null);
            return Exit.USAGE;
        }
        try (SocketSession session = SocketSession.open(StatusCommand.path(socket))) {
            Reply reply = session.ask("NODE " + action.name() + " " + id);
            if (!reply.ok()) {
                console.error(format == Format.JSON, reply.end(), null);
                return Exit.FAILED;
            }
            console.out()
                    .println(
                            switch (action) {
                                case DRAIN -> "node " + id + " hands its groups to others and takes none";
                                case ACTIVATE -> "node " + id + " may own groups again";
                                default -> "node " + id + " leaves the cluster; it stops once it is in no group";
                            });
            return Exit.OK;
        }
    }
}
