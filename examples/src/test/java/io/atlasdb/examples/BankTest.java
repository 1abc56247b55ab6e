package io.atlasdb.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestNode.Extension.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BankTest {
    private static final int THREADS = 8;
    private static final int TRANSFERS_EACH = 25;

    @Test
    void transfersOfEightThreadsNeitherMakeNorLoseMoney(TestNode node) throws Exception {
        Bank bank = new Bank(schema(node, "BANK"), 8);
        bank.create();

        Bank.Report report = bank.run(THREADS, TRANSFERS_EACH);

        assertThat(report.transfers()).isEqualTo(THREADS * TRANSFERS_EACH);
        assertThat(report.audits()).isPositive();
        try (Connection connection = DriverManager.getConnection(node.url("BANK"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM ledger")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(THREADS * TRANSFERS_EACH);
        }
    }

    @Test
    void anAuditFindsMoneyThatCameFromNowhere(TestNode node) throws Exception {
        Bank bank = new Bank(schema(node, "FORGERS"), 3);
        bank.create();
        try (Connection connection = DriverManager.getConnection(node.url("FORGERS"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE account SET balance = balance + 1 WHERE id = 2");
        }

        assertThatThrownBy(() -> bank.run(1, 1)).rootCause().hasMessageContaining("3001.00 and should hold 3000.00");
    }

    private static String schema(TestNode node, String name) throws Exception {
        try (Connection connection = DriverManager.getConnection(node.url("PUBLIC"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + name);
        }
        return node.url(name);
    }
}
