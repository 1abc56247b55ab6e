package io.atlasdb.node.transport;

import io.atlasdb.node.transport.CertificateMaker.Identity;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the client port shows; it may change while the node runs, and connections that stand keep theirs. Either
 * files of the operator, or one by the cluster's own authority, made here, whose {@code authority.pem} clients are given.
 */
public final class ClientCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCertificate.class);
    private static final Duration RENEW_BEFORE = Duration.ofDays(365);
    private static final String AUTHORITY = "authority.pem";
    private static final String AUTHORITY_KEY = "authority-key.pem";

    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final Throttle throttle = new Throttle();
    private final Source source;
    private String stamp = "";
    private Instant expiry = Instant.MAX;

    /** Where the certificate comes from. */
    private sealed interface Source {
        record OfFiles(Path certificate, Path key) implements Source {}

        @SuppressWarnings("ArrayRecordComponent")
        record Own(Path folder, String[] hosts) implements Source {}
    }

    private ClientCertificate(Source source) {
        this.source = source;
    }

    /**
     * By files, PEM; looked at again by {@link #refresh}.
     *
     * @throws IOException when they cannot be read or do not hold what they should
     */
    public static ClientCertificate files(Path certificate, Path key) throws IOException {
        return open(new Source.OfFiles(certificate, key));
    }

    /**
     * By the authority that stands in a folder, which is made when it is not there.
     *
     * @param hosts names and IPv4 addresses that clients dial
     */
    public static ClientCertificate own(Path folder, String... hosts) throws IOException {
        return open(new Source.Own(folder, hosts.clone()));
    }

    private static ClientCertificate open(Source source) throws IOException {
        ClientCertificate certificate = new ClientCertificate(source);
        try {
            certificate.load();
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate for clients cannot be used: " + e.getMessage(), e);
        }
        return certificate;
    }

    /** What TLS asks for certificate and key. */
    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    /** Takes what has changed, or renews the own certificate in time. What cannot be read changes nothing. */
    public synchronized void refresh() {
        try {
            boolean changed = source instanceof Source.OfFiles files && !stamp.equals(stamp(files));
            if (changed || Instant.now().plus(RENEW_BEFORE).isAfter(expiry)) {
                load();
                LOG.info("took a new certificate for clients");
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            if (throttle.allows("refresh")) {
                LOG.error("the certificate for clients cannot be renewed, the one before stays: {}", e.toString());
            }
        }
    }

    private synchronized void load() throws IOException, GeneralSecurityException {
        if (source instanceof Source.OfFiles files) {
            String now = stamp(files);
            X509Certificate[] chain = Pem.certificates(Pem.read(files.certificate()));
            keys.updateIdentityCredentials(chain, Pem.key(Pem.read(files.key())));
            stamp = now;
        } else if (source instanceof Source.Own own) {
            Identity authority = authority(own.folder());
            // The key stays in memory: a new certificate at each start costs nothing and is one file less to guard.
            Identity made = CertificateMaker.node(authority, own.hosts());
            keys.updateIdentityCredentials(
                    new X509Certificate[] {made.certificate(), authority.certificate()}, made.key());
            expiry = made.certificate().getNotAfter().toInstant();
        }
    }

    private static Identity authority(Path folder) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        Path file = folder.resolve(AUTHORITY);
        Path keyFile = folder.resolve(AUTHORITY_KEY);
        Identity found = Files.exists(keyFile)
                ? new Identity(Pem.certificates(Pem.read(file))[0], Pem.key(Pem.read(keyFile)))
                : null;
        return found == null ? made(file, keyFile) : found;
    }

    private static Identity made(Path file, Path keyFile) throws IOException, GeneralSecurityException {
        Identity authority = CertificateMaker.authority();
        Pem.write(file, Pem.certificate(authority.certificate()));
        // The key last: who has it has both.
        Pem.write(keyFile, Pem.key(authority.key()));
        return authority;
    }

    private static String stamp(Source.OfFiles files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : new Path[] {files.certificate(), files.key()}) {
            text.append(Files.getLastModifiedTime(file).toMillis())
                    .append(' ')
                    .append(Files.size(file))
                    .append(' ');
        }
        return text.toString();
    }
}
