package io.atlasdb.node.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.socket.Transcript.Exchange;
import io.atlasdb.sql.access.Identities;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the protocol, byte for byte. */
class TranscriptTest {
    private static final Map<String, UnaryOperator<Transcript>> VARIANTS = Map.of(
            "CRLF",
            UnaryOperator.identity(),
            "LF",
            Transcript::withLineFeeds,
            "CRLF, tagged",
            Transcript::tagged,
            "LF, tagged",
            transcript -> transcript.tagged().withLineFeeds());

    @TempDir
    Path directory;

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (boolean epoll : Epoll.isAvailable() ? new boolean[] {true, false} : new boolean[] {false}) {
            for (Transcript transcript : Transcript.load("/socket/transcripts.txt")) {
                VARIANTS.forEach(
                        (variant, change) -> cases.add(Arguments.of(change.apply(transcript), variant, epoll)));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} ({1}, native {2})")
    @MethodSource("cases")
    void answersByteForByte(Transcript transcript, String variant, boolean epoll) throws IOException {
        try (SocketServer server = SocketServer.start(
                        directory.resolve("s"),
                        PosixFilePermissions.fromString("rw-------"),
                        keySpace(),
                        new FakeCluster(),
                        Identities.BY_NAME,
                        SocketOptions.DEFAULT,
                        epoll);
                SocketClient client = SocketClient.ready(server.path())) {
            for (Exchange exchange : transcript.exchanges()) {
                client.send(exchange.sent());
                assertThat(client.read(exchange.answer().length()))
                        .as(exchange.sent())
                        .isEqualTo(exchange.answer());
            }
            if (!transcript.closed()) {
                client.endInput();
            }
            assertThat(client.readToEnd())
                    .as("what comes after the last answer")
                    .isEmpty();
        }
    }

    KeySpace keySpace() {
        return new FakeKeySpace();
    }
}
