package io.atlasdb.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.transport.CertificateMaker.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCertificateTest {
    @TempDir
    Path folder;

    private Path certificate() {
        return folder.resolve("server.pem");
    }

    private Path key() {
        return folder.resolve("server-key.pem");
    }

    private X509Certificate write(long seconds) throws Exception {
        Identity made = CertificateMaker.node(CertificateMaker.authority(), "db.example");
        Pem.write(certificate(), Pem.certificate(made.certificate()));
        Pem.write(key(), Pem.key(made.key()));
        Files.setLastModifiedTime(certificate(), FileTime.fromMillis(seconds * 1_000));
        return made.certificate();
    }

    private static X509Certificate shown(ClientCertificate certificate) {
        String alias = certificate.keyManager().chooseServerAlias("EC", null, null);
        return certificate.keyManager().getCertificateChain(alias)[0];
    }

    @Test
    void newFilesAreTakenAndBadOnesAreNot() throws Exception {
        X509Certificate first = write(1_000);
        ClientCertificate certificate = ClientCertificate.files(certificate(), key());
        assertThat(shown(certificate)).isEqualTo(first);
        X509Certificate second = write(2_000);
        certificate.refresh();
        assertThat(shown(certificate)).isEqualTo(second);
        Files.writeString(certificate(), "no certificate");
        certificate.refresh();
        assertThat(shown(certificate)).isEqualTo(second);
        assertThatThrownBy(() -> ClientCertificate.files(certificate(), key())).isInstanceOf(IOException.class);
    }

    @Test
    void theAuthorityOfAFolderStays() throws Exception {
        ClientCertificate one = ClientCertificate.own(folder, "localhost");
        ClientCertificate two = ClientCertificate.own(folder, "localhost");
        X509Certificate authority = Pem.certificates(Pem.read(folder.resolve("authority.pem")))[0];
        shown(one).verify(authority.getPublicKey());
        shown(two).verify(authority.getPublicKey());
        assertThat(shown(one)).isNotEqualTo(shown(two));
    }
}
