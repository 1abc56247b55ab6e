package io.atlasdb.node.cli;

import io.atlasdb.node.backup.BackupFolder;
import io.atlasdb.node.backup.Manifest;
import io.atlasdb.node.backup.RestoreSteps;
import io.atlasdb.node.cli.RowPrinter.Column;
import io.atlasdb.node.cli.RowPrinter.Kind;
import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.server.Node;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts a backup into an empty cluster, which runs, or into an empty data directory, from which a cluster can then be started. */
@Command(
        name = "restore",
        description = "Put a backup into an empty running cluster (--url) or into an empty data directory (--db-path).",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private final CopyLogin login = new CopyLogin();

    @Option(names = "--from", paramLabel = "<folder>", description = "the folder of the backup")
    @Nullable
    private Path from;

    @Option(
            names = "--adapt-placement",
            description = "let groups live anywhere whose regions, fn or fz the cluster cannot give")
    private boolean adapt;

    @Option(names = "-o", paramLabel = "<format>", description = "${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    private RestoreCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new RestoreCommand(console));
        ConfigFlags.add(line.getCommandSpec());
        return line;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        if (from == null) {
            throw ErrorCode.INVALID_PARAMETER.error("--from", "nothing", "name the folder of a backup");
        }
        boolean offline = spec.findOption("--db-path").getValue() != null;
        if (offline == login.isGiven()) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "--url and --db-path",
                    offline ? "both" : "neither",
                    "name either a node of an empty running cluster, or an empty data directory");
        }
        BackupFolder backup = BackupFolder.open(from);
        try (CopyProgress progress = CopyProgress.on(console)) {
            AtomicLong read = new AtomicLong();
            // All of it, before anything is written anywhere.
            backup.checkFiles(bytes -> {
                long all = read.addAndGet(bytes);
                progress.show("restore", "checksums", all, all, backup.fileBytes());
            });
            if (offline) {
                offline(backup, progress);
            } else {
                try (Connection connection = login.connect()) {
                    restore(connection, backup, progress);
                }
            }
            progress.close();
            print(backup.manifest(), progress.seconds());
        }
        return Exit.OK;
    }

    /** Runs a node of its own on the data directory, for the time of the restore and for nobody else. */
    private void offline(BackupFolder backup, CopyProgress progress) throws IOException, SQLException {
        AtlasConfig config = ConfigFlags.load(
                spec, Map.of("client_listen", "127.0.0.1:0", "connect", "", "credentials", "", "fz", "0"));
        try (Node node = Node.start(config);
                Connection connection =
                        CopyLogin.connect("jdbc:atlas://127.0.0.1:" + node.clientPort() + "/", new Properties())) {
            restore(connection, backup, progress);
        }
    }

    private void restore(Connection connection, BackupFolder backup, CopyProgress progress)
            throws IOException, SQLException {
        AtomicLong read = new AtomicLong();
        AtomicLong rows = new AtomicLong();
        long total = backup.manifest().rows();
        try (PreparedStatement step = connection.prepareStatement("RESTORE CLUSTER ?")) {
            new RestoreSteps(backup, adapt)
                    .run(
                            chunk -> {
                                try {
                                    step.setBytes(1, chunk);
                                    rows.addAndGet(step.executeLargeUpdate());
                                } catch (SQLException e) {
                                    throw new StepFailed(e);
                                }
                            },
                            bytes -> progress.show(
                                    "restore",
                                    String.format(Locale.ROOT, "%,d rows", rows.get()),
                                    read.addAndGet(bytes),
                                    rows.get(),
                                    total));
        } catch (StepFailed e) {
            throw e.sql;
        }
    }

    /** Carries what JDBC threw through the reader of the files. */
    private static final class StepFailed extends IOException {
        private static final long serialVersionUID = 1L;
        private final SQLException sql;

        StepFailed(SQLException sql) {
            super(sql);
            this.sql = sql;
        }
    }

    private void print(Manifest manifest, double seconds) {
        RowPrinter printer = RowPrinter.of(
                format,
                console.out(),
                List.of(
                        new Column("taken_at", Kind.TEXT),
                        new Column("tables", Kind.NUMBER),
                        new Column("entries", Kind.NUMBER),
                        new Column("bytes", Kind.NUMBER),
                        new Column("seconds", Kind.NUMBER)));
        List<@Nullable String> row = new ArrayList<>(List.of(
                manifest.takenAt().toString(),
                String.valueOf(manifest.tables()),
                String.valueOf(manifest.rows()),
                String.valueOf(manifest.bytes()),
                String.format(Locale.ROOT, "%.1f", seconds)));
        printer.row(row);
        printer.end();
    }
}
