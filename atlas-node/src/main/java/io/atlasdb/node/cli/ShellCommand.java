package io.atlasdb.node.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The shell of the socket: a line is a command. */
@Command(
        name = "shell",
        description = "Talk to a node over its Unix socket; reads commands from a pipe too.",
        mixinStandardHelpOptions = true)
final class ShellCommand implements Callable<Integer> {
    private static final String PROMPT = "> ";

    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "<socket>", description = "the socket (default: atlas-data/atlas.sock)")
    private Path socket = Path.of("atlas-data", "atlas.sock");

    /** The next line, null at the end. */
    private interface Lines {
        @Nullable
        String next() throws IOException;
    }

    ShellCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        try (SocketSession session = SocketSession.open(socket)) {
            if (!console.interactive()) {
                BufferedReader in = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
                return converse(session, in::readLine, false);
            }
            try (Terminal terminal = TerminalBuilder.terminal()) {
                LineReader reader = LineReaderBuilder.builder()
                        .terminal(terminal)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .build();
                return converse(session, () -> read(reader), true);
            }
        }
    }

    /** A line from the terminal; null after Ctrl-C and Ctrl-D, which both leave. */
    private static @Nullable String read(LineReader reader) {
        try {
            return reader.readLine(PROMPT);
        } catch (UserInterruptException | EndOfFileException e) {
            return null;
        }
    }

    private int converse(SocketSession session, Lines lines, boolean interactive) throws IOException {
        int code = Exit.OK;
        String line;
        while ((line = lines.next()) != null) {
            String text = line.strip();
            if (text.equalsIgnoreCase("EXIT") || text.equalsIgnoreCase("QUIT")) {
                break;
            }
            if (text.isEmpty()) {
                continue;
            }
            SocketSession.Reply reply =
                    ShellBlobs.isBlob(line) ? ShellBlobs.ask(session, line, console.out()) : session.ask(line);
            reply.frames().forEach(console.out()::println);
            console.out().flush();
            if (reply.fatal()) {
                return Exit.INTERNAL;
            }
            if (!reply.ok() && !interactive) {
                code = Exit.FAILED;
            }
        }
        return code;
    }
}
