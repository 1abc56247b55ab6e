package io.atlasdb.node.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes values through the nodes of a cluster in turn and reads them back, trying again at the next node when one fails. */
final class BlobLoad {
    private static final int TRIES_MAX = 60;
    private static final long DOWN_MS = 1_000;

    private final ClusterProcesses cluster;
    private final BlobSet values;
    private final String table;
    private final int clients;
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger again = new AtomicInteger();

    BlobLoad(ClusterProcesses cluster, BlobSet values, String table, int clients) {
        this.cluster = cluster;
        this.values = values;
        this.table = table;
        this.clients = clients;
    }

    private interface Work {
        /** Whether the value is as it should be. */
        boolean run(BlobConnection connection, String key, int number) throws IOException;
    }

    /** Writes all, reads all at other nodes; {@code pauseMs} lies between two kills, 0 for none. Returns what is wrong. */
    List<String> run(int pauseMs, String when, PrintStream out) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger kills = new AtomicInteger();
        Thread killer = pauseMs == 0 ? null : new Thread(() -> kill(pauseMs, ended, kills), "killer");
        if (killer != null) {
            killer.start();
        }
        try {
            long begin = System.nanoTime();
            all(0, (connection, key, number) -> {
                connection.set(key, values, number);
                return true;
            });
            BlobBenchmark.show(out, "Atlas, 3 nodes, " + clients + " writers, " + when, values.bytes(), begin);
            begin = System.nanoTime();
            all(1, (connection, key, number) -> connection.get(key, values.sha256(number)));
            BlobBenchmark.show(out, "Atlas, 3 nodes, " + clients + " readers, " + when, values.bytes(), begin);
        } finally {
            ended.set(true);
            if (killer != null) {
                killer.join();
            }
        }
        if (pauseMs > 0) {
            all(2, (connection, key, number) -> connection.get(key, values.sha256(number)));
            out.printf(
                    Locale.ROOT,
                    "  %d kills, %d transfers tried again; all read back once more at every third node: %s%n",
                    kills.get(),
                    again.get(),
                    faults.isEmpty() ? "every hash is right" : faults.size() + " FAULTS");
        }
        return List.copyOf(faults);
    }

    private void kill(int pauseMs, AtomicBoolean ended, AtomicInteger kills) {
        try {
            for (int node = 1; !ended.get(); node = node % cluster.size() + 1) {
                FailoverLoad.pause(pauseMs);
                if (!ended.get()) {
                    cluster.kill(node);
                    kills.incrementAndGet();
                    FailoverLoad.pause(DOWN_MS);
                    cluster.restart(node);
                }
            }
        } catch (IOException | RuntimeException e) {
            faults.add("a node does not start again: " + e);
        }
    }

    private void all(int shift, Work work) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(
                    () -> {
                        int number;
                        while ((number = next.getAndIncrement()) < values.count()) {
                            one(number, shift, work);
                        }
                    },
                    "client-" + i);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void one(int number, int shift, Work work) {
        String key = table + ".K" + number;
        @Nullable Exception last = null;
        for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
            int node = (number + shift + attempt) % cluster.size() + 1;
            try (BlobConnection connection = new BlobConnection(cluster.socket(node))) {
                if (!work.run(connection, key, number)) {
                    faults.add(key + " is missing or has another hash at node " + node);
                }
                return;
            } catch (IOException e) {
                last = e;
                again.incrementAndGet();
                FailoverLoad.pause(500);
            }
        }
        faults.add(key + " could not be transferred: " + last);
    }
}
