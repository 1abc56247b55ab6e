package io.atlasdb.node.transport;

import static io.atlasdb.node.transport.TestPeer.CLUSTER;
import static io.atlasdb.node.transport.TestPeer.SECRET;
import static io.atlasdb.node.transport.TestPeer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.replica.Link.Service;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.peer.Frame;
import io.atlasdb.proto.peer.Greeting;
import io.atlasdb.proto.peer.PeerGrpc;
import io.atlasdb.proto.peer.Proof;
import io.atlasdb.proto.peer.Reply;
import io.atlasdb.proto.peer.Verdict;
import io.atlasdb.proto.peer.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may talk to whom. */
@Timeout(60)
class AdmissionTest {
    private static final byte[] REQUEST = {1, 2, 3};

    private static void assertTurnedAway(TestPeer from, TestPeer to, String why) {
        from.transport.setPeer(to.node, "127.0.0.1", to.transport.port());
        assertThatThrownBy(() -> from.transport
                        .call(to.node, Service.OWNER, REQUEST, 20_000)
                        .join())
                .cause()
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE))
                .hasMessageContaining(why);
        assertThat(from.transport.isConnected(to.node)).isFalse();
        assertThat(from.metric("atlas_transport_refused_connections_total")).isPositive();
        await("the other side counts it too", () -> to.metric("atlas_transport_refused_connections_total") > 0);
        from.transport.send(to.node, 1, new Message.Fetch(1));
        assertThat(to.got).isEmpty();
    }

    @Test
    void anotherSecretIsRefusedByBothSides() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2, 0, CLUSTER, "another secret", UnaryOperator.identity())) {
            assertTurnedAway(one, two, "node 2 does not hold the same credentials");
        }
    }

    @Test
    void anotherClusterIsRefused() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2, 0, "cluster-2", SECRET, UnaryOperator.identity())) {
            assertTurnedAway(one, two, "node 2 belongs to cluster cluster-2, not to cluster-1");
        }
    }

    @Test
    void anotherNodeAtTheAddressIsRefused() {
        try (TestPeer one = TestPeer.start(1);
                TestPeer two = TestPeer.start(2)) {
            one.transport.setPeer(3, "127.0.0.1", two.transport.port());

            assertThatThrownBy(() -> one.transport
                            .call(3, Service.OWNER, REQUEST, 20_000)
                            .join())
                    .hasMessageContaining("node 2 is here, not node 3");
        }
    }

    @Test
    void aNodeWithoutANumberReachesTheClusterByAddressOnly() {
        try (TestPeer member = TestPeer.start(1);
                TestPeer joining = TestPeer.start(0, 0, "", SECRET, UnaryOperator.identity())) {
            member.transport.serve(Service.CLUSTER, (from, request) -> {
                assertThat(from).isZero();
                return CompletableFuture.completedFuture(request);
            });
            member.transport.serve(Service.OWNER, (from, request) -> CompletableFuture.completedFuture(request));
            int port = member.transport.port();

            assertThat(joining.transport
                            .callAddress("127.0.0.1", port, Service.CLUSTER, REQUEST, 20_000)
                            .join())
                    .isEqualTo(REQUEST);
            assertThatThrownBy(() -> joining.transport
                            .callAddress("127.0.0.1", port, Service.OWNER, REQUEST, 20_000)
                            .join())
                    .hasMessageContaining("has to join before");

            joining.transport.identify(7, CLUSTER);
            joining.transport.setPeer(1, "127.0.0.1", port);
            member.transport.setPeer(7, "127.0.0.1", joining.transport.port());
            await("it is a member", () -> member.transport.isConnected(7) && joining.transport.isConnected(1));
            joining.transport.send(1, 3, new Message.Fetch(4));
            await("its messages come", () -> member.got.contains(new TestPeer.Got(7, 3, new Message.Fetch(4))));
        }
    }

    @Test
    void joiningWithAnotherSecretIsRefusedWithTheReason() {
        try (TestPeer member = TestPeer.start(1);
                TestPeer joining = TestPeer.start(0, 0, "", "guess", UnaryOperator.identity())) {
            assertThatThrownBy(() -> joining.transport
                            .callAddress("127.0.0.1", member.transport.port(), Service.CLUSTER, REQUEST, 20_000)
                            .join())
                    .hasMessageContaining("does not hold the same credentials");
            assertThatThrownBy(() -> joining.transport
                            .callAddress("127.0.0.1", 1, Service.CLUSTER, REQUEST, 20_000)
                            .join())
                    .hasMessageContaining("node 127.0.0.1:1 cannot be reached")
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void nothingIsServedBeforeTheProof() throws Exception {
        try (TestPeer one = TestPeer.start(1)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", one.transport.port())
                    .usePlaintext()
                    .build();
            try {
                assertThat(streamEnds(channel)).isEqualTo(Status.Code.UNAUTHENTICATED);

                PeerGrpc.PeerBlockingStub stub = PeerGrpc.newBlockingStub(channel);
                Greeting greeting = Greeting.newBuilder()
                        .setVersion(1)
                        .setVersionMin(1)
                        .setCluster(CLUSTER)
                        .setNode(2)
                        .setNonce(Handshake.nonce())
                        .build();
                Welcome welcome = stub.greet(greeting);
                assertThat(streamEnds(channel)).as("greeted only").isEqualTo(Status.Code.UNAUTHENTICATED);

                // The server's own proof, sent back to it, is not the client's.
                Verdict verdict = stub.prove(
                        Proof.newBuilder().setProof(welcome.getProof()).build());
                assertThat(verdict.getRefusal().getReason()).contains("credentials");
                assertThat(streamEnds(channel)).isEqualTo(Status.Code.UNAUTHENTICATED);

                // A proof counts for the greeting it was made for, once.
                Proof proof = Proof.newBuilder()
                        .setProof(Handshake.proof(SECRET, Handshake.Side.CLIENT, greeting, welcome, new byte[0]))
                        .build();
                assertThat(stub.prove(proof).getRefusal().getReason()).contains("a greeting comes first");
            } finally {
                channel.shutdownNow();
            }
            assertThat(one.got).isEmpty();
        }
    }

    @Test
    void aNewerVersionThatStillSpeaksOursIsTakenAndOthersAreNot() {
        try (TestPeer one = TestPeer.start(1)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", one.transport.port())
                    .usePlaintext()
                    .build();
            try {
                PeerGrpc.PeerBlockingStub stub = PeerGrpc.newBlockingStub(channel);
                Greeting newer = Greeting.newBuilder()
                        .setVersion(2)
                        .setVersionMin(1)
                        .setNonce(Handshake.nonce())
                        .build();
                assertThat(stub.greet(newer).getVersion()).isEqualTo(1);
                assertThat(stub.greet(newer.toBuilder().setVersionMin(2).build())
                                .getRefusal()
                                .getReason())
                        .isEqualTo("versions 2 to 2 of the protocol are spoken there, 1 to 1 here");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static Status.Code streamEnds(ManagedChannel channel) throws Exception {
        CompletableFuture<Status.Code> end = new CompletableFuture<>();
        StreamObserver<Frame> frames = PeerGrpc.newStub(channel).control(new StreamObserver<Reply>() {
            @Override
            public void onNext(Reply reply) {}

            @Override
            public void onError(Throwable error) {
                end.complete(Status.fromThrowable(error).getCode());
            }

            @Override
            public void onCompleted() {
                end.complete(Status.Code.OK);
            }
        });
        frames.onNext(Frame.newBuilder()
                .addMessages(MessageCodec.encode(1, new Message.Fetch(1)))
                .build());
        return end.get(20, TimeUnit.SECONDS);
    }
}
