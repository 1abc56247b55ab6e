package io.atlasdb.node.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.bench.ClusterProcesses;
import io.atlasdb.node.bench.WriterLog;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real nodes in three regions, a bank and counters at each of them; one node is killed and comes back, another one stops
 * for a while and goes on.
 */
class ClusterKillTest {
    private static final List<String> REGIONS = List.of("north", "east", "west");
    private static final int HEAP_MB = 256;
    private static final long STOPPED_MS = 4_000;
    private static final int OPERATIONS_BETWEEN = 8;
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder = Path.of("");

    private final List<Client> clients = new ArrayList<>();

    @Test
    @Timeout(300)
    void whatWasAcknowledgedIsAtEveryNodeAfterAKillAndAStop() throws Exception {
        long seed = Long.getLong("atlas.seed", System.nanoTime() & 0xffff_ffffL);
        System.out.println("ClusterKillTest runs with -Datlas.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int killed = random.nextInt(1, REGIONS.size() + 1);
        int stopped = killed % REGIONS.size() + 1;
        try (ClusterProcesses cluster = ClusterProcesses.start(folder, REGIONS, HEAP_MB, List.of())) {
            prepare(cluster);
            long clock = System.nanoTime();
            begin(cluster, random);
            awaitWork("before the kill", List.of());
            cluster.kill(killed);
            clock = lap("node " + killed + " killed", clock);
            awaitWork("while node " + killed + " is dead", List.of(killed));
            clock = lap("the others go on", clock);
            cluster.restart(killed);
            awaitWork("after node " + killed + " is back", List.of());
            clock = lap("all go on", clock);
            cluster.suspend(stopped);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STOPPED_MS));
            cluster.resume(stopped);
            awaitWork("after node " + stopped + " went on", List.of());
            lap("node " + stopped + " stopped for " + STOPPED_MS + " ms, all go on", clock);
            end();
            verify(cluster);
        } finally {
            clients.forEach(Client::end);
        }
    }

    private static long lap(String what, long since) {
        long now = System.nanoTime();
        System.out.printf("  %s: %.1f s%n", what, (now - since) / 1e9);
        return now;
    }

    private static void prepare(ClusterProcesses cluster) throws SQLException {
        await("every group has all nodes as voters", () -> {
            try (Connection connection = DriverManager.getConnection(cluster.url(1))) {
                String waiting = "SELECT COUNT(*) FROM atlas.groups WHERE voters <> '1,2,3' OR learners <> ''";
                return Tables.rows(connection, waiting).equals(List.of(List.of(0L)));
            }
        });
        try (Connection connection = DriverManager.getConnection(cluster.url(1))) {
            Tables.create(connection);
        }
    }

    private void begin(ClusterProcesses cluster, SplittableRandom random) {
        for (int node = 1; node <= cluster.size(); node++) {
            clients.add(new Teller(cluster, node, clients.size(), random.nextLong()));
            clients.add(new Counter(cluster, node, clients.size()));
        }
        clients.forEach(Client::start);
    }

    /** Every client of a node that is there gets further. */
    private void awaitWork(String when, List<Integer> without) {
        Map<Client, Integer> before = new HashMap<>();
        clients.stream()
                .filter(client -> !without.contains(client.node))
                .forEach(client -> before.put(client, client.acknowledged()));
        await(
                lazily(() -> "more from every client " + when + " of " + clients),
                () -> before.entrySet().stream()
                        .allMatch(one -> one.getKey().acknowledged() >= one.getValue() + OPERATIONS_BETWEEN));
    }

    private void end() throws InterruptedException {
        clients.forEach(Client::end);
        for (Client client : clients) {
            client.join();
        }
        clients.forEach(client -> System.out.println("  " + client));
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.faults()).isEmpty();
            assertThat(client.longestSeconds()).isLessThan(Client.DEADLINE_SECONDS);
        });
    }

    private void verify(ClusterProcesses cluster) throws SQLException {
        List<Tables.Content> contents = new ArrayList<>();
        for (int node = 1; node <= cluster.size(); node++) {
            try (Connection connection = DriverManager.getConnection(cluster.url(node))) {
                Tables.Content content = Tables.Content.read(connection);
                assertThat(content.left()).as("accounts at node " + node).isEqualTo(content.expected(true));
                assertThat(content.right()).as("accounts at node " + node).isEqualTo(content.expected(false));
                assertThat(faults(content)).as("operations at node " + node).isEmpty();
                contents.add(content);
            }
        }
        assertThat(contents).as("what the nodes say").allMatch(contents.get(0)::equals);
    }

    private List<String> faults(Tables.Content content) {
        List<String> faults = new ArrayList<>();
        for (Client client : clients) {
            WriterLog log = client.log;
            Map<Long, Integer> found = new HashMap<>();
            (client instanceof Teller ? content.transfers() : content.counters())
                    .stream()
                            .filter(row -> row.get(0) == log.writer())
                            .forEach(row -> found.merge(row.get(1), 1, Integer::sum));
            for (int operation = 0; operation < log.begun(); operation++) {
                Integer rows = found.remove((long) operation);
                String fault = log.judge(operation, rows == null ? 0 : rows, 1);
                if (!fault.isEmpty()) {
                    faults.add(client + ", operation " + operation + ": " + fault);
                }
            }
            found.keySet().forEach(operation -> faults.add(client + ", operation " + operation + ": never begun"));
        }
        return faults;
    }

    /** A condition that may fail for a while. */
    private interface Condition {
        boolean holds() throws SQLException, IOException;
    }

    /** A text that is made when it is needed. */
    private static Object lazily(Supplier<String> text) {
        return new Object() {
            @Override
            public String toString() {
                return text.get();
            }
        };
    }

    private static void await(Object what, Condition condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        @Nullable Exception last = null;
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (SQLException | IOException e) {
                last = e;
            }
            assertThat(System.nanoTime())
                    .as("%s in time; last failure: %s", what, last)
                    .isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
