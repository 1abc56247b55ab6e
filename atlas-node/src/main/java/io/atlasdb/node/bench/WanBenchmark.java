package io.atlasdb.node.bench;

import io.atlasdb.node.bench.WanModel.Distribution;
import io.atlasdb.node.demo.EmulatedCluster;
import io.atlasdb.node.demo.Wan;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code atlas bench wan}: regions with their distances in one process, work with locality, and the times of each region's
 * operations beside what the protocol must cost; then the work moves on by one region, and ownership follows.
 */
public final class WanBenchmark implements Benchmark {
    private static final double WRITES = 0.5;
    private static final double WINDOW_SECONDS = 5;
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("latency", "global"),
            Map.entry("nodes-per-region", "3"),
            Map.entry("fn", "1"),
            Map.entry("fz", "0,1"),
            Map.entry("sigma", "60,100"),
            Map.entry("groups", "1000"),
            Map.entry("rate", "20"),
            Map.entry("seconds", "60"),
            Map.entry("warmup", "10"),
            Map.entry("shift-groups", "100"),
            Map.entry("shift-seconds", "90"),
            Map.entry("plot", ""));

    @Override
    public String name() {
        return "wan";
    }

    @Override
    public String description() {
        return "regions in one process beside the protocol's bound: --fz 0,1 --sigma 60,100 --groups 1000 --rate 20"
                + " --seconds 60 --warmup 10 --nodes-per-region 3 --fn 1 --latency global --shift-groups 100"
                + " --shift-seconds 90 [--plot <file.svg>]";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws Exception {
        Arguments options = Arguments.parse(arguments, DEFAULTS);
        Wan wan = Wan.of(options.text("latency").orElse("global"), List.of());
        for (int fz : options.integers("fz", 0, 9)) {
            int fn = options.integer("fn", 0, 4);
            int nodes = options.integer("nodes-per-region", 1, 9);
            EmulatedCluster.Options cluster = new EmulatedCluster.Options(wan, nodes, fn, fz);
            out.printf(
                    Locale.ROOT,
                    "%d regions of %d nodes, Fn = %d, Fz = %d, %s operations a second in each region, half of them writes%n",
                    wan.regions().size(),
                    nodes,
                    fn,
                    fz,
                    options.text("rate").orElse(""));
            try (EmulatedCluster running = EmulatedCluster.start(cluster, (node, region) -> {})) {
                new Run(options, wan, running, fn, fz, out).all();
            }
        }
        return 0;
    }

    /** All measurements of one cluster. */
    private static final class Run {
        private final Arguments options;
        private final Wan wan;
        private final int fn;
        private final int fz;
        private final PrintStream out;
        private final List<SocketClient> clients = new ArrayList<>();
        private final EmulatedCluster cluster;
        private final double rate;

        Run(Arguments options, Wan wan, EmulatedCluster cluster, int fn, int fz, PrintStream out) {
            this.options = options;
            this.wan = wan;
            this.cluster = cluster;
            this.fn = fn;
            this.fz = fz;
            this.out = out;
            this.rate = options.decimal("rate", 0.1, 10_000);
        }

        void all() throws Exception {
            try {
                for (String region : wan.regions()) {
                    clients.add(SocketClient.open(cluster.node(region).socketPath()));
                }
                int groups = options.integer("groups", wan.regions().size(), 9_000);
                WanModel any = model(groups, 1);
                long begin = System.nanoTime();
                fill(any, groups);
                out.printf(Locale.ROOT, "%d groups were made in %.0f s%n", groups, (System.nanoTime() - begin) / 1e9);
                cluster.separate();
                for (int sigma : options.integers("sigma", 1, 100_000)) {
                    steady(model(groups, sigma * groups / 1_000.0), sigma);
                }
                int shifted = options.integer("shift-groups", 0, groups);
                if (shifted > 0) {
                    shift(model(shifted, 60 * shifted / 1_000.0), shifted);
                }
            } finally {
                clients.forEach(SocketClient::close);
            }
        }

        private WanModel model(int objects, double sigma) {
            return new WanModel(wan, options.integer("nodes-per-region", 1, 9), fn, fz, objects, sigma, WRITES);
        }

        /** Each group is made where it will be used most, while all regions are near. */
        private void fill(WanModel model, int groups) throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(wan.regions().size());
            try {
                List<Future<?>> filled = new ArrayList<>();
                for (int i = 0; i < wan.regions().size(); i++) {
                    int region = i;
                    filled.add(pool.submit(() -> {
                        for (int object = 0; object < groups; object++) {
                            if (model.owner(object) == region) {
                                clients.get(region).put(WanLoad.key(object), WanLoad.value());
                            }
                        }
                        return null;
                    }));
                }
                for (Future<?> one : filled) {
                    one.get();
                }
            } finally {
                pool.shutdownNow();
            }
        }

        private void steady(WanModel model, int sigma) throws InterruptedException {
            WanLoad load = new WanLoad(model, clients, rate, WRITES, 1);
            load.run(options.decimal("warmup", 0, 3_600), 0, (region, due, ms) -> {});
            List<Distribution> measured = new ArrayList<>();
            wan.regions().forEach(region -> measured.add(new Distribution()));
            load.run(
                    options.decimal("seconds", 1, 36_000),
                    0,
                    (region, due, ms) -> measured.get(region).add(ms, 1));
            out.println();
            out.printf(
                    Locale.ROOT,
                    "| σ = %d, Fz = %d | mean ms | bound | p50 | bound | p95 | bound | p99 | bound |%n",
                    sigma,
                    fz);
            out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
            for (int region = 0; region < measured.size(); region++) {
                row(wan.regions().get(region), measured.get(region), model.bound(region));
            }
            out.printf(Locale.ROOT, "%d operations failed%n", load.failures.get());
            out.flush();
        }

        private void row(String region, Distribution measured, Distribution bound) {
            if (measured.isEmpty()) {
                out.println("| " + region + " | no operation ended |");
                return;
            }
            out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
                    region,
                    measured.mean(),
                    bound.mean(),
                    measured.percentile(0.5),
                    bound.percentile(0.5),
                    measured.percentile(0.95),
                    bound.percentile(0.95),
                    measured.percentile(0.99),
                    bound.percentile(0.99));
        }

        /** The work moves on by one region; the means of short windows show how ownership follows. */
        private void shift(WanModel model, int groups) throws InterruptedException, IOException {
            double seconds = options.decimal("shift-seconds", 10, 3_600);
            double before = Math.min(30, seconds / 3);
            List<Map<Integer, Distribution>> windows = new ArrayList<>();
            wan.regions().forEach(region -> windows.add(new LinkedHashMap<>()));
            WanLoad load = new WanLoad(model, clients, rate, WRITES, options.integer("groups", 1, 9_000) / groups);
            long begin = System.nanoTime();
            WanLoad.Sink sink = (region, due, ms) -> windows.get(region)
                    .computeIfAbsent((int) ((due - begin) / 1e9 / WINDOW_SECONDS), any -> new Distribution())
                    .add(ms, 1);
            load.run(before, 0, sink);
            double shifted = (System.nanoTime() - begin) / 1e9;
            load.run(seconds, 1, sink);
            Map<String, List<double[]>> lines = new LinkedHashMap<>();
            for (int i = 0; i < windows.size(); i++) {
                List<double[]> line = new ArrayList<>();
                windows.get(i)
                        .forEach((window, times) ->
                                line.add(new double[] {(window + 0.5) * WINDOW_SECONDS, times.mean()}));
                line.sort(java.util.Comparator.comparingDouble(point -> point[0]));
                lines.put(wan.regions().get(i), line);
            }
            out.println();
            out.printf(
                    Locale.ROOT,
                    "The work of %d groups moves on by one region after %.0f s; mean ms in windows of %.0f s:%n",
                    groups,
                    shifted,
                    WINDOW_SECONDS);
            lines.forEach((region, line) -> {
                StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-12s", region));
                line.forEach(point -> text.append(String.format(Locale.ROOT, " %4.0f", point[1])));
                out.println(text);
            });
            Optional<String> plot = options.text("plot");
            if (plot.isPresent()) {
                String title = "Mean time of operations while the work moves on by one region (Fz = " + fz + ")";
                Files.writeString(Path.of(plot.get()), WanPlot.svg(title, lines, shifted));
            }
        }
    }
}
