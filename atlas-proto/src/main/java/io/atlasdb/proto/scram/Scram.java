package io.atlasdb.proto.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The functions of RFC 5802 §2.2 and §3 over SHA-256. */
final class Scram {
    static final int KEY_BYTES = 32;
    private static final String HMAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 18;

    private Scram() {}

    static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    static byte[] hmac(byte[] key, String text) {
        return hmac(key, text.getBytes(UTF_8));
    }

    static byte[] hash(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * {@code Hi()}, which is PBKDF2 with one block. The JDK's own refuses an empty password and takes characters, not bytes.
     *
     * @param password prepared by {@link #prepare}
     */
    static byte[] salted(String password, byte[] salt, int iterations) {
        byte[] key = password.getBytes(UTF_8);
        try {
            Mac mac = Mac.getInstance(HMAC);
            // HMAC takes an empty key for one of zeros; the JDK's class for keys does not take an empty one.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
            mac.update(salt);
            byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
            byte[] result = block.clone();
            for (int i = 1; i < iterations; i++) {
                block = mac.doFinal(block);
                for (int j = 0; j < result.length; j++) {
                    result[j] ^= block[j];
                }
            }
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    static byte[] xor(byte[] a, byte[] b) {
        byte[] result = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (byte) (a[i] ^ b[i]);
        }
        return result;
    }

    /**
     * A password as SASLprep (RFC 4013) has it, but for its rule about right-to-left text: other spaces become a blank, what is
     * invisible goes, and the rest is normalised (NFKC).
     *
     * @throws ScramException for control characters and what is no character
     */
    static String prepare(String text) throws ScramException {
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isInvisible(c)).forEach(c -> mapped.appendCodePoint(isBlank(c) ? ' ' : c));
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        if (!normal.codePoints().allMatch(Scram::isAllowed)) {
            throw new ScramException("a password holds no control characters and only characters of Unicode");
        }
        return normal;
    }

    /** RFC 3454, table B.1. */
    private static boolean isInvisible(int c) {
        return c == 0xAD
                || c == 0x34F
                || c == 0x1806
                || (c >= 0x180B && c <= 0x180D)
                || (c >= 0x200B && c <= 0x200D)
                || c == 0x2060
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFEFF;
    }

    private static boolean isBlank(int c) {
        return c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    private static boolean isAllowed(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.PRIVATE_USE
                && type != Character.UNASSIGNED
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    /** Printable characters without a comma, 144 bits of chance. */
    static String nonce() {
        return base64(random(NONCE_BYTES));
    }

    static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] bytes(String base64) throws ScramException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ScramException("not base64");
        }
    }

    /** A name as the exchange carries it. */
    static String escape(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    static String unescape(String text) throws ScramException {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '=') {
                name.append(c);
            } else if (text.startsWith("=2C", i)) {
                name.append(',');
                i += 2;
            } else if (text.startsWith("=3D", i)) {
                name.append('=');
                i += 2;
            } else {
                throw new ScramException("not a name");
            }
        }
        return name.toString();
    }

    /** The value of the next attribute, which must be {@code key}. */
    static String attribute(String part, char key) throws ScramException {
        if (part.length() < 2 || part.charAt(0) != key || part.charAt(1) != '=') {
            throw new ScramException("expected " + key + "=");
        }
        return part.substring(2);
    }
}
