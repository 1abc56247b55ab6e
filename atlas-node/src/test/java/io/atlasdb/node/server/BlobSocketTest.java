package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large values through the socket of one node. */
@Timeout(120)
class BlobSocketTest {
    private static final int MIB = 1 << 20;

    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private BlobClient client() throws IOException {
        return new BlobClient(node.node().socketPath());
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private long files(String folder) throws IOException {
        Path path = node.data().resolve(folder);
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void everyBytesComesBackAndOutlivesARestart() throws Exception {
        int[] sizes = {0, 1, 65_536, 65_537, MIB, MIB + 1, 3 * MIB, 5 * MIB + 17};
        try (BlobClient client = client()) {
            for (int size : sizes) {
                assertThat(client.set("b.k" + size, random(size, size))).isEqualTo("OK");
            }
            for (int size : sizes) {
                assertThat(client.get("b.k" + size)).as("%d bytes", size).isEqualTo(random(size, size));
            }
            assertThat(client.get("b.none")).isNull();
        }
        node.restart();
        try (BlobClient client = client()) {
            for (int size : sizes) {
                assertThat(client.get("b.k" + size)).as("%d bytes", size).isEqualTo(random(size, size));
            }
        }
    }

    @Test
    void theSameContentIsStoredOnce() throws Exception {
        byte[] value = random(3 * MIB, 1);
        try (BlobClient client = client()) {
            assertThat(client.set("b.one", value)).isEqualTo("OK");
            assertThat(client.set("b.two", value)).isEqualTo("OK");
            assertThat(files("blobs")).isEqualTo(3);
            assertThat(client.ask("KEY DEL b.one")).isEqualTo("OK");
            assertThat(client.get("b.one")).isNull();
            assertThat(client.get("b.two")).isEqualTo(value);
        }
    }

    @Test
    void linesAndBlobsSeeTheSameValues() throws Exception {
        try (BlobClient client = client()) {
            String text = "x".repeat(2 * MIB);
            assertThat(client.ask("KEY PUT b.line " + text)).isEqualTo("OK");
            assertThat(client.get("b.line")).isEqualTo(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.ask("KEY GET b.line")).isEqualTo("VALUE:" + text + "|OK");
            byte[] lines = new byte[100_000];
            Arrays.fill(lines, (byte) '\n');
            assertThat(client.set("b.lines", lines)).isEqualTo("OK");
            assertThat(client.ask("KEY GET b.lines")).startsWith("ERROR WARN").contains("line breaks");
            assertThat(client.set("b.large", new byte[17 * MIB])).isEqualTo("OK");
            assertThat(client.ask("KEY GET b.large")).startsWith("ERROR WARN").contains("KEY BLOB GET");
        }
    }

    @Test
    void aClientThatStopsHalfWayLeavesNothing() throws Exception {
        try (BlobClient client = client()) {
            client.send("KEY BLOB SET b.half 9000000\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            client.send(random(4 * MIB, 2));
            until(() -> count("blobs/unfinished") >= 3);
        }
        until(() -> count("blobs/unfinished") == 0);
        assertThat(files("blobs")).isZero();
        try (BlobClient client = client()) {
            assertThat(client.get("b.half")).isNull();
        }
    }

    @Test
    void aSlowReaderHoldsUpNobodyAndGetsEverything() throws Exception {
        byte[] value = random(24 * MIB, 7);
        try (BlobClient slow = client();
                BlobClient quick = client()) {
            assertThat(quick.set("b.k", value)).isEqualTo("OK");
            slow.send("KEY BLOB GET b.k\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(slow.frame()).isEqualTo("BLOB " + value.length);
            for (int i = 0; i < 3; i++) {
                assertThat(quick.get("b.k")).isEqualTo(value);
            }
            assertThat(quick.ask("KEY DEL b.k")).isEqualTo("OK");
            assertThat(slow.bytes(value.length))
                    .as("though it was removed meanwhile")
                    .isEqualTo(value);
            assertThat(slow.frame()).isEqualTo("OK");
        }
    }

    @Test
    void sqlSeesTheSameValues() throws Exception {
        byte[] value = random(3 * MIB + 1, 5);
        byte[] other = random(2 * MIB, 6);
        try (BlobClient client = client();
                Connection c = node.connect();
                Statement s = c.createStatement()) {
            assertThat(client.set("s.one", value)).isEqualTo("OK");
            assertThat(bytes(s, "SELECT value FROM kv.\"S\" WHERE key = 'ONE'")).isEqualTo(value);
            assertThat(bytes(s, "SELECT value FROM kv.\"S\" WHERE key LIKE 'O%'"))
                    .isEqualTo(value);
            try (PreparedStatement insert = c.prepareStatement("INSERT INTO kv.\"S\" (key, value) VALUES ('TWO', ?)")) {
                insert.setBytes(1, other);
                insert.executeUpdate();
            }
            assertThat(client.get("s.two")).isEqualTo(other);
            assertThat(files("blobs")).isEqualTo(6);
            s.executeUpdate("UPDATE kv.\"S\" SET owner = 'me' WHERE key = 'ONE'");
            assertThat(client.get("s.one")).isEqualTo(value);
            s.executeUpdate("UPDATE kv.\"S\" SET owner = 'us' WHERE key LIKE 'T%'");
            assertThat(client.get("s.two")).isEqualTo(other);
            assertThat(files("blobs")).isEqualTo(6);
            s.executeUpdate("DELETE FROM kv.\"S\" WHERE key = 'ONE'");
            assertThat(client.get("s.one")).isNull();
            s.executeUpdate("CREATE TABLE docs (id INT PRIMARY KEY, body VARBINARY)");
            try (PreparedStatement insert = c.prepareStatement("INSERT INTO docs VALUES (1, ?)")) {
                insert.setBytes(1, other);
                insert.executeUpdate();
            }
            assertThat(bytes(s, "SELECT body FROM docs WHERE id = 1")).isEqualTo(other);
            assertThatThrownBy(() -> s.executeUpdate("CREATE INDEX i ON docs (body)"))
                    .hasMessageContaining("too large");
        }
    }

    @Test
    void aStatementDoesNotHoldMoreThanItsBudget() throws Exception {
        try (BlobClient client = client();
                Connection c = node.connect();
                Statement s = c.createStatement()) {
            assertThat(client.set("s.huge", new byte[128 * MIB])).isEqualTo("OK");
            s.execute("SET memory_budget = '16MiB'");
            assertThatThrownBy(() -> bytes(s, "SELECT value FROM kv.\"S\" WHERE key = 'HUGE'"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53200"));
            try (ResultSet r = s.executeQuery("SELECT key FROM kv.\"S\"")) {
                assertThat(r.next()).isTrue();
            }
        }
    }

    private static byte[] bytes(Statement s, String query) throws SQLException {
        try (ResultSet r = s.executeQuery(query)) {
            assertThat(r.next()).isTrue();
            return r.getBytes(1);
        }
    }

    private long count(String folder) {
        try {
            return files(folder);
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void aRefusedValueIsSkippedAndTheConnectionGoesOn() throws Exception {
        try (BlobClient client = client()) {
            assertThat(client.set("atlas.x", random(3 * MIB, 3))).startsWith("ERROR WARN permission denied");
            assertThat(client.set("b.k", random(3 * MIB, 3))).isEqualTo("OK");
        }
    }

    @Test
    void taggedTransfersOfOneConnectionDoNotMix() throws Exception {
        byte[] value = random(2 * MIB + 5, 4);
        try (BlobClient client = client()) {
            assertThat(client.set("b.k", value)).isEqualTo("OK");
            StringBuilder commands = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                commands.append("[ID:g")
                        .append(i)
                        .append("] KEY BLOB GET b.k\r\n[ID:c")
                        .append(i)
                        .append("] COUNT b\r\n");
            }
            client.send(commands.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            int blobs = 0;
            int counts = 0;
            while (blobs < 4 || counts < 4) {
                String frame = client.frame();
                if (frame.contains("BLOB ")) {
                    assertThat(client.bytes(value.length)).isEqualTo(value);
                    assertThat(client.frame()).startsWith("[ID:g").endsWith("OK");
                    blobs++;
                } else {
                    assertThat(frame).contains("COUNT 1");
                    assertThat(client.frame()).startsWith("[ID:c").endsWith("OK");
                    counts++;
                }
            }
        }
    }
}
