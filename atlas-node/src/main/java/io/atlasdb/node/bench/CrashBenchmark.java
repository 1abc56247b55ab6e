package io.atlasdb.node.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code atlas bench crash}: {@code kill -9} under load, again and again. */
public final class CrashBenchmark implements Benchmark {
    private static final int OK = 0;
    private static final int FAILED = 4;
    private static final Map<String, String> DEFAULTS =
            Map.of("rounds", "50", "writers", "8", "rows", "100000", "heap", "512", "within", "1500");

    @Override
    public String name() {
        return "crash";
    }

    @Override
    public String description() {
        return "kill -9 a node under load and verify what it kept: --rounds 50 --writers 8 --rows 100000 --within 1500"
                + " (ms) --heap 512";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws IOException, SQLException {
        Arguments options = Arguments.parse(arguments, DEFAULTS);
        CrashRounds.Plan plan = new CrashRounds.Plan(
                options.integer("rounds", 1, 100_000),
                options.integer("writers", 1, 256),
                options.integer("rows", 0, 10_000_000),
                options.integer("heap", 64, 65_536),
                options.integer("within", 0, 600_000));
        Path folder = Folders.temporary("atlas-crash-");
        CrashRounds.Outcome outcome = new CrashRounds(plan, folder, out).run();
        List<Double> restarts = outcome.restartSeconds();
        out.printf(
                Locale.ROOT,
                "%n%d kills, %,d operations acknowledged over JDBC and %,d over the socket, %,d without an answer%n",
                restarts.size(),
                outcome.jdbc(),
                outcome.keys(),
                outcome.unknown());
        out.printf(
                Locale.ROOT,
                "restart with %,d rows and those written: median %.2f s, longest %.2f s%n",
                plan.rows(),
                restarts.stream().sorted().skip(restarts.size() / 2).findFirst().orElse(0.0),
                restarts.stream().max(Comparator.naturalOrder()).orElse(0.0));
        outcome.faults().forEach(out::println);
        if (!outcome.faults().isEmpty()) {
            out.println("the data of the node are kept in " + folder);
            return FAILED;
        }
        out.println("nothing acknowledged was lost, no transaction is half there");
        Folders.delete(folder);
        return OK;
    }
}
