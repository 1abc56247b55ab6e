package io.atlasdb.node.transport;

import static io.atlasdb.node.transport.TestPeer.CLUSTER;
import static io.atlasdb.node.transport.TestPeer.SECRET;
import static io.atlasdb.node.transport.TestPeer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.node.replica.Link.Service;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.peer.Greeting;
import io.atlasdb.proto.peer.Welcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections under TLS, by an authority of the cluster's own and by files of the operator. */
@Timeout(60)
class TlsTest {
    private static final byte[] REQUEST = {1, 2, 3};

    @TempDir
    Path folder;

    private TestPeer founder() {
        return peer(1, CLUSTER, SECRET, new Security.OwnAuthority(folder.resolve("1"), true));
    }

    private static TestPeer peer(int node, String cluster, String secret, Security security) {
        return TestPeer.start(node, 0, cluster, secret, options -> options.withSecurity(security));
    }

    private static void assertTalk(TestPeer one, TestPeer two) {
        TestPeer.acquaint(one, two);
        TestPeer.awaitConnected(one, two);
        one.transport.send(two.node, 1, new Message.Fetch(1));
        two.transport.send(one.node, 1, new Message.Fetch(2));
        await("messages both ways", () -> !one.got.isEmpty() && !two.got.isEmpty());
    }

    @Test
    void aJoiningNodeIsGivenTheAuthorityAndKeepsIt() throws Exception {
        try (TestPeer founder = founder()) {
            founder.transport.serve(Service.CLUSTER, (from, request) -> CompletableFuture.completedFuture(request));
            Security joins = new Security.OwnAuthority(folder.resolve("2"), false);
            try (TestPeer joining = peer(0, "", SECRET, joins)) {
                assertThat(joining.transport
                                .callAddress("127.0.0.1", founder.transport.port(), Service.CLUSTER, REQUEST, 20_000)
                                .join())
                        .isEqualTo(REQUEST);
                assertThat(folder.resolve("2/authority.pem"))
                        .hasSameTextualContentAs(folder.resolve("1/authority.pem"));
                assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("2/authority-key.pem"))))
                        .isEqualTo("rw-------");

                joining.transport.identify(2, CLUSTER);
                founder.transport.setPeer(2, "127.0.0.1", joining.transport.port());
                joining.transport.setPeer(1, "127.0.0.1", founder.transport.port());
                await("connected", () -> joining.transport.isConnected(1) && founder.transport.isConnected(2));
            }
            try (TestPeer again = peer(2, CLUSTER, SECRET, joins)) {
                assertTalk(founder, again);
            }
        }
    }

    @Test
    void aJoiningNodeWithAnotherSecretIsGivenNothing() {
        try (TestPeer founder = founder();
                TestPeer joining = peer(0, "", "guess", new Security.OwnAuthority(folder.resolve("2"), false))) {
            assertThatThrownBy(() -> joining.transport
                            .callAddress("127.0.0.1", founder.transport.port(), Service.CLUSTER, REQUEST, 20_000)
                            .join())
                    .hasMessageContaining("does not hold the same credentials");
            assertThat(folder.resolve("2/authority.pem")).doesNotExist();
        }
    }

    @Test
    void aProofIsOfNoUseUnderAnotherCertificate() {
        Greeting greeting = Greeting.newBuilder().setNonce(Handshake.nonce()).build();
        Welcome welcome =
                Welcome.newBuilder().setNode(1).setNonce(Handshake.nonce()).build();

        assertThat(Handshake.proof(SECRET, Handshake.Side.SERVER, greeting, welcome, new byte[] {1}))
                .isEqualTo(Handshake.proof(SECRET, Handshake.Side.SERVER, greeting, welcome, new byte[] {1}))
                .isNotEqualTo(Handshake.proof(SECRET, Handshake.Side.SERVER, greeting, welcome, new byte[] {2}))
                .isNotEqualTo(Handshake.proof(SECRET, Handshake.Side.CLIENT, greeting, welcome, new byte[] {1}));
    }

    @Test
    void aMemberOfAnotherAuthorityIsNotTrusted() {
        try (TestPeer one = founder();
                TestPeer other = peer(2, CLUSTER, SECRET, new Security.OwnAuthority(folder.resolve("2"), true))) {
            one.transport.setPeer(2, "127.0.0.1", other.transport.port());

            assertThatThrownBy(() -> one.transport
                            .call(2, Service.OWNER, REQUEST, 20_000)
                            .join())
                    .hasMessageContaining("node 2 cannot be reached: its certificate is not trusted here");
            assertThat(one.transport.isConnected(2)).isFalse();
        }
    }

    @Test
    void plainTextDoesNotGetIn() {
        try (TestPeer one = founder();
                TestPeer plain = TestPeer.start(2)) {
            plain.transport.setPeer(1, "127.0.0.1", one.transport.port());

            assertThatThrownBy(() -> plain.transport
                            .call(1, Service.OWNER, REQUEST, 5_000)
                            .join())
                    .isInstanceOf(RuntimeException.class);
            assertThat(plain.transport.isConnected(1)).isFalse();
        }
    }

    @Test
    void plainTextOffLoopbackHasToBeAskedFor() {
        TransportOptions options = TransportOptions.of(
                1, CLUSTER, SECRET, "0.0.0.0", 0, new HybridClock(System::currentTimeMillis), new Metrics());

        assertThatThrownBy(() -> GrpcTransport.start(options))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANNOT_START))
                .hasMessageContaining("development_mode");
    }

    @Test
    void filesOfTheOperatorAreUsedAndFollowed() throws Exception {
        CertificateMaker.Identity authority = CertificateMaker.authority();
        Security.Files files = operatorFiles("a", authority);
        try (TestPeer one = peer(1, CLUSTER, SECRET, files);
                TestPeer two = peer(2, CLUSTER, SECRET, operatorFiles("b", authority))) {
            assertTalk(one, two);
        }

        TlsMaterial material = TlsMaterial.open(files);
        Files.writeString(files.certificate(), "nonsense");
        material.refresh();
        CertificateMaker.Identity next = CertificateMaker.node(authority, "localhost", "127.0.0.1");
        Pem.write(files.key(), Pem.key(next.key()));
        Pem.write(files.certificate(), Pem.certificate(next.certificate()));
        Files.setLastModifiedTime(files.certificate(), FileTime.fromMillis(System.currentTimeMillis() + 60_000));
        material.refresh();
        assertThat(material.shown()).isEqualTo(next.certificate());
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        Security.Files files = operatorFiles("a", CertificateMaker.authority());
        Files.delete(files.key());

        assertThatThrownBy(() -> peer(1, CLUSTER, SECRET, files))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANNOT_START))
                .hasMessageContaining(files.key().toString());
    }

    private Security.Files operatorFiles(String name, CertificateMaker.Identity authority) throws Exception {
        CertificateMaker.Identity node = CertificateMaker.node(authority, "localhost", "127.0.0.1");
        Security.Files files = new Security.Files(
                file(name + ".pem", Pem.certificate(node.certificate())),
                file(name + "-key.pem", Pem.key(node.key())),
                file(name + "-authorities.pem", Pem.certificate(authority.certificate())));
        return files;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
