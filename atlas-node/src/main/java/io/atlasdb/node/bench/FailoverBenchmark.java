package io.atlasdb.node.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * {@code atlas bench failover}: the region that owns a table is lost, once where the table bears it and once where it does not,
 * and a node is cut off from all others.
 */
public final class FailoverBenchmark implements Benchmark {
    private static final int OK = 0;
    private static final int FAILED = 4;
    private static final List<String> REGIONS = List.of("north", "east", "west");
    /** No quorum; the same of a write that had been sent to an owner before, which may have taken effect. */
    private static final List<String> UNDECIDED = List.of("WA001", "40003");

    private static final String VOTERS = "1,2,3";
    private static final int ALONE_TIMEOUT_SECONDS = 20;
    private static final int ALONE_LIMIT_SECONDS = 30;
    private static final int PATIENCE_SECONDS = 60;
    private static final long BEFORE_SHOWN_MS = 1_000;
    private static final Map<String, String> DEFAULTS =
            Map.of("writers", "2", "before", "5", "after", "15", "heap", "256", "runs", "1", "limit", "30");

    private final List<String> faults = new ArrayList<>();

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String description() {
        return "lose a region under load, with fz = 1 and 0, and cut a node off: --writers 2 (per node) --before 5 (s)"
                + " --after 15 --runs 1 --limit 30 (s until writes go on) --heap 256";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws Exception {
        Arguments options = Arguments.parse(arguments, DEFAULTS);
        Path folder = Folders.temporary("atlas-fo-");
        boolean passed = false;
        try {
            for (int i = 0; i < options.integer("runs", 1, 1_000); i++) {
                lose(options, folder.resolve("a" + i), true, out);
            }
            lose(options, folder.resolve("b"), false, out);
            isolate(options, folder.resolve("c"), out);
            faults.forEach(fault -> out.println("FAULT: " + fault));
            passed = faults.isEmpty();
        } finally {
            if (passed) {
                Folders.delete(folder);
            } else {
                Folders.deleteAllBut(folder, NodeProcess.LOG);
                out.println("logs of the nodes are kept in " + folder);
            }
        }
        return passed ? OK : FAILED;
    }

    private static ClusterProcesses start(Arguments options, Path folder, List<String> more)
            throws IOException, SQLException {
        ClusterProcesses cluster = ClusterProcesses.start(folder, REGIONS, options.integer("heap", 64, 65_536), more);
        try (Connection connection = DriverManager.getConnection(cluster.url(1));
                Statement statement = connection.createStatement()) {
            String waiting = "SELECT COUNT(*) FROM atlas.groups WHERE voters <> '" + VOTERS + "' OR learners <> ''";
            for (int i = 0; i < PATIENCE_SECONDS * 10 && number(statement, waiting) != 0; i++) {
                FailoverLoad.pause(100);
            }
            FailoverLoad.create(connection);
            return cluster;
        } catch (SQLException e) {
            cluster.close();
            throw e;
        }
    }

    private void lose(Arguments options, Path folder, boolean bearable, PrintStream out) throws Exception {
        out.printf("%nthe owner's region is killed, fz = %d%n", bearable ? 1 : 0);
        List<String> more = List.of("--fz", bearable ? "1" : "0");
        try (ClusterProcesses cluster = start(options, folder, bearable ? List.of() : more)) {
            FailoverLoad load = new FailoverLoad(cluster, options.integer("writers", 1, 256));
            int owner;
            long broken;
            try (load) {
                FailoverLoad.pause(1_000L * options.integer("before", 1, 3_600));
                owner = owner(cluster);
                broken = System.nanoTime();
                cluster.kill(owner);
                FailoverLoad.pause(1_000L * options.integer("after", 1, 3_600));
            }
            List<Integer> others = IntStream.rangeClosed(1, REGIONS.size())
                    .filter(n -> n != owner)
                    .boxed()
                    .toList();
            FailoverReport report = new FailoverReport(
                    load.outcomes().stream().filter(one -> one.node() != owner).toList(), broken);
            out.println("  node " + owner + " in region " + REGIONS.get(owner - 1) + " owned the table; nodes " + others
                    + " saw:");
            report.timeline(out, BEFORE_SHOWN_MS, 1_000L * options.integer("after", 1, 3_600));
            report.messages(out);
            if (bearable) {
                judge(report, others, options.integer("limit", 1, 3_600), out);
                for (int node : others) {
                    faults.addAll(load.verify(node));
                }
                out.printf(Locale.ROOT, "  %,d writes acknowledged, %s%n", load.acknowledged(), kept());
            } else {
                refused(report, others, load, owner);
                revive(cluster, load, owner, out);
            }
        }
    }

    private String kept() {
        return faults.isEmpty() ? "every one there at both nodes, none refused there" : faults.size() + " FAULTS";
    }

    private void judge(FailoverReport report, List<Integer> others, int limitSeconds, PrintStream out) {
        for (int node : others) {
            OptionalDouble seconds = report.secondsToFirstWrite(node);
            out.printf(
                    Locale.ROOT,
                    "  node %d writes again after %s s%n",
                    node,
                    seconds.isPresent() ? String.format(Locale.ROOT, "%.2f", seconds.getAsDouble()) : "(not)");
            if (seconds.isEmpty() || seconds.getAsDouble() > limitSeconds) {
                faults.add("node " + node + " did not write again within " + limitSeconds + " s");
            }
        }
        out.printf(Locale.ROOT, "  longest pause of all writes %.2f s%n", report.longestPauseSeconds());
    }

    /** Without a quorum nothing is acknowledged, and what is missing has a name. */
    private void refused(FailoverReport report, List<Integer> others, FailoverLoad load, int owner) {
        for (int node : others) {
            if (report.secondsToFirstWrite(node).isPresent()) {
                faults.add("node " + node + " wrote without the region that fz = 0 needs");
            }
            boolean named = load.outcomes().stream()
                    .anyMatch(one -> one.node() == node
                            && UNDECIDED.stream().anyMatch(one.error()::startsWith)
                            && one.error().contains("nodes [" + owner + "]"));
            if (!named) {
                faults.add("node " + node + " never said that it misses node " + owner);
            }
        }
    }

    private void revive(ClusterProcesses cluster, FailoverLoad load, int owner, PrintStream out)
            throws IOException, SQLException {
        cluster.restart(owner);
        for (int node = 1; node <= cluster.size(); node++) {
            faults.addAll(load.verify(node));
        }
        out.printf(Locale.ROOT, "  region back: %,d writes acknowledged, %s%n", load.acknowledged(), kept());
    }

    private void isolate(Arguments options, Path folder, PrintStream out) throws Exception {
        out.printf("%na node that is cut off: all others are stopped%n");
        try (ClusterProcesses cluster = start(options, folder, List.of())) {
            try (Connection connection = DriverManager.getConnection(cluster.url(1));
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO failover (writer, op) VALUES (-1, 0)");
            }
            int owner = owner(cluster);
            int other = owner % REGIONS.size() + 1;
            alone(cluster, owner, "the owner", out);
            alone(cluster, other, "another node", out);
        }
    }

    private void alone(ClusterProcesses cluster, int node, String role, PrintStream out) throws Exception {
        try (Connection connection = DriverManager.getConnection(cluster.url(node));
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(ALONE_TIMEOUT_SECONDS);
            statement.executeQuery("SELECT COUNT(*) FROM failover").close();
            for (int i = 1; i <= cluster.size(); i++) {
                if (i != node) {
                    cluster.suspend(i);
                }
            }
            // Leases that the others gave run out first; until then the owner may answer from them.
            FailoverLoad.pause(5_000);
            refuses(statement, role, "SELECT COUNT(*) FROM failover", out);
            refuses(statement, role, "INSERT INTO failover (writer, op) VALUES (-2, " + node + ")", out);
            for (int i = 1; i <= cluster.size(); i++) {
                if (i != node) {
                    cluster.resume(i);
                }
            }
            long begin = System.nanoTime();
            goesOn(statement, node);
            out.printf(Locale.ROOT, "  %s: writes go on %.2f s after the others%n", role, seconds(begin));
        }
    }

    private void refuses(Statement statement, String role, String sql, PrintStream out) {
        long begin = System.nanoTime();
        String answer;
        try {
            statement.execute(sql);
            answer = "it was answered";
            faults.add(role + ", cut off, answered " + sql);
        } catch (SQLException e) {
            answer = e.getSQLState() + " " + e.getMessage();
        }
        double seconds = seconds(begin);
        out.printf(Locale.ROOT, "  %s, %s: after %.2f s %s%n", role, sql.substring(0, 6), seconds, answer);
        if (seconds > ALONE_LIMIT_SECONDS) {
            faults.add(role + ", cut off, took " + seconds + " s to refuse " + sql);
        }
    }

    private void goesOn(Statement statement, int node) {
        String last = "";
        for (int i = 0; i < PATIENCE_SECONDS; i++) {
            try {
                statement.executeUpdate("INSERT INTO failover (writer, op) VALUES (-3, " + (1_000 * node + i) + ")");
                return;
            } catch (SQLException e) {
                last = e.getSQLState() + " " + e.getMessage();
                FailoverLoad.pause(1_000);
            }
        }
        faults.add("node " + node + " does not write again when the others are back: " + last);
    }

    private static double seconds(long beginNanos) {
        return (System.nanoTime() - beginNanos) / 1e9;
    }

    /** The node that owns the table FAILOVER, whose group is the youngest. */
    private static int owner(ClusterProcesses cluster) throws SQLException {
        for (int node = 1; node <= cluster.size(); node++) {
            try (Connection connection = DriverManager.getConnection(cluster.url(node));
                    Statement statement = connection.createStatement()) {
                String owned = "SELECT COUNT(*) FROM atlas.groups WHERE owned_here"
                        + " AND id = (SELECT MAX(id) FROM atlas.groups)";
                if (number(statement, owned) == 1) {
                    return node;
                }
            }
        }
        throw new SQLException("no node says that it owns the table");
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
