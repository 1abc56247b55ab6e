package io.atlasdb.node.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identities;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.store.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounds, order, and clients that misbehave. */
class SocketServerTest {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

    @TempDir
    Path directory;

    private final Held keys = new Held();
    private @Nullable SocketServer running;

    /** Puts wait until they are let go. */
    private static final class Held extends FakeKeySpace {
        final List<CompletableFuture<Void>> puts = new ArrayList<>();
        volatile boolean hold;

        @Override
        public synchronized CompletableFuture<?> put(
                String table, String row, byte[] value, Identity identity, Retention until) {
            super.put(table, row, value, identity, until);
            if (!hold) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> put = new CompletableFuture<>();
            puts.add(put);
            return put;
        }

        synchronized int size() {
            return puts.size();
        }

        synchronized CompletableFuture<Void> put(int index) {
            return puts.get(index);
        }
    }

    private SocketServer start(SocketOptions options) throws IOException {
        running =
                SocketServer.start(directory.resolve("s"), MODE, keys, new FakeCluster(), Identities.BY_NAME, options);
        return running;
    }

    private SocketServer server() {
        return Objects.requireNonNull(running);
    }

    private static SocketOptions options(int inFlightMax, long timeoutMs) {
        return new SocketOptions(2, inFlightMax, 2, timeoutMs, timeoutMs, timeoutMs);
    }

    @AfterEach
    void nothingIsHeldAtTheEnd() throws InterruptedException {
        if (running != null) {
            for (int i = 0; i < keys.size(); i++) {
                keys.put(i).complete(null);
            }
            server().close();
            assertThat(server().heldBytes()).as("bytes still paid for").isZero();
            assertThat(server().path()).doesNotExist();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(endNanos);
            new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void taggedCommandsOvertakeEachOtherAndUntaggedOnesDoNot() throws Exception {
        keys.hold = true;
        try (SocketClient client =
                SocketClient.ready(start(SocketOptions.DEFAULT).path())) {
            client.send("[ID:1] KEY PUT a.1 x\r\n[ID:2] KEY PUT a.2 x\r\n");
            await(() -> keys.size() == 2);
            keys.put(1).complete(null);
            assertThat(client.readLine()).isEqualTo("[ID:2] OK\r\n");
            client.send("KEY PUT a.3 x\r\n[ID:4] COUNT a.\r\n");
            await(() -> keys.size() == 3);
            keys.put(0).complete(null);
            assertThat(client.readLine())
                    .as("the count has to wait for the untagged put")
                    .isEqualTo("[ID:1] OK\r\n");
            keys.put(2).complete(null);
            assertThat(client.readLine()).isEqualTo("OK\r\n");
            assertThat(client.readLine()).isEqualTo("[ID:4] COUNT 3\r\n");
        }
    }

    @Test
    void whatIsInFlightIsBoundedAndTheRestIsNotRead() throws Exception {
        keys.hold = true;
        try (SocketClient client = SocketClient.ready(start(options(10, 60_000)).path())) {
            StringBuilder commands = new StringBuilder();
            for (int i = 0; i < 1_000; i++) {
                commands.append("[ID:")
                        .append(i)
                        .append("] KEY PUT a.")
                        .append(i)
                        .append(" x\r\n");
            }
            client.send(commands.toString());
            Set<String> answers = new HashSet<>();
            for (int i = 0; i < 1_000; i++) {
                int put = i;
                await(() -> keys.size() > put);
                assertThat(keys.size()).isLessThanOrEqualTo(put + 10);
                keys.put(put).complete(null);
                answers.add(client.readLine());
            }
            assertThat(answers).hasSize(1_000).contains("[ID:0] OK\r\n", "[ID:999] OK\r\n");
        }
    }

    @Test
    void aCommandThatTakesTooLongIsAnswered() throws Exception {
        keys.hold = true;
        try (SocketClient client = SocketClient.ready(start(options(10, 300)).path())) {
            client.send("KEY PUT a.1 x\r\nCOUNT none\r\n");
            assertThat(client.readLine())
                    .isEqualTo("ERROR WARN timeout: the outcome of the commit is unknown: no answer within 300 ms\r\n");
            assertThat(client.readLine()).isEqualTo("COUNT 0\r\n");
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOffAndHoldsNothing() throws Exception {
        byte[] value = new byte[4 << 20];
        Arrays.fill(value, (byte) 'x');
        keys.values.put(new KeyName("BIG", ""), value);
        start(options(10, 500));
        try (SocketClient lazy = SocketClient.ready(server().path())) {
            lazy.send("[ID:1] KEY GET BIG\r\n".repeat(100));
            await(() -> server().heldBytes() > 0);
            await(() -> server().connectionCount() == 0);
            await(() -> server().heldBytes() == 0);
        }
    }

    @Test
    void largeValuesGoInAndOut() throws Exception {
        start(SocketOptions.DEFAULT);
        String value = "v".repeat(16 << 20);
        try (SocketClient client = SocketClient.ready(server().path())) {
            client.send("KEY PUT big.a " + value + "\r\n");
            assertThat(client.readLine()).isEqualTo("OK\r\n");
            client.send("KEY GET big.a\r\n");
            assertThat(client.read(6 + value.length() + 6).equals("VALUE:" + value + "\r\nOK\r\n"))
                    .isTrue();
            client.send("KEY PUT big.a " + value + "x\r\n");
            assertThat(client.readLine())
                    .isEqualTo("ERROR WARN the value is too large: 16777217 bytes, at most 16777216 are allowed\r\n");
        }
    }

    @Test
    void aLineWithoutEndIsFatalAndCostsLittle() throws Exception {
        start(SocketOptions.DEFAULT);
        byte[] chunk = new byte[1 << 20];
        Arrays.fill(chunk, (byte) 'x');
        try (SocketClient client = SocketClient.ready(server().path())) {
            for (int i = 0; i < 128; i++) {
                client.send(chunk);
                assertThat(server().heldBytes()).isLessThan(40 << 20);
            }
            client.sendSome(chunk);
            assertThat(client.readToEnd()).isEqualTo("ERROR FATAL command exceeded maximum length\r\n");
        }
    }

    @Test
    void handshakesThatAreNoneEndTheConnection() throws Exception {
        start(new SocketOptions(100, 10, 2, 60_000, 60_000, 60_000));
        for (String hello :
                List.of("HELLO\n", "HELLO 1.0\n", "GET / HTTP/1.1\n", "[ID:1] HELLO 1.0 x\n", "a b c d\n")) {
            try (SocketClient client = new SocketClient(server().path())) {
                client.send(hello);
                assertThat(client.readToEnd()).isEqualTo(SocketClient.GREETING + "ERROR FATAL invalid handshake\r\n");
            }
        }
        try (SocketClient client = new SocketClient(server().path())) {
            client.send("hello 2.0 x\r\n");
            assertThat(client.readToEnd())
                    .isEqualTo(SocketClient.GREETING + "ERROR FATAL invalid protocol version\r\n");
        }
    }

    @Test
    void aSilentClientIsSentAway() throws Exception {
        start(options(10, 300));
        try (SocketClient client = new SocketClient(server().path())) {
            assertThat(client.readToEnd()).isEqualTo(SocketClient.GREETING + "ERROR FATAL invalid handshake\r\n");
        }
    }

    @Test
    void tooManyConnectionsAreTurnedAway() throws Exception {
        start(options(10, 60_000));
        try (SocketClient first = SocketClient.ready(server().path());
                SocketClient second = SocketClient.ready(server().path());
                SocketClient third = new SocketClient(server().path())) {
            assertThat(third.readToEnd())
                    .isEqualTo("ERROR FATAL service unavailable: too many connections, at most 2 are allowed\r\n");
            first.send("COUNT a\r\n");
            second.send("COUNT a\r\n");
            assertThat(first.readLine()).isEqualTo("COUNT 0\r\n");
            assertThat(second.readLine()).isEqualTo("COUNT 0\r\n");
        }
    }

    @Test
    void aClientThatEndsItsInputStillGetsItsAnswers() throws Exception {
        start(SocketOptions.DEFAULT);
        try (SocketClient client = SocketClient.ready(server().path())) {
            client.send("KEY PUT a.1 x\r\nCOUNT a\r\nKEY DEL a.1");
            client.endInput();
            assertThat(client.readToEnd()).isEqualTo("OK\r\nCOUNT 1\r\nOK\r\n");
        }
        assertThat(keys.values).as("half a command is none").hasSize(1);
    }

    @Test
    void garbageAndAbruptEndsLeaveTheServerServing() throws Exception {
        start(new SocketOptions(1_000, 10, 2, 60_000, 60_000, 60_000));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] bytes = new byte[100_000];
        for (int i = 0; i < 50; i++) {
            random.nextBytes(bytes);
            try (SocketClient client =
                    i % 2 == 0 ? new SocketClient(server().path()) : SocketClient.ready(server().path())) {
                client.sendSome(bytes);
            }
        }
        try (SocketClient client = SocketClient.ready(server().path())) {
            client.send("COUNT nothing\r\n");
            assertThat(client.readLine()).as("seed %d", seed).isEqualTo("COUNT 0\r\n");
        }
        await(() -> server().connectionCount() == 0);
        await(() -> server().heldBytes() == 0);
    }

    @Test
    void aFloodOfSmallCommandsIsAnsweredInOrder() throws Exception {
        start(SocketOptions.DEFAULT);
        int commands = 50_000;
        try (SocketClient client = SocketClient.ready(server().path())) {
            Thread sender = new Thread(() -> {
                try {
                    client.send("x\n".repeat(commands));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            String expected = "ERROR WARN command expected, got X\r\n".repeat(commands);
            assertThat(client.read(expected.length()).equals(expected)).isTrue();
            sender.join();
        }
    }

    @Test
    void theFileIsPrivateAndGoesWithTheServer() throws Exception {
        start(SocketOptions.DEFAULT);
        assertThat(Files.getPosixFilePermissions(server().path())).isEqualTo(MODE);
    }

    @Test
    void aStaleFileIsReplacedAndALiveOneIsNot() throws Exception {
        Path path = directory.resolve("s");
        try (java.nio.channels.ServerSocketChannel dead =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        start(SocketOptions.DEFAULT);
        assertThatThrownBy(() -> SocketServer.start(
                        path, MODE, keys, new FakeCluster(), Identities.BY_NAME, SocketOptions.DEFAULT))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining("another node listens there");
        try (SocketClient client = SocketClient.ready(path)) {
            client.send("COUNT a\n");
            assertThat(client.readLine()).isEqualTo("COUNT 0\r\n");
        }
    }

    @Test
    void pathsThatCannotBeUsedAreRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        assertThatThrownBy(() -> SocketServer.start(
                        file, MODE, keys, new FakeCluster(), Identities.BY_NAME, SocketOptions.DEFAULT))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining("no socket");
        Path longPath = Path.of("/tmp/" + "x".repeat(103));
        assertThatThrownBy(() -> SocketServer.start(
                        longPath, MODE, keys, new FakeCluster(), Identities.BY_NAME, SocketOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
                .hasMessageContaining("108 bytes")
                .hasMessageContaining("107");
    }

    @Test
    void closingAnswersWhatIsInFlight() throws Exception {
        keys.hold = true;
        start(SocketOptions.DEFAULT);
        try (SocketClient client = SocketClient.ready(server().path())) {
            client.send("KEY PUT a.1 x\r\n");
            await(() -> keys.size() == 1);
            Thread closer = new Thread(server()::close);
            closer.start();
            keys.put(0).complete(null);
            assertThat(client.readToEnd())
                    .isEqualTo("OK\r\nERROR FATAL service unavailable: the node is shutting down\r\n");
            closer.join();
        }
    }
}
