package io.atlasdb.node.transport;

import static io.atlasdb.node.transport.TestPeer.CLUSTER;
import static io.atlasdb.node.transport.TestPeer.SECRET;
import static io.atlasdb.node.transport.TestPeer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links that are cut, held and slow, by a proxy in between. */
@Timeout(60)
class BadLinksTest {
    private static final Timings IMPATIENT = new Timings(20, 300, 1_000, 10, 100, 500);

    private final TestPeer one = TestPeer.start(1, 0, CLUSTER, SECRET, options -> options.withTimings(IMPATIENT));
    private final TestPeer two = TestPeer.start(2);
    private final CuttableProxy proxy = new CuttableProxy("127.0.0.1", two.transport.port());

    BadLinksTest() {
        one.transport.setPeer(2, "127.0.0.1", proxy.port());
        await("connected", () -> one.transport.isConnected(2));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        proxy.close();
    }

    @Test
    void aCutLinkIsSeenAndTakenUpAgain() {
        for (int round = 0; round < 5; round++) {
            proxy.cut();
            await("seen", () -> !one.transport.isConnected(2));
            proxy.mend();
            await("taken up", () -> one.transport.isConnected(2));
            int before = two.got.size();
            one.transport.send(2, 1, new Message.Fetch(round));
            await("used", () -> two.got.size() > before);
        }
    }

    @Test
    void aLinkThatIsSilentOneWayIsGivenUp() {
        proxy.hold(CuttableProxy.Way.BACK);

        await("seen", () -> !one.transport.isConnected(2));

        proxy.mend();
        await("taken up", () -> one.transport.isConnected(2));
    }

    @Test
    void aSlowLinkShowsInTheRoundTrip() {
        proxy.slow(30);

        await("measured", () -> one.transport.rttMicros(2) > 40_000);
        assertThat(one.transport.isConnected(2)).isTrue();
    }

    @Test
    void aReceiverThatDoesNotKeepUpCostsBoundedMemory() {
        try (TestPeer patient = TestPeer.start(3)) {
            patient.transport.setPeer(2, "127.0.0.1", proxy.port());
            await("connected", () -> patient.transport.isConnected(2));
            proxy.hold(CuttableProxy.Way.FORTH);
            Message.Accept large = new Message.Accept(
                    new Ballot(1, 0, 3, 0),
                    Hash.ZERO,
                    List.of(RandomMessages.entry(
                            RandomGeneratorFactory.of("L64X128MixRandom").create(1), 1 << 20)),
                    0,
                    0,
                    0);

            int sent = 300;
            for (int i = 0; i < sent; i++) {
                patient.transport.send(2, i, large);
            }

            double dropped = patient.metric("atlas_transport_dropped_messages_total{class=\"log\"}");
            double waiting = patient.metric("atlas_transport_queue_messages{class=\"log\",peer=\"2\"}");
            // 64 MiB wait at most, and a window's worth is with the connection.
            assertThat(waiting).isLessThanOrEqualTo(64);
            assertThat(dropped).isGreaterThanOrEqualTo(sent - 64 - 16);
            proxy.mend();
            await("the rest comes", () -> two.got.size() == sent - dropped);
        }
    }
}
