package io.atlasdb.node.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.server.TestNode;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random input on a real node.
 *
 * <p>{@code -Datlas.frames=10000000} and {@code -Datlas.bodies=1000000} say how much, {@code -Datlas.seedFrom=} where to begin;
 * what fails names its seed.
 */
class FuzzTest {
    private static final int FRAMES_EACH = 2_000;
    private static final int BODIES_EACH = 1_000;
    /** What a node may hold more after all than before, once collected, bytes. */
    private static final long GROWTH_BYTES_MAX = 128L << 20;

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.start();
        String granted = say("PRINCIPAL ASSUME keeper", "KEY PUT VAULT.K1 x", "ACL GRANT VAULT keeper PERMS OWNER");
        assertThat(granted).contains("ACL granted");
        assertThat(say("PRINCIPAL ASSUME keeper", "KEY PUT VAULT.K1 " + Answers.SECRET, "KEY GET VAULT.K1"))
                .contains(Answers.SECRET);
        try (Connection c = node.connect();
                Statement s = c.createStatement()) {
            s.execute("CREATE TABLE product (id INTEGER PRIMARY KEY, name VARCHAR(5), price DECIMAL(5, 2))");
            s.execute("INSERT INTO product VALUES (1, 'saw', 9.50)");
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void socketFrames() throws Exception {
        long frames = Long.getLong("atlas.frames", 40_000);
        long from = Long.getLong("atlas.seedFrom", 0);
        SocketFuzz fuzz = new SocketFuzz(node.node().socketPath());
        fuzz.connection(from, FRAMES_EACH);
        long before = usedBytes();
        long startNanos = System.nanoTime();
        long taken = 0;
        for (long seed = from; taken < frames; seed++) {
            try {
                taken += fuzz.connection(seed, FRAMES_EACH);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("fails with -Datlas.seedFrom=" + seed + ": " + failure.getMessage(), failure);
            }
        }
        print("socket frames", taken, startNanos);
        assertThat(say("KEY GET nobody.here")).contains("NOT_FOUND");
        assertThat(usedBytes() - before).isLessThan(GROWTH_BYTES_MAX);
    }

    @Test
    void httpBodies() throws Exception {
        long bodies = Long.getLong("atlas.bodies", 4_000);
        long from = Long.getLong("atlas.seedFrom", 0);
        HttpFuzz fuzz = new HttpFuzz(node.node().clientPort());
        fuzz.run(from, BODIES_EACH);
        long before = usedBytes();
        long startNanos = System.nanoTime();
        long sent = 0;
        for (long seed = from; sent < bodies; seed++) {
            try {
                fuzz.run(seed, BODIES_EACH);
                sent += BODIES_EACH;
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("fails with -Datlas.seedFrom=" + seed + ": " + failure.getMessage(), failure);
            }
        }
        print("http bodies " + fuzz.statuses(), sent, startNanos);
        assertThat(fuzz.statuses()).containsKey(200).containsKey(500);
        try (Connection c = node.connect();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("SELECT 2 + 2")) {
            assertThat(r.next()).isTrue();
            assertThat(r.getInt(1)).isEqualTo(4);
        }
        assertThat(usedBytes() - before).isLessThan(GROWTH_BYTES_MAX);
    }

    @Test
    void framedRequests() throws Exception {
        long bodies = Long.getLong("atlas.bodies", 4_000);
        long from = Long.getLong("atlas.seedFrom", 0);
        FramedFuzz fuzz = new FramedFuzz(node.node().clientPort());
        long startNanos = System.nanoTime();
        long answered = 0;
        long sent = 0;
        for (long seed = from; sent < bodies; seed++) {
            try {
                answered += fuzz.run(seed, BODIES_EACH);
                sent += BODIES_EACH;
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("fails with -Datlas.seedFrom=" + seed + ": " + failure.getMessage(), failure);
            }
        }
        print("framed requests, " + answered + " answered", sent, startNanos);
        assertThat(answered).isPositive();
        try (Connection c = node.connect()) {
            assertThat(c.isValid(10)).isTrue();
        }
    }

    private static void print(String what, long count, long startNanos) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(Locale.ROOT, "%s: %,d in %.0f s, %,.0f a second%n", what, count, seconds, count / seconds);
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** What the socket answers to some commands, all in one. */
    private static String say(String... commands) throws Exception {
        Path socket = node.node().socketPath();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String text = "HELLO 1.0 fuzz\r\n" + String.join("\r\n", commands) + "\r\n";
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(64 << 10);
            while (channel.read(answer) >= 0) {
                // Up to the end.
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }
}
