package io.atlasdb.node.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code atlas bench tpch}: loads TPC-H and runs its 22 queries one after the other on one connection. */
public final class TpchBenchmark implements Benchmark {
    private static final int OK = 0;
    private static final int FAILED = 4;
    /** Below it there are so few suppliers that the generator gives one part the same supplier twice. */
    private static final double SCALE_MIN = 0.01;

    private static final Map<String, String> DEFAULTS =
            Map.of("scale", "0.01", "url", "", "runs", "2", "heap", "512", "load", "true");

    @Override
    public String name() {
        return "tpch";
    }

    @Override
    public String description() {
        return "load TPC-H and run its 22 queries: --scale 0.01 --runs 2 [--url jdbc:… [--load false]] [--heap 512]";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws SQLException, IOException {
        Arguments options = Arguments.parse(arguments, DEFAULTS);
        double scale = options.decimal("scale", SCALE_MIN, 100);
        int runs = options.integer("runs", 1, 100);
        boolean load = options.words("load", List.of("true", "false")).contains("true");
        int heapMb = options.integer("heap", 64, 65_536);
        Optional<String> url = options.text("url");
        if (url.isPresent()) {
            return run(url.get(), scale, runs, load, out);
        }
        Path folder = Folders.temporary("atlas-tpch-");
        out.printf("no --url is given: starting a node with a heap of %d MiB in %s%n", heapMb, folder);
        try (NodeProcess node = NodeProcess.start(folder, heapMb)) {
            return run(node.url(), scale, runs, true, out);
        } finally {
            Folders.delete(folder);
        }
    }

    private static int run(String url, double scale, int runs, boolean load, PrintStream out) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            if (load) {
                long begin = System.nanoTime();
                long rows = TpchLoader.load(connection, scale, out);
                double seconds = (System.nanoTime() - begin) / 1e9;
                out.printf(Locale.ROOT, "loaded %,d rows in %.1f s, %,.0f rows/s%n%n", rows, seconds, rows / seconds);
            }
            out.printf("%-6s %8s %12s %12s%n", "query", "rows", "first ms", "best ms");
            int failures = 0;
            double total = 0;
            for (TpchQuery query : TpchQuery.all()) {
                try {
                    total += time(connection, query, runs, out);
                } catch (SQLException e) {
                    failures++;
                    out.printf("%-6s failed: %s %s%n", query.name(), e.getSQLState(), e.getMessage());
                }
                out.flush();
            }
            out.printf(Locale.ROOT, "%-6s %8s %12s %12.1f%n", "all", "", "", total);
            return failures == 0 ? OK : FAILED;
        }
    }

    /** The best time of a query in ms. The first includes planning. */
    private static double time(Connection connection, TpchQuery query, int runs, PrintStream out) throws SQLException {
        double first = 0;
        double best = Double.MAX_VALUE;
        long rows = 0;
        for (int i = 0; i < runs; i++) {
            long begin = System.nanoTime();
            rows = count(connection, query.sql());
            double millis = (System.nanoTime() - begin) / 1e6;
            first = i == 0 ? millis : first;
            best = Math.min(best, millis);
        }
        out.printf(Locale.ROOT, "%-6s %,8d %12.1f %12.1f%n", query.name(), rows, first, best);
        return best;
    }

    private static long count(Connection connection, String sql) throws SQLException {
        long rows = 0;
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows++;
            }
        }
        return rows;
    }
}
