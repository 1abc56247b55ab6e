package io.atlasdb.node.transport;

import com.google.protobuf.ByteString;
import io.atlasdb.proto.peer.Greeting;
import io.atlasdb.proto.peer.Welcome;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The proof that both ends of a connection hold the secret of the cluster: HMAC-SHA256 (RFC 2104) by the secret over all that
 * they told each other, a fresh number of each side, who proves it, and the certificate that the server showed. So a proof is
 * of no use on another connection, in the other direction, or to somebody in the middle with a certificate of his own.
 */
final class Handshake {
    /** The version of the protocol that this node speaks. */
    static final int VERSION = 1;

    static final int VERSION_MIN = 1;

    private static final int NONCE_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Who proves. */
    enum Side {
        CLIENT,
        SERVER
    }

    private Handshake() {}

    static ByteString nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return ByteString.copyFrom(nonce);
    }

    /**
     * The proof of one side.
     *
     * @param welcome the proof in it is not looked at
     * @param certificate SHA-256 of the server's certificate; empty on plain text
     */
    static ByteString proof(String secret, Side side, Greeting greeting, Welcome welcome, byte[] certificate) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(("atlas peer " + secret).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            add(mac, side.name().getBytes(StandardCharsets.US_ASCII));
            // Re-encoded from known fields, so that both sides see the same bytes whatever a newer version adds.
            number(mac, greeting.getVersion());
            number(mac, greeting.getVersionMin());
            number(mac, welcome.getVersion());
            add(mac, greeting.getCluster().getBytes(StandardCharsets.UTF_8));
            add(mac, welcome.getCluster().getBytes(StandardCharsets.UTF_8));
            number(mac, greeting.getNode());
            number(mac, greeting.getTo());
            number(mac, welcome.getNode());
            add(mac, greeting.getNonce().toByteArray());
            add(mac, welcome.getNonce().toByteArray());
            add(mac, certificate);
            return ByteString.copyFrom(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA256", e);
        }
    }

    /** Compares in constant time. */
    static boolean same(ByteString one, ByteString other) {
        return MessageDigest.isEqual(one.toByteArray(), other.toByteArray());
    }

    static boolean isNonce(ByteString bytes) {
        return bytes.size() == NONCE_BYTES;
    }

    /** The fingerprint of the server's certificate; empty without TLS. */
    static byte[] fingerprint(@Nullable SSLSession session, Side self) {
        if (session == null) {
            return new byte[0];
        }
        try {
            Certificate[] chain = self == Side.SERVER ? session.getLocalCertificates() : session.getPeerCertificates();
            return MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("the server showed no certificate", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that has no encoded form", e);
        }
    }

    /** Whether the other end of a TLS connection showed a certificate; it was checked then. */
    static boolean isCertified(SSLSession session) {
        try {
            return session.getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    /** With its length in front, so that two texts cannot flow into each other. */
    private static void add(Mac mac, byte[] bytes) {
        number(mac, bytes.length);
        mac.update(bytes);
    }

    private static void number(Mac mac, int number) {
        mac.update(new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }
}
