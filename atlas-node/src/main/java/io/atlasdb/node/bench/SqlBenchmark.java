package io.atlasdb.node.bench;

import io.atlasdb.node.bench.SqlWorkload.Operation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code atlas bench sql}: prepared statements on Atlas and on other systems, by the same client code in the same run.
 *
 * <p>Every system is warmed up for the same time, long enough for the compilers of Java. The servers stand all the time and take turns: for each operation every round visits each of them, in an order that
 * moves on by one from round to round, so that whatever else the machine does hits them alike.
 */
public final class SqlBenchmark implements Benchmark {
    private static final int OK = 0;
    private static final double LATER_WARM_UP_SECONDS = 1;
    private static final List<String> PEERS = List.of("h2", "postgres", "http");
    private static final List<String> OPERATIONS = List.of("select", "update", "insert", "range");
    private static final Map<String, String> DEFAULTS = Map.of(
            "threads", "1,8",
            "seconds", "5",
            "warmup", "5",
            "rounds", "3",
            "rows", "100000",
            "peers", "http,h2,postgres",
            "operations", "select,update,insert,range",
            "heap", "512",
            "url", "",
            "drivers", "");

    @Override
    public String name() {
        return "sql";
    }

    @Override
    public String description() {
        return "prepared statements beside other systems: --threads 1,8 --seconds 5 --warmup 5 --rounds 3 --rows 100000"
                + " --peers http,h2,postgres --operations select,update,insert,range [--url jdbc:atlas://…] [--drivers <folder>]";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws SQLException, IOException {
        Arguments options = Arguments.parse(arguments, DEFAULTS);
        Plan plan = Plan.of(options);
        Path folder = Folders.temporary("atlas-bench-");
        List<Peer> peers = new ArrayList<>();
        try {
            startPeers(peers, options, folder, out);
            run(plan, peers, out);
        } finally {
            for (Peer peer : peers) {
                peer.close();
            }
            Folders.delete(folder);
        }
        return OK;
    }

    /** What is to be measured. */
    private record Plan(
            List<Operation> operations,
            List<Integer> threads,
            int rounds,
            int rows,
            double warmSeconds,
            double seconds,
            boolean keepsServer) {
        static Plan of(Arguments options) {
            return new Plan(
                    options.words("operations", OPERATIONS).stream()
                            .map(word -> Operation.values()[OPERATIONS.indexOf(word)])
                            .toList(),
                    options.integers("threads", 1, 256),
                    options.integer("rounds", 1, 100),
                    options.integer("rows", 1_000, 10_000_000),
                    options.decimal("warmup", 0, 600),
                    options.decimal("seconds", 0.1, 3_600),
                    options.text("url").isPresent());
        }
    }

    private static void startPeers(List<Peer> peers, Arguments options, Path folder, PrintStream out)
            throws IOException {
        int heapMb = options.integer("heap", 64, 65_536);
        PeerDrivers drivers = new PeerDrivers(Path.of(options.text("drivers").orElse(PeerDrivers.defaultFolder())));
        Optional<String> url = options.text("url");
        peers.add(url.isPresent() ? AtlasPeer.at(url.get()) : AtlasPeer.start(folder.resolve("atlas"), heapMb));
        for (String word : options.words("peers", PEERS)) {
            if (word.equals("http")) {
                peers.add(AtlasPeer.startHttp(folder.resolve("http"), heapMb));
                continue;
            }
            if (word.equals("h2")) {
                peers.add(H2Peer.start(drivers, folder.resolve("h2"), heapMb));
                continue;
            }
            Optional<Path> binaries = PostgresPeer.binaries();
            if (binaries.isPresent()) {
                peers.add(PostgresPeer.start(drivers, binaries.get(), folder.resolve("postgres")));
            } else {
                out.println("PostgreSQL is not installed and is left out (Debian: apt install postgresql)");
            }
        }
    }

    private static void run(Plan plan, List<Peer> peers, PrintStream out) throws SQLException {
        Report report = new Report("threads", peers.stream().map(Peer::name).toList());
        Map<Peer, SqlWorkload> workloads = new LinkedHashMap<>();
        for (Peer peer : peers) {
            SqlWorkload workload = new SqlWorkload(plan.rows());
            workload.load(peer, out);
            workloads.put(peer, workload);
        }
        for (int threads : plan.threads()) {
            for (Operation operation : plan.operations()) {
                List<Peer> order = new ArrayList<>(peers);
                for (int round = 0; round < plan.rounds(); round++) {
                    double warm = round == 0 ? plan.warmSeconds() : Math.min(plan.warmSeconds(), LATER_WARM_UP_SECONDS);
                    for (Peer peer : order) {
                        SqlWorkload workload = workloads.getOrDefault(peer, new SqlWorkload(plan.rows()));
                        Measurement taken = Measurement.take(peer, workload, operation, threads, warm, plan.seconds());
                        report.add(operation.label(), threads, round, peer.name(), taken, out);
                    }
                    Collections.rotate(order, -1);
                }
            }
        }
        if (plan.keepsServer()) {
            SqlWorkload.drop(peers.get(0));
        }
        out.println();
        report.print(out);
        out.println();
        peers.forEach(peer -> out.println("- " + peer.name() + ": " + peer.durability()));
    }
}
