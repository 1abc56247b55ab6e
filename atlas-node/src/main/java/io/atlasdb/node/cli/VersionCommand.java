package io.atlasdb.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** Says what runs. */
@Command(name = "version", description = "Print the versions.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "-o", paramLabel = "<format>", description = "table, csv or json; else one line")
    @Nullable
    private Format format;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (format == null) {
            console.out().println(line());
        } else {
            RowPrinter.print(
                    format,
                    console.out(),
                    List.of("atlas", "socket_protocol", "java", "os"),
                    List.of(List.of(version(), "1.0", System.getProperty("java.version"), os())));
        }
        return Exit.OK;
    }

    /** The version of this build. */
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("/io/atlasdb/node/version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }

    private static String os() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    private static String line() {
        return "Atlas " + version() + ", Java " + System.getProperty("java.version") + ", " + os();
    }

    /** For {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {line()};
        }
    }
}
