package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code atlas bench kv}: puts and gets of small values on Atlas and on etcd, by clients that each wait for their answer. The
 * systems stand all the time and take turns, in an order that moves on from round to round.
 */
public final class KvBenchmark implements Benchmark {
    private static final int VALUE_CHARACTERS = 128;
    private static final int CLIENTS_PER_CONNECTION = 8;
    private static final long GRACE_SECONDS = 90;
    /** Before the first round three processes have their compilers to run, which takes two cores some seconds. */
    private static final double LATER_WARM_UP_SECONDS = 1;

    private static final List<String> OPERATIONS = List.of("put", "get", "local-get");
    private static final Map<String, String> DEFAULTS = Map.of(
            "clients", "1,64",
            "seconds", "5",
            "warmup", "15",
            "rounds", "3",
            "keys", "10000",
            "nodes", "3",
            "peers", "etcd",
            "operations", "put,get,local-get",
            "heap", "512");

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public String description() {
        return "puts and gets of 128 B on the socket beside etcd: --clients 1,64 --seconds 5 --warmup 15 --rounds 3"
                + " --keys 10000 --nodes 3 --peers etcd --operations put,get,local-get";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws Exception {
        Arguments options = Arguments.parse(arguments, DEFAULTS);
        Path folder = Folders.temporary("atlas-kv-");
        List<KvPeer> peers = new ArrayList<>();
        try {
            int nodes = options.integer("nodes", 1, 9);
            peers.add(AtlasKvPeer.start(folder.resolve("a"), nodes, options.integer("heap", 64, 65_536)));
            if (options.words("peers", List.of("etcd")).contains("etcd")) {
                Optional<Path> etcd = EtcdPeer.binary();
                if (etcd.isPresent()) {
                    peers.add(EtcdPeer.start(etcd.get(), folder.resolve("e")));
                } else {
                    out.println("etcd is not installed and is left out (Debian: apt install etcd-server)");
                }
            }
            measure(options, peers, out);
        } finally {
            for (KvPeer peer : peers) {
                peer.close();
            }
            Folders.delete(folder);
        }
        return 0;
    }

    private static void measure(Arguments options, List<KvPeer> peers, PrintStream out) throws Exception {
        int keys = options.integer("keys", 1, 10_000_000);
        double seconds = options.decimal("seconds", 0.1, 3_600);
        double warm = options.decimal("warmup", 0, 600);
        Report report = new Report("clients", peers.stream().map(KvPeer::name).toList());
        for (KvPeer peer : peers) {
            fill(peer, keys);
        }
        for (String operation : options.words("operations", OPERATIONS)) {
            for (int clients : options.integers("clients", 1, 1_024)) {
                List<KvPeer> order = new ArrayList<>(peers);
                for (int round = 0; round < options.integer("rounds", 1, 100); round++) {
                    double before = round == 0 ? warm : Math.min(warm, LATER_WARM_UP_SECONDS);
                    for (KvPeer peer : order) {
                        Measurement taken = take(peer, operation, clients, keys, before, seconds);
                        report.add(operation, clients, round, peer.name(), taken, out);
                    }
                    Collections.rotate(order, -1);
                }
            }
        }
        out.println();
        report.print(out);
        out.println();
        peers.forEach(peer -> out.println("- " + peer.name() + ": " + peer.durability()));
    }

    private static String key(int number) {
        return String.format(Locale.ROOT, "BENCH.K%08d", number);
    }

    /** Every key gets its first value, by enough clients that it does not take long. */
    private static void fill(KvPeer peer, int keys) throws Exception {
        int clients = Math.min(64, keys);
        run(peer, clients, (connection, client) -> {
            for (int i = client; i < keys; i += clients) {
                connection.put(key(i), value(new SplittableRandom(i)));
            }
            return new Latencies();
        });
    }

    private static Measurement take(
            KvPeer peer, String operation, int clients, int keys, double warmSeconds, double seconds) throws Exception {
        CyclicBarrier start = new CyclicBarrier(clients);
        Latencies all = run(peer, clients, (connection, client) -> {
            SplittableRandom random = new SplittableRandom();
            Latencies latencies = new Latencies();
            start.await(GRACE_SECONDS, TimeUnit.SECONDS);
            long warm = System.nanoTime() + (long) (warmSeconds * 1e9);
            long end = warm + (long) (seconds * 1e9);
            long begin = System.nanoTime();
            while (begin - end < 0 && !Thread.currentThread().isInterrupted()) {
                String key = key(random.nextInt(keys));
                if (operation.equals("put")) {
                    connection.put(key, value(random));
                } else {
                    connection.get(key, operation.equals("local-get"));
                }
                long now = System.nanoTime();
                if (begin - warm >= 0 && now - end <= 0) {
                    latencies.add(now - begin);
                }
                begin = now;
            }
            return latencies;
        });
        return new Measurement(all.total() / seconds, all.percentileNanos(0.5), all.percentileNanos(0.99));
    }

    private static String value(SplittableRandom random) {
        StringBuilder value = new StringBuilder(VALUE_CHARACTERS);
        while (value.length() < VALUE_CHARACTERS) {
            value.append(String.format(Locale.ROOT, "%016x", random.nextLong()));
        }
        return value.toString();
    }

    /** What one client does. */
    private interface Work {
        Latencies run(KvPeer.Connection connection, int client) throws Exception;
    }

    private static Latencies run(KvPeer peer, int clients, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        List<KvPeer.Connection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i += CLIENTS_PER_CONNECTION) {
                connections.add(peer.connect());
            }
            List<Future<Latencies>> results = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int client = i;
                KvPeer.Connection connection = connections.get(i / CLIENTS_PER_CONNECTION);
                results.add(pool.submit(() -> work.run(connection, client)));
            }
            Latencies all = new Latencies();
            for (Future<Latencies> result : results) {
                all.merge(result.get(3_600 + GRACE_SECONDS, TimeUnit.SECONDS));
            }
            return all;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw ErrorCode.CONNECTION_LOST.error(failure, peer.name(), String.valueOf(failure.getMessage()));
            }
            throw e;
        } catch (TimeoutException e) {
            throw ErrorCode.CONNECTION_LOST.error(e, peer.name(), "it does not answer");
        } finally {
            pool.shutdownNow();
            connections.forEach(KvPeer.Connection::close);
        }
    }
}
