package io.atlasdb.node.transport;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the certificates of a cluster that has no authority but its own (RFC 5280): ECDSA over P-256. */
final class CertificateMaker {
    /** Longer than a cluster is likely to live with one authority. */
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(20 * 365);

    /** Renewed long before. */
    static final Duration NODE_LIFE = Duration.ofDays(2 * 365);

    /** Clocks of nodes differ. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final X500Principal AUTHORITY = new X500Principal("CN=Atlas cluster authority");
    private static final X500Principal NODE = new X500Principal("CN=Atlas node");
    private static final int SERIAL_BITS = 120;

    /** A certificate and the key that belongs to it. */
    record Identity(X509Certificate certificate, PrivateKey key) {}

    private CertificateMaker() {}

    static Identity authority() throws GeneralSecurityException {
        KeyPair keys = keys();
        return new Identity(
                sign(AUTHORITY, keys.getPublic(), AUTHORITY, keys.getPrivate(), AUTHORITY_LIFE, true),
                keys.getPrivate());
    }

    /**
     * A node's certificate, for both ends of a connection.
     *
     * @param hosts names and IPv4 addresses that it stands for; members of the own authority need none
     */
    static Identity node(Identity authority, String... hosts) throws GeneralSecurityException {
        KeyPair keys = keys();
        return new Identity(
                sign(NODE, keys.getPublic(), AUTHORITY, authority.key(), NODE_LIFE, false, hosts), keys.getPrivate());
    }

    private static GeneralNames names(String... hosts) {
        GeneralName[] names = new GeneralName[hosts.length];
        for (int i = 0; i < hosts.length; i++) {
            boolean isAddress = hosts[i].matches("[0-9.]+");
            names[i] = new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, hosts[i]);
        }
        return new GeneralNames(names);
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(
            X500Principal subject,
            PublicKey key,
            X500Principal issuer,
            PrivateKey issuerKey,
            Duration life,
            boolean isAuthority,
            String... hosts)
            throws GeneralSecurityException {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, new SecureRandom()),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)),
                subject,
                key);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            int usage = isAuthority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (!isAuthority) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }));
            }
            if (hosts.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
        } catch (CertIOException | OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
