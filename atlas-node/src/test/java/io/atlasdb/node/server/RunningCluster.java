package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.config.ConfigLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Real nodes of one cluster in this process, over real connections on the loopback interface. */
public final class RunningCluster implements AutoCloseable {
    static final String SECRET = "a secret for tests";

    private final Path folder;
    private final Map<Integer, Node> nodes = new TreeMap<>();
    private final Map<Integer, Map<String, String>> settings = new HashMap<>();

    public RunningCluster(Path folder) {
        this.folder = folder;
    }

    /** The settings of a node that joins those which run; a new cluster when none runs. */
    Map<String, String> settings(int number, String region) {
        Map<String, String> all = new HashMap<>();
        all.put("db_path", folder.resolve("node" + number).toString());
        all.put("client_listen", "127.0.0.1:0");
        all.put("listen", "127.0.0.1:0");
        all.put("region", region);
        all.put("credentials", SECRET);
        List<String> others = new ArrayList<>();
        nodes.values().forEach(node -> others.add(String.valueOf(node.advertise())));
        all.put("connect", String.join(",", others));
        return all;
    }

    /** Starts a node that was not there. */
    public Node start(int number, String region) {
        return start(number, settings(number, region));
    }

    Node start(int number, Map<String, String> with) {
        settings.put(number, with);
        Node node = Node.start(config(with));
        nodes.put(number, node);
        return node;
    }

    static AtlasConfig config(Map<String, String> settings) {
        return ConfigLoader.load(null, Map.of(), settings);
    }

    /** Ends a node. */
    public void stop(int number) {
        Node node = nodes.remove(number);
        if (node != null) {
            node.close();
        }
    }

    /** Starts a node again that was stopped. */
    public Node restart(int number) {
        Map<String, String> with = new HashMap<>(settings.getOrDefault(number, Map.of()));
        return start(number, with);
    }

    public Node node(int number) {
        Node node = nodes.get(number);
        assertThat(node).as("node " + number).isNotNull();
        return java.util.Objects.requireNonNull(node);
    }

    public Connection connect(int number) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:atlas://127.0.0.1:" + node(number).clientPort() + "/");
    }

    /** Runs statements at a node. */
    public void run(int number, String... statements) throws SQLException {
        try (Connection connection = connect(number);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query at a node, values separated by blanks. */
    public List<String> query(int number, String sql) throws SQLException {
        try (Connection connection = connect(number);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.append(i == 1 ? "" : " ").append(rows.getString(i));
                }
                found.add(row.toString());
            }
            return found;
        }
    }

    /** A condition that may fail for a while. */
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until a condition holds. */
    static void await(String what, int seconds, Condition condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        @Nullable Exception last = null;
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            assertThat(System.nanoTime())
                    .as("%s in time; last failure: %s", what, last)
                    .isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Waits until every group has these voters and no learners, as a node sees it. */
    public void awaitVoters(int at, String voters) {
        await(
                "voters " + voters,
                60,
                () -> query(at, "SELECT DISTINCT voters, learners FROM atlas.groups")
                        .equals(List.of(voters + " ")));
    }

    @Override
    public void close() {
        nodes.values().forEach(Node::close);
    }
}
