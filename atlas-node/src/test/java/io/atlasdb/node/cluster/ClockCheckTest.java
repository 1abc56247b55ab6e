package io.atlasdb.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.config.Address;
import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.AtlasException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clocks that are far off. */
class ClockCheckTest {
    /** Peers whose clocks are ahead by so much, and a member whose clock says {@code wallMs}. */
    private record Fake(Map<Integer, Long> offsetsMs, long wallMs) implements Peers {
        @Override
        public void identify(int node, String cluster) {}

        @Override
        public void setPeer(int node, String host, int port) {}

        @Override
        public void removePeer(int node) {}

        @Override
        public CompletableFuture<byte[]> callAddress(
                String host, int port, Link.Service service, byte[] request, long timeoutMs) {
            return CompletableFuture.completedFuture(
                    ByteBuffer.allocate(8).putLong(wallMs).array());
        }

        @Override
        public OptionalLong clockOffsetMs(int node) {
            Long offset = offsetsMs.get(node);
            return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0, 0, true",
        "2, 499, -499, true",
        "2, 600, 0, true", // one of two others: that one is wrong
        "2, 600, 700, false", // both others
        "1, -900, -800, false",
        "1, 900, , true", // of two nodes the first goes on,
        "2, 900, , false", // and the second yields
        "2, , , true"
    })
    void aNodeWhoseClockDiffersFromMostOwnsNothing(int self, Long first, Long second, boolean well) {
        java.util.TreeMap<Integer, Long> offsets = new java.util.TreeMap<>();
        int[] others = {self == 1 ? 2 : 1, 3};
        if (first != null) {
            offsets.put(others[0], first);
        }
        if (second != null) {
            offsets.put(others[1], second);
        }
        String complaint = ClockCheck.complaint(self, List.of(1, 2, 3), new Fake(offsets, 0), 500);
        if (well) {
            assertThat(complaint).isNull();
        } else {
            assertThat(complaint).contains("the clock of this node differs from node " + others[0] + " by");
        }
    }

    @ParameterizedTest
    @CsvSource({"10_000, 9_000, ahead of that of", "10_000, 12_000, behind that of"})
    void aNodeWhoseClockIsFarOffDoesNotJoin(String own, String member, String where) {
        long ownMs = Long.parseLong(own.replace("_", ""));
        long memberMs = Long.parseLong(member.replace("_", ""));
        Joining joining = new Joining(new Fake(Map.of(), memberMs), () -> ownMs, 500);
        assertThatThrownBy(() -> joining.join(List.of(new Address("a", 1)), "uuid", "eu", new Address("b", 2), 1_000))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining(Math.abs(ownMs - memberMs) + " ms " + where)
                .hasMessageContaining("set the time");
    }
}
