package io.atlasdb.node.cli;

import io.atlasdb.node.backup.BackupFolder;
import io.atlasdb.node.backup.Manifest;
import io.atlasdb.node.backup.Verifier;
import io.atlasdb.node.cli.RowPrinter.Column;
import io.atlasdb.node.cli.RowPrinter.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether a backup can be restored. */
@Command(
        name = "verify",
        description =
                "Check every byte of a backup, and that every row can be read; exit code 4 when something is wrong.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "1", paramLabel = "<folder>", description = "the folder of the backup")
    private Path folder = Path.of("");

    @Option(names = "--indexes", description = "compare the entries of all indexes with the rows as well")
    private boolean indexes;

    @Option(names = "-o", paramLabel = "<format>", description = "${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        BackupFolder backup = BackupFolder.open(folder);
        try (CopyProgress progress = CopyProgress.on(console)) {
            AtomicLong read = new AtomicLong();
            backup.checkFiles(bytes -> show(progress, "checksums", read.addAndGet(bytes), backup.fileBytes()));
            read.set(0);
            Verifier.Result found = new Verifier(backup, indexes)
                    .run(bytes -> show(progress, "rows", read.addAndGet(bytes), backup.fileBytes()));
            progress.close();
            print(backup.manifest(), found, progress.seconds());
        }
        return Exit.OK;
    }

    private static void show(CopyProgress progress, String what, long done, long total) {
        progress.show("verify", what, done, done, total);
    }

    private void print(Manifest manifest, Verifier.Result found, double seconds) {
        RowPrinter printer = RowPrinter.of(
                format,
                console.out(),
                List.of(
                        new Column("taken_at", Kind.TEXT),
                        new Column("version", Kind.TEXT),
                        new Column("tables", Kind.NUMBER),
                        new Column("rows", Kind.NUMBER),
                        new Column("entries", Kind.NUMBER),
                        new Column("files", Kind.NUMBER),
                        new Column("indexes", Kind.TEXT),
                        new Column("seconds", Kind.NUMBER)));
        List<@Nullable String> row = new ArrayList<>(List.of(
                manifest.takenAt().toString(),
                manifest.version(),
                String.valueOf(found.tables()),
                String.valueOf(found.rows()),
                String.valueOf(found.entries()),
                String.valueOf(found.files()),
                indexes ? "match" : "not compared",
                String.format(Locale.ROOT, "%.1f", seconds)));
        printer.row(row);
        printer.end();
    }
}
