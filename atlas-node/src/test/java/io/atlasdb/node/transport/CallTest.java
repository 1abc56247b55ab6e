package io.atlasdb.node.transport;

import static io.atlasdb.node.transport.TestPeer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.replica.Link.Service;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests between nodes and their answers. */
@Timeout(60)
class CallTest {
    private static final long TIMEOUT_MS = 30_000;

    private final TestPeer one = TestPeer.start(1);
    private final TestPeer two = TestPeer.start(2);

    CallTest() {
        TestPeer.acquaint(one, two);
        two.transport.serve(Service.OWNER, (from, request) -> CompletableFuture.completedFuture(reversed(request)));
        two.transport.serve(Service.SNAPSHOT, (from, request) -> CompletableFuture.completedFuture(reversed(request)));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new Random(bytes).nextBytes(random);
        return random;
    }

    private static void assertFails(CompletableFuture<byte[]> call, ErrorCode code, String message) {
        assertThatThrownBy(call::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void aCallMadeWhileConnectingIsAnswered() {
        assertThat(one.transport
                        .call(2, Service.OWNER, new byte[] {1, 2}, TIMEOUT_MS)
                        .join())
                .containsExactly(2, 1);
    }

    @Test
    void payloadsOfAnySizeComeBack() {
        for (int bytes : new int[] {0, 1, 128 << 10, (128 << 10) + 1, 1 << 20}) {
            byte[] request = random(bytes);
            assertThat(one.transport.call(2, Service.OWNER, request, TIMEOUT_MS).join())
                    .isEqualTo(reversed(request));
        }
        assertThat(two.transport.call(2, Service.OWNER, new byte[] {1, 2}, 1).join())
                .as("to itself")
                .containsExactly(2, 1);
    }

    @Test
    void theLargestValueFits() {
        byte[] request = random(128 << 20);

        byte[] answer =
                one.transport.call(2, Service.SNAPSHOT, request, TIMEOUT_MS).join();

        assertThat(Arrays.equals(answer, reversed(request))).isTrue();
        await("the memory is free again", () -> two.metric("atlas_transport_call_bytes") == 0);
        assertThat(one.metric("atlas_transport_call_bytes")).isZero();
    }

    @Test
    void manyCallsRunAtOnce() {
        List<CompletableFuture<byte[]>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(one.transport.call(2, Service.OWNER, random(i), TIMEOUT_MS));
        }
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).join()).isEqualTo(reversed(random(i)));
        }
        assertThat(one.metric("atlas_transport_call_seconds_count")).isEqualTo(1_000);
    }

    @Test
    void anErrorKeepsItsCodeAndItsMessage() {
        two.transport.serve(
                Service.OWNER,
                (from, request) -> CompletableFuture.failedFuture(ErrorCode.SERIALIZATION.error("row 7 of A")));
        CompletableFuture<byte[]> call = one.transport.call(2, Service.OWNER, new byte[0], TIMEOUT_MS);
        assertFails(call, ErrorCode.SERIALIZATION, "the transaction conflicts with another one: row 7 of A");

        two.transport.serve(Service.OWNER, (from, request) -> {
            throw new IllegalStateException("a secret of the node");
        });
        assertThatThrownBy(() -> one.transport
                        .call(2, Service.OWNER, new byte[0], TIMEOUT_MS)
                        .join())
                .cause()
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessageNotContaining("secret");
    }

    @Test
    void whoCannotBeReachedIsNamed() {
        assertFails(one.transport.call(9, Service.OWNER, new byte[0], TIMEOUT_MS), ErrorCode.UNREACHABLE, "node 9");
        assertFails(
                one.transport.call(2, Service.CLUSTER, new byte[0], TIMEOUT_MS), ErrorCode.UNREACHABLE, "is starting");

        CompletableFuture<byte[]> never = new CompletableFuture<>();
        two.transport.serve(Service.OWNER, (from, request) -> never);
        assertFails(
                one.transport.call(2, Service.OWNER, new byte[0], 50),
                ErrorCode.UNREACHABLE,
                "node 2 cannot be reached: no answer within 50 ms");

        CompletableFuture<byte[]> cutShort = one.transport.call(2, Service.OWNER, new byte[0], TIMEOUT_MS);
        two.close();
        assertFails(cutShort, ErrorCode.UNREACHABLE, "node 2 cannot be reached");
        await("it is gone", () -> !one.transport.isConnected(2));
        assertFails(one.transport.call(2, Service.OWNER, new byte[0], 500), ErrorCode.UNREACHABLE, "node 2");
    }

    @Test
    void callsThatDoNotFitIntoMemoryAreRefused() {
        try (TestPeer small =
                TestPeer.start(3, 0, TestPeer.CLUSTER, TestPeer.SECRET, options -> options.withMemoryBytes(1 << 20))) {
            CompletableFuture<byte[]> held = new CompletableFuture<>();
            small.transport.serve(Service.OWNER, (from, request) -> held);
            TestPeer.acquaint(one, small);
            CompletableFuture<byte[]> first = one.transport.call(3, Service.OWNER, random(800 << 10), TIMEOUT_MS);
            await("it is held", () -> small.metric("atlas_transport_call_bytes") > 0);

            assertFails(one.transport.call(3, Service.OWNER, random(800 << 10), TIMEOUT_MS), ErrorCode.BUSY, "node 3");

            held.complete(new byte[] {5});
            assertThat(first.join()).containsExactly(5);
            await("it is free again", () -> small.metric("atlas_transport_call_bytes") == 0);
        }
    }

    @Test
    void aNodeWithAClockFarAheadIsNotAnswered() {
        try (TestPeer ahead = new TestPeer(
                3,
                0,
                TestPeer.CLUSTER,
                TestPeer.SECRET,
                () -> System.currentTimeMillis() + 60_000,
                options -> options)) {
            ahead.transport.setPeer(2, "127.0.0.1", two.transport.port());

            assertFails(
                    ahead.transport.call(2, Service.OWNER, new byte[0], TIMEOUT_MS),
                    ErrorCode.UNREACHABLE,
                    "the clock of node 3 is");
        }
    }
}
