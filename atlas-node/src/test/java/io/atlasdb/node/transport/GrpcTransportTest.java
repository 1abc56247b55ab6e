package io.atlasdb.node.transport;

import static io.atlasdb.node.transport.TestPeer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages between transports on loopback. */
@Timeout(60)
class GrpcTransportTest {
    private static final RandomGenerator RANDOM =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);

    @Test
    void threeNodesExchangeMessagesOfAllKindsInOrder() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2);
                TestPeer three = TestPeer.start(3)) {
            TestPeer.acquaint(one, two, three);
            TestPeer.awaitConnected(one, two, three);
            await("bulk", () -> two.metric("atlas_transport_connects_total") == 4);
            await("bulk", () -> one.metric("atlas_transport_connects_total") == 4);

            List<Message> sent = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                Message message = RandomMessages.any(RANDOM);
                sent.add(message);
                one.transport.send(2, i, message);
                two.transport.send(3, i, message);
                two.transport.send(1, i, message);
            }

            for (TestPeer receiver : List.of(one, two, three)) {
                await("all came to " + receiver.node, () -> receiver.got.size() == sent.size());
                for (Lane lane : Lane.values()) {
                    assertThat(receiver.got.stream()
                                    .map(TestPeer.Got::message)
                                    .filter(message -> Lane.of(message) == lane)
                                    .map(message -> MessageCodec.encode(0, message))
                                    .toList())
                            .isEqualTo(sent.stream()
                                    .filter(message -> Lane.of(message) == lane)
                                    .map(message -> MessageCodec.encode(0, message))
                                    .toList());
                }
                assertThat(receiver.got).allMatch(got -> got.from() == (receiver.node == 2 ? 1 : 2));
            }
            assertThat(one.connects).hasValue(2);
        }
    }

    @Test
    void messagesOfOneTurnShareFrames() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2)) {
            TestPeer.acquaint(one, two);
            TestPeer.awaitConnected(one, two);

            for (int i = 0; i < 10_000; i++) {
                one.transport.send(2, i, new Message.Fetch(i));
            }

            await("all came", () -> two.got.size() == 10_000);
            // A frame costs 11 bytes, a message 14 to 17 in it.
            assertThat(one.metric("atlas_transport_sent_bytes_total{class=\"control\"}"))
                    .isLessThan(10_000 * 20);
        }
    }

    @Test
    void aMessageLargerThanAFrameGoesInPieces() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2)) {
            TestPeer.acquaint(one, two);
            TestPeer.awaitConnected(one, two);
            Message.Accept large = new Message.Accept(
                    new Ballot(1, 0, 1, 0), Hash.ZERO, List.of(RandomMessages.entry(RANDOM, 20 << 20)), 0, 0, 0);

            one.transport.send(2, 5, large);
            one.transport.send(2, 5, new Message.Fetch(6));
            one.transport.send(2, 5, large);

            await("all came", () -> two.got.size() == 3);
            List<byte[]> payloads = two.got.stream()
                    .map(TestPeer.Got::message)
                    .filter(Message.Accept.class::isInstance)
                    .map(message -> ((Message.Accept) message).entries().get(0).payload())
                    .toList();
            byte[] sent = large.entries().get(0).payload();
            assertThat(payloads).hasSize(2).allMatch(payload -> Arrays.equals(payload, sent));
        }
    }

    @Test
    void aNodeThatComesBackOnItsPortIsFoundAgain() {
        try (TestPeer one = TestPeer.start(1)) {
            TestPeer two = TestPeer.start(2);
            int port = two.transport.port();
            TestPeer.acquaint(one, two);
            TestPeer.awaitConnected(one, two);
            for (int round = 1; round <= 3; round++) {
                two.close();
                await("it is seen to be gone", () -> !one.transport.isConnected(2));
                one.transport.send(2, 1, new Message.Fetch(1));
                assertThat(one.metric("atlas_transport_dropped_messages_total")).isGreaterThanOrEqualTo(round);

                two = TestPeer.start(2, port, TestPeer.CLUSTER, TestPeer.SECRET, options -> options);
                TestPeer.acquaint(one, two);
                TestPeer.awaitConnected(one, two);
                one.transport.send(2, 7, new Message.Fetch(round));
                TestPeer now = two;
                await("messages flow again", () -> now.got.size() == 1);
                int connects = round + 1;
                await("the node is told", () -> one.connects.get() == connects);
            }
            two.close();
        }
    }

    @Test
    void aPeerMayMoveToAnotherAddress() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2)) {
            TestPeer.acquaint(one, two);
            TestPeer.awaitConnected(one, two);
            two.close();
            try (TestPeer moved = TestPeer.start(2)) {
                one.transport.setPeer(2, "127.0.0.1", moved.transport.port());
                await("the new place is reached", () -> one.transport.isConnected(2));

                one.transport.send(2, 1, new Message.Fetch(1));

                await("it came", () -> moved.got.size() == 1);
            }
        }
    }

    @Test
    void aRemovedPeerIsNeitherDialedNorHeard() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2)) {
            TestPeer.acquaint(one, two);
            TestPeer.awaitConnected(one, two);

            one.transport.removePeer(2);

            await("it is not reached", () -> !one.transport.isConnected(2));
            two.transport.send(1, 1, new Message.Fetch(1));
            await("it is turned away", () -> !two.transport.isConnected(1));
            await("by name", () -> one.metric("atlas_transport_refused_connections_total") > 0);
            assertThat(one.got).isEmpty();
        }
    }

    @Test
    void roundTripsAndClocksArePersistentlyMeasured() {
        long aheadMs = 300;
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = new TestPeer(
                        2,
                        0,
                        TestPeer.CLUSTER,
                        TestPeer.SECRET,
                        () -> System.currentTimeMillis() + aheadMs,
                        options -> options)) {
            assertThat(one.transport.rttMicros(1)).isZero();
            assertThat(one.transport.rttMicros(2)).isNegative();
            assertThat(one.transport.clockOffsetMs(2)).isEmpty();

            TestPeer.acquaint(one, two);

            await("a round trip", () -> one.transport.rttMicros(2) > 0 && two.transport.rttMicros(1) > 0);
            assertThat(one.transport.clockOffsetMs(2).getAsLong()).isBetween(aheadMs - 100, aheadMs + 100);
            assertThat(two.transport.clockOffsetMs(1).getAsLong()).isBetween(-aheadMs - 100, -aheadMs + 100);
            two.transport.send(1, 1, new Message.Fetch(1));
            await("it came", () -> one.got.size() == 1);
            assertThat(one.clock.next())
                    .isGreaterThan(io.atlasdb.node.clock.HybridClock.of(System.currentTimeMillis() + aheadMs / 2));
        }
    }

    @Test
    void aClockThatIsFarAheadIsNotFollowed() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = new TestPeer(
                        2,
                        0,
                        TestPeer.CLUSTER,
                        TestPeer.SECRET,
                        () -> System.currentTimeMillis() + 10_000,
                        options -> options)) {
            TestPeer.acquaint(one, two);
            TestPeer.awaitConnected(one, two);

            two.transport.send(1, 1, new Message.Fetch(1));

            await("it is refused", () -> one.metric("atlas_transport_clock_refusals_total") == 1);
            assertThat(one.got).isEmpty();
            assertThat(one.clock.next())
                    .isLessThan(io.atlasdb.node.clock.HybridClock.of(System.currentTimeMillis() + 5_000));
            await("its offset is known", () -> one.transport.clockOffsetMs(2).orElse(0) > 9_000);
            one.transport.send(2, 1, new Message.Fetch(1));
            await("the other way is open", () -> two.got.size() == 1);
        }
    }

    @Test
    void emulatedDistancesAreKept() {
        long oneWayMs = 40;
        Delays delays = (from, to) -> oneWayMs * 1_000_000;
        try (TestPeer one = TestPeer.start(1, 0, TestPeer.CLUSTER, TestPeer.SECRET, o -> o.withDelays(delays));
                TestPeer two = TestPeer.start(2, 0, TestPeer.CLUSTER, TestPeer.SECRET, o -> o.withDelays(delays))) {
            TestPeer.acquaint(one, two);
            TestPeer.awaitConnected(one, two);
            two.transport.serve(
                    io.atlasdb.node.replica.Link.Service.OWNER,
                    (from, request) -> java.util.concurrent.CompletableFuture.completedFuture(request));

            long begin = System.nanoTime();
            one.transport.send(2, 1, new Message.Fetch(1));
            one.transport.send(2, 1, new Message.Fetch(2));
            await("they came", () -> two.got.size() == 2);
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(oneWayMs * 1_000_000);

            begin = System.nanoTime();
            one.transport
                    .call(2, io.atlasdb.node.replica.Link.Service.OWNER, new byte[1], 10_000)
                    .join();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(2 * oneWayMs * 1_000_000);
            await("the round trip is seen", () -> one.transport.rttMicros(2) >= 2 * oneWayMs * 1_000);
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        try (TestPeer one = TestPeer.start(1)) {
            assertThatThrownBy(() -> TestPeer.start(2, one.transport.port(), TestPeer.CLUSTER, "x", o -> o))
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANNOT_START))
                    .hasMessageContaining("127.0.0.1:" + one.transport.port());
        }
    }
}
