package io.atlasdb.node.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Regions in one process, near each other so that the test is short. */
class EmulatedClusterTest {
    private static final int OPERATIONS_MAX = 20_000;

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    @Test
    void ownersFollowTheWorkAndObeyStatements() throws Exception {
        Wan wan = Wan.of("single-continent", List.of("frankfurt", "london", "stockholm"));
        Set<String> started = new TreeSet<>();
        EmulatedCluster.Options options = new EmulatedCluster.Options(wan, 1, -1, -1);
        try (EmulatedCluster cluster = EmulatedCluster.start(options, (node, region) -> started.add(node + region))) {
            assertThat(started).containsExactly("1frankfurt", "2london", "3stockholm");
            try (Connection home = DriverManager.getConnection(cluster.url("frankfurt"));
                    Statement statement = home.createStatement()) {
                statement.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
                statement.execute("INSERT INTO t VALUES (1, 0)");
            }
            cluster.separate();
            try (Connection away = DriverManager.getConnection(cluster.url("stockholm"));
                    Statement statement = away.createStatement()) {
                String region = "SELECT region FROM atlas.ownership WHERE table_name = 'T'";
                int operations = 0;
                while (!value(statement, region).equals("stockholm") && operations < OPERATIONS_MAX) {
                    statement.execute("UPDATE t SET n = n + 1 WHERE id = 1");
                    operations++;
                }
                assertThat(value(statement, region))
                        .as("after %s updates from there", operations)
                        .isEqualTo("stockholm");
                assertThat(value(statement, "SELECT n FROM t")).isEqualTo(Integer.toString(operations));
                statement.execute("ALTER TABLE t SET OWNER 'london'");
                assertThat(value(statement, region)).isEqualTo("london");
                assertThatThrownBy(() -> statement.execute("CREATE TABLE u (id INT) WITH (regions = 'mars')"))
                        .hasMessageContaining("no node in region mars");
                assertThatThrownBy(() -> statement.execute("CREATE GROUP g WITH (regions = 'london', fz = 1)"))
                        .hasMessageContaining("fz = 1");
                statement.execute("CREATE TABLE v (id INT PRIMARY KEY) WITH (regions = 'London,Stockholm', fn = 0)");
                statement.execute("INSERT INTO v VALUES (1)");
                assertThat(value(
                                statement,
                                "SELECT g.voters FROM atlas.groups g JOIN atlas.ownership o ON o.group_id = g.id"
                                        + " WHERE o.table_name = 'V'"))
                        .isEqualTo("2,3");
            }
        }
    }
}
