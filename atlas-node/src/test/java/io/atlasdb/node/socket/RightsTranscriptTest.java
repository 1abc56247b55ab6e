package io.atlasdb.node.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.socket.Transcript.Exchange;
import io.atlasdb.sql.access.Identities;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.store.MemoryStore;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What rights do to the answers of the socket, byte for byte. */
class RightsTranscriptTest {
    @TempDir
    Path directory;

    static Stream<Transcript> cases() {
        return Transcript.load("/socket/rights.txt").stream().flatMap(one -> Stream.of(one, one.tagged()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answersByteForByte(Transcript transcript) throws IOException {
        MemoryStore store = new MemoryStore();
        try (StoreKeySpace keys = new StoreKeySpace(store, new CatalogStore());
                SocketServer server = SocketServer.start(
                        directory.resolve("s"),
                        PosixFilePermissions.fromString("rw-------"),
                        keys,
                        new FakeCluster(),
                        Identities.BY_NAME,
                        SocketOptions.DEFAULT,
                        Epoll.isAvailable());
                SocketClient client = SocketClient.ready(server.path())) {
            for (Exchange exchange : transcript.exchanges()) {
                client.send(exchange.sent());
                assertThat(client.read(exchange.answer().length()))
                        .as(exchange.sent())
                        .isEqualTo(exchange.answer());
            }
            client.endInput();
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(store.openSnapshots()).isZero();
    }
}
