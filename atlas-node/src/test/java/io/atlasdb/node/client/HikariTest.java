package io.atlasdb.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** HikariCP, the pool that most programs use. */
class HikariTest {
    private static HikariDataSource pool(Server server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url("PUBLIC"));
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(5_000);
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    @Test
    void manyThreadsShareFewConnections() throws Exception {
        try (Server server = new Server();
                HikariDataSource pool = pool(server)) {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        write(pool, i % 2 == 0);
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get(30, TimeUnit.SECONDS);
            }
            threads.shutdown();
            assertThat(server.database.committed).hasSize(8 * 25);
            assertThat(server.database.openSessions.get()).isLessThanOrEqualTo(4);
        }
    }

    private static void write(HikariDataSource pool, boolean commit) throws SQLException {
        try (Connection c = pool.getConnection();
                PreparedStatement p = c.prepareStatement("INSERT ?")) {
            p.setString(1, "x");
            p.executeUpdate();
            if (commit) {
                c.commit();
            }
        }
    }

    @Test
    void aBrokenConnectionIsReplaced() throws Exception {
        try (Server server = new Server();
                HikariDataSource pool = pool(server)) {
            try (Connection c = pool.getConnection()) {
                Connection own = c.unwrap(Connection.class);
                own.abort(Runnable::run);
                assertThatThrownBy(() -> c.createStatement().executeUpdate("INSERT"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).startsWith("08"));
            }
            write(pool, true);
            assertThat(server.database.committed).hasSize(1);
        }
    }
}
