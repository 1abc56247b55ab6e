package io.atlasdb.proto.scram;

import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a password (RFC 5802 §3): enough to check a proof and to give one, not enough to log in with.
 *
 * <p>As text, in the form that PostgreSQL uses: {@code SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}, in base64.
 */
public final class ScramSecret {
    /** Each makes a guess dearer; a log-in pays it once, at the client. RFC 7677 asks for 4096 at least. */
    public static final int ITERATIONS = 16_384;

    private static final int ITERATIONS_MIN = 4_096;
    /** More would let whoever stores such a secret keep clients busy. */
    static final int ITERATIONS_MAX = 1_000_000;

    private static final int SALT_BYTES = 16;
    private static final String PREFIX = "SCRAM-SHA-256$";
    private static final Pattern TEXT = Pattern.compile(
            "SCRAM-SHA-256\\$(\\d{1,7}):([A-Za-z0-9+/=]{12,128})\\$" + "([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)");

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /**
     * For a password, with a salt of its own. Takes some 10 ms.
     *
     * @throws ScramException when the password is empty or holds what no password may
     */
    public static ScramSecret of(String password) throws ScramException {
        return of(password, Scram.random(SALT_BYTES), ITERATIONS);
    }

    static ScramSecret of(String password, byte[] salt, int iterations) throws ScramException {
        String prepared = Scram.prepare(password);
        if (prepared.isEmpty()) {
            throw new ScramException("a password is not empty");
        }
        byte[] salted = Scram.salted(prepared, salt, iterations);
        return new ScramSecret(
                iterations, salt, Scram.hash(Scram.hmac(salted, "Client Key")), Scram.hmac(salted, "Server Key"));
    }

    /**
     * A secret that nobody has the password of, the same each time for a name: so that the answer to a user who does not exist
     * looks like any other.
     *
     * @param key of this server's own, not known to others
     */
    public static ScramSecret madeUp(String name, byte[] key) {
        byte[] salt = java.util.Arrays.copyOf(Scram.hmac(key, "salt " + name), SALT_BYTES);
        return new ScramSecret(
                ITERATIONS, salt, Scram.hmac(key, "stored key " + name), Scram.hmac(key, "server key " + name));
    }

    /** Whether a text looks like the stored form, not like a password. */
    public static boolean isText(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * Reads the stored form.
     *
     * @throws ScramException when it is none
     */
    public static ScramSecret parse(String text) throws ScramException {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new ScramException("not SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey");
        }
        int iterations = Integer.parseInt(matcher.group(1));
        if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
            throw new ScramException(iterations + " iterations, not " + ITERATIONS_MIN + " to " + ITERATIONS_MAX);
        }
        return new ScramSecret(
                iterations,
                Scram.bytes(matcher.group(2)),
                Scram.bytes(matcher.group(3)),
                Scram.bytes(matcher.group(4)));
    }

    /** The stored form. */
    public String text() {
        return PREFIX + iterations + ":" + Scram.base64(salt) + "$" + Scram.base64(storedKey) + ":"
                + Scram.base64(serverKey);
    }

    /** Whether it is the secret of this password. Takes some 10 ms, whatever the answer. */
    public boolean matches(String password) {
        try {
            byte[] salted = Scram.salted(Scram.prepare(password), salt, iterations);
            return proves(Scram.hmac(salted, "Client Key"));
        } catch (ScramException e) {
            return false;
        }
    }

    boolean proves(byte[] clientKey) {
        return MessageDigest.isEqual(Scram.hash(clientKey), storedKey);
    }

    int iterations() {
        return iterations;
    }

    byte[] salt() {
        return salt.clone();
    }

    byte[] storedKey() {
        return storedKey.clone();
    }

    byte[] serverKey() {
        return serverKey.clone();
    }

    /** Without what it holds, so that it can stand in no log. */
    @Override
    public String toString() {
        return "ScramSecret(***)";
    }
}
