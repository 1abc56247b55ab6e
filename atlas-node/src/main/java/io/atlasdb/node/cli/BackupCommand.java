package io.atlasdb.node.cli;

import io.atlasdb.node.backup.BackupWriter;
import io.atlasdb.node.backup.Manifest;
import io.atlasdb.node.cli.RowPrinter.Column;
import io.atlasdb.node.cli.RowPrinter.Kind;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a running cluster into a folder of this machine. */
@Command(
        name = "backup",
        description = "Copy the whole cluster, as it is at one moment, into a folder of this machine.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    /** Chunks that come with one answer of the node: each is of some MiB already. */
    private static final int FETCH_CHUNKS = 1;

    private final Console console;

    @Mixin
    private final CopyLogin login = new CopyLogin();

    @Option(names = "--to", paramLabel = "<folder>", description = "an empty folder, made if there is none")
    @Nullable
    private Path to;

    @Option(names = "-o", paramLabel = "<format>", description = "${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    private BackupCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new BackupCommand(console)).addSubcommand(new VerifyCommand(console));
    }

    @Override
    public Integer call() throws IOException, SQLException {
        if (to == null) {
            throw ErrorCode.INVALID_PARAMETER.error("--to", "nothing", "name an empty folder");
        }
        try (Connection connection = login.connect();
                CopyProgress progress = CopyProgress.on(console);
                BackupWriter writer = BackupWriter.open(to)) {
            copy(connection, writer, progress);
            print(writer.finish(), to, writer.bytes(), progress.seconds());
        }
        return Exit.OK;
    }

    private static void copy(Connection connection, BackupWriter writer, CopyProgress progress)
            throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_CHUNKS);
            Thread cancel = new Thread(() -> cancel(statement), "cancel");
            Runtime.getRuntime().addShutdownHook(cancel);
            try (ResultSet chunks = statement.executeQuery("BACKUP CLUSTER")) {
                while (chunks.next()) {
                    writer.accept(chunks.getBytes(1));
                    show(writer, progress);
                }
            } finally {
                SqlCommand.removeHook(cancel);
            }
        }
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            Faults.log(e);
        }
    }

    private static void show(BackupWriter writer, CopyProgress progress) {
        Manifest head = writer.head();
        long estimate = head == null ? 0 : head.rows();
        String what = String.format(
                Locale.ROOT,
                "group %d of %d  %,d rows",
                writer.groups(),
                head == null ? 0 : head.groups().size(),
                writer.rows());
        progress.show("backup", what, writer.bytes(), writer.rows(), estimate);
    }

    private void print(Manifest manifest, Path folder, long fileBytes, double seconds) {
        List<Column> columns = List.of(
                new Column("folder", Kind.TEXT),
                new Column("taken_at", Kind.TEXT),
                new Column("tables", Kind.NUMBER),
                new Column("entries", Kind.NUMBER),
                new Column("bytes", Kind.NUMBER),
                new Column("file_bytes", Kind.NUMBER),
                new Column("seconds", Kind.NUMBER));
        List<@Nullable String> row = new ArrayList<>(List.of(
                folder.toString(),
                manifest.takenAt().toString(),
                String.valueOf(manifest.tables()),
                String.valueOf(manifest.rows()),
                String.valueOf(manifest.bytes()),
                String.valueOf(fileBytes),
                String.format(Locale.ROOT, "%.1f", seconds)));
        RowPrinter printer = RowPrinter.of(format, console.out(), columns);
        printer.row(row);
        printer.end();
    }
}
