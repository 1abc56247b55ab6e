package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The socket and SQL on one node see one another's work. */
@Timeout(60)
class SocketOnNodeTest {
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void eachSeesWhatTheOtherWrote() throws Exception {
        try (SocketLines socket = SocketLines.open(node);
                Connection c = node.connect();
                Statement s = c.createStatement()) {
            assertThat(socket.ask("KEY PUT users.alice hi there")).containsExactly("OK");
            try (ResultSet r = s.executeQuery("SELECT value FROM kv.\"USERS\" WHERE key = 'ALICE'")) {
                assertThat(r.next()).isTrue();
                assertThat(new String(r.getBytes(1), java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo("hi there");
            }
            s.executeUpdate("INSERT INTO kv.\"USERS\" (key, value) VALUES ('BOB', X'796f')");
            assertThat(socket.ask("KEY GET users.bob")).containsExactly("VALUE:yo", "OK");
            s.executeUpdate("UPDATE kv.\"USERS\" SET value = X'6e6f' WHERE key = 'ALICE'");
            assertThat(socket.ask("KEY GET users.alice")).containsExactly("VALUE:no", "OK");
            s.executeUpdate("DELETE FROM kv.\"USERS\" WHERE key = 'BOB'");
            assertThat(socket.ask("KEY GET users.bob")).containsExactly("NOT_FOUND", "OK");
        }
    }

    @Test
    void aDroppedTableComesBackWithTheNextPut() throws Exception {
        try (SocketLines socket = SocketLines.open(node);
                Connection c = node.connect();
                Statement s = c.createStatement()) {
            for (int i = 0; i < 3; i++) {
                assertThat(socket.ask("KEY PUT temp.k" + i + " v")).containsExactly("OK");
                assertThat(socket.ask("COUNT temp.")).containsExactly("COUNT 1", "OK");
                s.execute("DROP TABLE kv.\"TEMP\"");
                assertThat(socket.ask("KEY GET temp.k" + i)).containsExactly("NOT_FOUND", "OK");
            }
        }
    }

    @Test
    void writersWithTagsLoseNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                int writer = w;
                running.add(threads.submit(() -> {
                    write(writer);
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        try (SocketLines socket = SocketLines.open(node)) {
            assertThat(socket.ask("COUNT tagged.")).containsExactly("COUNT 400", "OK");
        }
    }

    /** 50 commands at once, whose answers come in any order. */
    private static void write(int writer) throws Exception {
        try (SocketLines socket = SocketLines.open(node)) {
            Set<String> expected = new TreeSet<>();
            for (int i = 0; i < 50; i++) {
                socket.send("[ID:" + i + "] KEY PUT tagged.w" + writer + "-" + i + " value " + i);
                expected.add("[ID:" + i + "] OK");
            }
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < 50; i++) {
                answers.add(socket.frame());
            }
            assertThat(answers).isEqualTo(expected);
        }
    }

    @Test
    void aScanOverThousandsOfKeysIsSortedAndWhole() throws Exception {
        int keys = 5_000;
        try (SocketLines socket = SocketLines.open(node);
                Connection c = node.connect()) {
            assertThat(socket.ask("KEY PUT wide.k00000 v")).containsExactly("OK");
            insert(c, keys);
            List<String> frames = socket.ask("SCAN wide.");
            assertThat(frames).hasSize(2);
            String[] lines = frames.get(0).split("\n", -1);
            assertThat(lines[0]).isEqualTo("KEYS:" + keys);
            assertThat(lines).hasSize(keys + 1);
            for (int i = 0; i < keys; i++) {
                assertThat(lines[i + 1]).isEqualTo(String.format("WIDE.K%05d", i));
            }
            assertThat(socket.ask("COUNT wide.k000")).containsExactly("COUNT 100", "OK");
        }
    }

    private static void insert(Connection c, int keys) throws SQLException {
        try (PreparedStatement p = c.prepareStatement("INSERT INTO kv.\"WIDE\" (key, value) VALUES (?, X'76')")) {
            for (int i = 1; i < keys; i++) {
                p.setString(1, String.format("K%05d", i));
                p.addBatch();
            }
            p.executeBatch();
        }
    }
}
