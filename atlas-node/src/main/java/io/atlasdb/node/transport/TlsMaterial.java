package io.atlasdb.node.transport;

import io.atlasdb.node.transport.CertificateMaker.Identity;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that this node shows and trusts, which may change while it runs. Connections that stand keep what they
 * began with.
 */
final class TlsMaterial {
    private static final Logger LOG = LoggerFactory.getLogger(TlsMaterial.class);
    private static final Duration RENEW_BEFORE = Duration.ofDays(365);
    private static final String AUTHORITY = "authority.pem";
    private static final String AUTHORITY_KEY = "authority-key.pem";
    private static final String CERTIFICATE = "node.pem";
    private static final String KEY = "node-key.pem";

    private final Security security;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;
    private final SslContext server;
    private final SslContext client;
    private final SslContext stranger;
    private final Throttle throttle = new Throttle();
    private @Nullable Identity authority;
    private Instant expiry = Instant.MAX;
    private @Nullable X509Certificate shown;
    private String stamp = "";

    /** Reads the files, or makes them. */
    static TlsMaterial open(Security security) throws IOException, GeneralSecurityException {
        TlsMaterial material = new TlsMaterial(security);
        if (security instanceof Security.Files files) {
            material.load(files);
        } else if (security instanceof Security.OwnAuthority own) {
            material.open(own);
        }
        return material;
    }

    private TlsMaterial(Security security) throws IOException, GeneralSecurityException {
        this.security = security;
        boolean own = security instanceof Security.OwnAuthority;
        trust = AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(
                        // Whatever the cluster's own authority signed is a member; the proof tells which one.
                        own
                                ? Verification.CERTIFICATE_ONLY_VERIFICATION
                                : Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                .build();
        server = GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
                .trustManager(trust)
                // A node that joins has no certificate yet.
                .clientAuth(own ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE)
                .build();
        client = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .keyManager(keys)
                .trustManager(trust)
                .endpointIdentificationAlgorithm(own ? null : "HTTPS")
                .build();
        stranger = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
    }

    SslContext server() {
        return server;
    }

    /**
     * For dialing. Before this node has the authority of its cluster, any certificate will do: the proof of the secret covers
     * the certificate that was shown.
     */
    SslContext client() {
        return isEnrolled() ? client : stranger;
    }

    /** Whether this node has an authority to trust. */
    synchronized boolean isEnrolled() {
        return security instanceof Security.Files || authority != null;
    }

    /** The authority to hand to a node that joins; null when the operator hands out certificates. */
    synchronized @Nullable Identity authority() {
        return authority;
    }

    /** The certificate that this node shows. */
    synchronized @Nullable X509Certificate shown() {
        return shown;
    }

    private void show(PrivateKey key, X509Certificate... chain) {
        keys.updateIdentityCredentials(chain, key);
        shown = chain[0];
    }

    private synchronized void open(Security.OwnAuthority own) throws IOException, GeneralSecurityException {
        Path folder = Files.createDirectories(own.folder());
        if (Files.exists(folder.resolve(AUTHORITY_KEY))) {
            X509Certificate certificate = Pem.certificates(Pem.read(folder.resolve(AUTHORITY)))[0];
            enroll(own, new Identity(certificate, Pem.key(Pem.read(folder.resolve(AUTHORITY_KEY)))));
        } else if (own.founds()) {
            Identity made = CertificateMaker.authority();
            save(own, made);
            enroll(own, made);
        } else {
            // Nobody trusts it, and nobody dials this node before it has joined; but a server needs one to start with.
            Identity passing = CertificateMaker.node(CertificateMaker.authority());
            show(passing.key(), passing.certificate());
        }
    }

    /** Takes the authority of the cluster, as a member handed it over. */
    synchronized void enroll(String certificate, String key) throws IOException, GeneralSecurityException {
        if (security instanceof Security.OwnAuthority own) {
            Identity given = new Identity(Pem.certificates(certificate)[0], Pem.key(key));
            save(own, given);
            enroll(own, given);
        }
    }

    /** The key last: who has it has both. */
    private static void save(Security.OwnAuthority own, Identity authority) throws IOException {
        Pem.write(own.folder().resolve(AUTHORITY), Pem.certificate(authority.certificate()));
        Pem.write(own.folder().resolve(AUTHORITY_KEY), Pem.key(authority.key()));
    }

    private void enroll(Security.OwnAuthority own, Identity given) throws IOException, GeneralSecurityException {
        Path file = own.folder().resolve(CERTIFICATE);
        Path keyFile = own.folder().resolve(KEY);
        Identity node = null;
        if (Files.exists(keyFile)) {
            node = new Identity(Pem.certificates(Pem.read(file))[0], Pem.key(Pem.read(keyFile)));
        }
        if (node == null || !isGood(node.certificate(), given.certificate())) {
            node = CertificateMaker.node(given);
            Pem.write(file, Pem.certificate(node.certificate()));
            Pem.write(keyFile, Pem.key(node.key()));
        }
        trust.updateTrustCredentials(new X509Certificate[] {given.certificate()});
        show(node.key(), node.certificate());
        expiry = node.certificate().getNotAfter().toInstant();
        authority = given;
    }

    private static boolean isGood(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return Instant.now()
                    .plus(RENEW_BEFORE)
                    .isBefore(certificate.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Takes what the operator has changed, or renews the own certificate in time. What cannot be read changes nothing. */
    synchronized void refresh() {
        try {
            if (security instanceof Security.Files files && !stamp.equals(stamp(files))) {
                load(files);
                LOG.info("took the new certificates of {}", files.certificate());
            } else if (security instanceof Security.OwnAuthority own
                    && authority != null
                    && Instant.now().plus(RENEW_BEFORE).isAfter(expiry)) {
                enroll(own, authority);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            if (throttle.allows("refresh")) {
                LOG.error("the certificates cannot be renewed, those before stay in force: {}", e.toString());
            }
        }
    }

    private synchronized void load(Security.Files files) throws IOException, GeneralSecurityException {
        String now = stamp(files);
        X509Certificate[] authorities = Pem.certificates(Pem.read(files.authorities()));
        X509Certificate[] chain = Pem.certificates(Pem.read(files.certificate()));
        PrivateKey key = Pem.key(Pem.read(files.key()));
        trust.updateTrustCredentials(authorities);
        show(key, chain);
        stamp = now;
    }

    private static String stamp(Security.Files files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : new Path[] {files.certificate(), files.key(), files.authorities()}) {
            text.append(Files.getLastModifiedTime(file).toMillis())
                    .append(' ')
                    .append(Files.size(file))
                    .append(' ');
        }
        return text.toString();
    }
}
