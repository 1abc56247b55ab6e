package io.atlasdb.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.server.Node;
import io.atlasdb.node.server.RunningCluster;
import io.atlasdb.node.server.RunningNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three nodes is copied while money moves between its tables, and comes back whole. */
@Timeout(180)
class BackupClusterTest {
    private static final int TABLES = 4;
    private static final int ACCOUNTS = 10;
    private static final int BALANCE = 100;
    private static final int TELLERS = 3;
    /** By account: its table, its number, what it holds, and what the ledger says that it must hold. */
    private static final String BALANCES = "SELECT %1$d AS t, a.id, a.balance, %2$d"
            + " - COALESCE((SELECT SUM(amount) FROM ledger WHERE src = %1$d AND src_id = a.id), 0)"
            + " + COALESCE((SELECT SUM(amount) FROM ledger WHERE dst = %1$d AND dst_id = a.id), 0) FROM acc%1$d a";

    @TempDir
    Path directory;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger transfers = new AtomicInteger();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Main.run(
                new Console(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
    }

    private static String url(Node node) {
        return "127.0.0.1:" + node.clientPort();
    }

    private static RunningCluster threeNodes(Path folder) {
        RunningCluster cluster = new RunningCluster(folder);
        for (int i = 1; i <= 3; i++) {
            cluster.start(i, "eu");
        }
        cluster.awaitVoters(1, "1,2,3");
        return cluster;
    }

    @Test
    void noMoneyIsLostOnTheWay() throws Exception {
        Path backup = directory.resolve("backup");
        try (RunningCluster source = threeNodes(directory.resolve("source"))) {
            found(source);
            ExecutorService tellers = Executors.newFixedThreadPool(TELLERS);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 1; i <= TELLERS; i++) {
                    int node = i;
                    running.add(tellers.submit(() -> transfer(source, node)));
                }
                awaitTransfers(20);
                assertThat(run("backup", "--url", url(source.node(2)), "--to", backup.toString()))
                        .as(err.toString(StandardCharsets.UTF_8))
                        .isEqualTo(Exit.OK);
                awaitTransfers(transfers.get() + 5);
                stop.set(true);
                for (Future<?> teller : running) {
                    teller.get(60, TimeUnit.SECONDS);
                }
            } finally {
                stop.set(true);
                tellers.shutdownNow();
            }
        }
        assertThat(run("backup", "verify", backup.toString(), "--indexes"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(Exit.OK);
        Path alone = directory.resolve("alone");
        assertThat(run(
                        "restore",
                        "--from",
                        backup.toString(),
                        "--db-path",
                        alone.resolve("data").toString()))
                .as(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(Exit.OK);
        int kept;
        try (RunningNode node = RunningNode.in(alone);
                Connection connection = node.connect()) {
            kept = balanced(connection);
        }
        try (RunningCluster target = threeNodes(directory.resolve("target"))) {
            assertThat(run("restore", "--from", backup.toString(), "--url", url(target.node(3))))
                    .as(err.toString(StandardCharsets.UTF_8))
                    .isEqualTo(Exit.OK);
            for (int i = 1; i <= 3; i++) {
                try (Connection connection = target.connect(i)) {
                    assertThat(balanced(connection)).isEqualTo(kept);
                }
            }
            target.run(1, "INSERT INTO ledger (src, src_id, dst, dst_id, amount) VALUES (0, 0, 1, 1, 1)");
            target.awaitVoters(1, "1,2,3");
        }
    }

    private static void found(RunningCluster source) throws SQLException {
        source.run(
                1,
                "CREATE TABLE ledger (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, src INTEGER,"
                        + " src_id INTEGER, dst INTEGER, dst_id INTEGER, amount INTEGER)");
        source.run(1, "CREATE INDEX ledger_src ON ledger (src, src_id)");
        source.run(2, "CREATE TABLE pictures (id INTEGER PRIMARY KEY, data VARBINARY(4000000))");
        try (Connection connection = source.connect(2);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO pictures VALUES (1, ?)")) {
            insert.setBytes(1, picture());
            insert.executeUpdate();
        }
        for (int t = 0; t < TABLES; t++) {
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < ACCOUNTS; i++) {
                rows.append(i == 0 ? "(" : ", (")
                        .append(i)
                        .append(", ")
                        .append(BALANCE)
                        .append(')');
            }
            source.run(
                    1 + t % 3,
                    "CREATE TABLE acc" + t + " (id INTEGER PRIMARY KEY, balance INTEGER)",
                    "INSERT INTO acc" + t + " VALUES " + rows);
        }
    }

    private void transfer(RunningCluster source, int node) {
        Random random = new Random(node);
        try (Connection connection = source.connect(node);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                int src = random.nextInt(TABLES);
                int dst = (src + 1 + random.nextInt(TABLES - 1)) % TABLES;
                int from = random.nextInt(ACCOUNTS);
                int to = random.nextInt(ACCOUNTS);
                int amount = 1 + random.nextInt(9);
                try {
                    statement.execute(
                            "UPDATE acc" + src + " SET balance = balance - " + amount + " WHERE id = " + from);
                    statement.execute("UPDATE acc" + dst + " SET balance = balance + " + amount + " WHERE id = " + to);
                    statement.execute("INSERT INTO ledger (src, src_id, dst, dst_id, amount) VALUES (" + src + ", "
                            + from + ", " + dst + ", " + to + ", " + amount + ")");
                    connection.commit();
                    transfers.incrementAndGet();
                } catch (SQLException e) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitTransfers(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (transfers.get() < count) {
            assertThat(System.nanoTime())
                    .as(transfers + " transfers of " + count)
                    .isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static byte[] picture() {
        byte[] picture = new byte[1_500_000];
        new Random(7).nextBytes(picture);
        return picture;
    }

    /** Compares every balance with the ledger; how many transfers there are. */
    private static int balanced(Connection connection) throws SQLException {
        long sum = 0;
        try (Statement statement = connection.createStatement()) {
            for (int t = 0; t < TABLES; t++) {
                try (ResultSet rows = statement.executeQuery(String.format(BALANCES, t, BALANCE))) {
                    while (rows.next()) {
                        assertThat(rows.getLong(3))
                                .as("account %d of table %d", rows.getInt(2), t)
                                .isEqualTo(rows.getLong(4));
                        sum += rows.getLong(3);
                    }
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT data FROM pictures")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getBytes(1)).isEqualTo(picture());
            }
            assertThat(sum).isEqualTo((long) TABLES * ACCOUNTS * BALANCE);
            try (ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM ledger")) {
                assertThat(count.next()).isTrue();
                assertThat(count.getInt(1)).isGreaterThanOrEqualTo(20);
                return count.getInt(1);
            }
        }
    }
}
