package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.bench.SqlWorkload.Operation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The workload does what it says, on H2 in this process; the report takes ratios round by round. */
class SqlBenchmarkTest {
    private static final int ROWS = 2_000;

    @ParameterizedTest
    @EnumSource
    void everyOperationRunsAndIsCounted(Operation operation) throws SQLException {
        try (Embedded peer = new Embedded(operation.name())) {
            SqlWorkload workload = new SqlWorkload(ROWS);
            workload.load(peer, new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8));
            assertThat(peer.count()).isEqualTo(ROWS);
            Measurement measurement = Measurement.take(peer, workload, operation, 2, 0, 0.2);
            assertThat(measurement.opsPerSecond()).isPositive();
            assertThat(measurement.p50Nanos()).isPositive().isLessThanOrEqualTo(measurement.p99Nanos());
            if (operation == Operation.INSERT) {
                assertThat(peer.count()).isGreaterThan(ROWS);
            } else {
                assertThat(peer.count()).isEqualTo(ROWS);
            }
        }
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        Report report = new Report("threads", List.of("Atlas", "Other"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        double[][] rounds = {{100, 50}, {300, 100}, {80, 80}};
        for (int i = 0; i < rounds.length; i++) {
            report.add("insert", 8, i, "Atlas", new Measurement(rounds[i][0], 1_000_000, 2_000_000), out);
            report.add("insert", 8, i, "Other", new Measurement(rounds[i][1], 3_000_000, 4_000_000), out);
        }
        report.print(out);
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "| insert | 8 | Atlas | 100 (80–300) | 1.000 | 2.000 |  |",
                        "| insert | 8 | Other | 80 (50–100) | 3.000 | 4.000 | 2.00 (1.00–3.00) |");
    }

    @Test
    void theCommandLineFindsAllBenchmarks() {
        assertThat(ServiceLoader.load(Benchmark.class))
                .extracting(Benchmark::name)
                .contains("crash", "sql", "tpch");
    }

    @Test
    void everyQueryOfTpchIsThere() {
        assertThat(TpchQuery.all())
                .hasSize(22)
                .allSatisfy(query -> assertThat(query.sql()).doesNotContain(";"));
        assertThat(TpchSchema.tables()).hasSize(8);
    }

    /** A database of this process, alive as long as one connection is open. */
    private static final class Embedded implements Peer {
        private final String url;
        private final Connection keeper;

        Embedded(String database) throws SQLException {
            url = "jdbc:h2:mem:" + database;
            keeper = DriverManager.getConnection(url);
        }

        long count() throws SQLException {
            try (Statement statement = keeper.createStatement();
                    ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + SqlWorkload.TABLE)) {
                result.next();
                return result.getLong(1);
            }
        }

        @Override
        public String name() {
            return "embedded";
        }

        @Override
        public String durability() {
            return "none";
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url);
        }

        @Override
        public void close() {
            try {
                keeper.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
