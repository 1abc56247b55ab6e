package io.atlasdb.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestNode.Extension.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SocketClientTest {
    @Test
    void whatIsPutIsFoundByKeyAndByPrefix(TestNode node) throws Exception {
        try (SocketClient client = new SocketClient(node.socket())) {
            assertThat(client.scan("METAL.")).isEmpty();
            assertThat(client.get("METAL.TIN")).isEmpty();

            client.put("METAL.TIN", "white  and soft");
            client.put("METAL.GOLD", "yellow");
            client.put("METAL.TIN", "silvery");

            assertThat(client.get("METAL.TIN")).contains("silvery");
            assertThat(client.scan("METAL.")).containsExactly("METAL.GOLD", "METAL.TIN");
        }
    }

    @Test
    void taggedCommandsAreAnsweredEachWithItsOwnTag(TestNode node) throws Exception {
        Map<String, String> squares = new TreeMap<>();
        try (SocketClient client = new SocketClient(node.socket())) {
            for (int i = 10; i < 99; i++) {
                squares.put("SQUARE.N" + i, String.valueOf(i * i));
                client.put("SQUARE.N" + i, String.valueOf(i * i));
            }
            List<String> keys = new ArrayList<>(squares.keySet());
            keys.add("SQUARE.N0");

            assertThat(client.getAll(keys)).isEqualTo(squares);
        }
    }

    @Test
    void keysAreRowsOfAnSqlTable(TestNode node) throws Exception {
        try (SocketClient client = new SocketClient(node.socket());
                Connection connection = DriverManager.getConnection(node.url("PUBLIC"));
                Statement statement = connection.createStatement()) {
            client.put("TREE.OAK", "600 years");
            try (ResultSet rows = statement.executeQuery("SELECT \"VALUE\" FROM kv.tree WHERE \"KEY\" = 'OAK'")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getBytes(1)).isEqualTo("600 years".getBytes(StandardCharsets.UTF_8));
            }
            statement.executeUpdate("UPDATE kv.tree SET \"VALUE\" = X'6f6c64' WHERE \"KEY\" = 'OAK'");

            assertThat(client.get("TREE.OAK")).contains("old");
        }
    }

    @Test
    void aRefusedCommandLeavesTheConnectionUsable(TestNode node) throws Exception {
        try (SocketClient client = new SocketClient(node.socket())) {
            assertThatThrownBy(() -> client.put("STONE.FLINT", ""))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("ERROR WARN");
            client.put("STONE.FLINT", "hard");

            assertThat(client.get("STONE.FLINT")).contains("hard");
        }
    }
}
