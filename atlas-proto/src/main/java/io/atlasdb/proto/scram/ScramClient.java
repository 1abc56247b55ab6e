package io.atlasdb.proto.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/** The client's side of one exchange: {@link #first}, {@link #last}, {@link #verify}. Not safe for several threads. */
public final class ScramClient {
    private static final String HEADER = "n,,";

    private final String password;
    private final String nonce;
    private final String firstBare;
    private byte[] serverSignature = {};

    /** For one log-in. */
    public ScramClient(String user, String password) {
        this(user, password, Scram.nonce());
    }

    ScramClient(String user, String password, String nonce) {
        this.password = password;
        this.nonce = nonce;
        this.firstBare = "n=" + Scram.escape(user) + ",r=" + nonce;
    }

    /** The first message. */
    public String first() {
        return HEADER + firstBare;
    }

    /**
     * The proof, in answer to the server's first message. Takes some 10 ms.
     *
     * @throws ScramException when that message is none
     */
    public String last(String serverFirst) throws ScramException {
        String[] parts = serverFirst.split(",", -1);
        if (parts.length < 3) {
            throw new ScramException("not a first message");
        }
        String both = Scram.attribute(parts[0], 'r');
        byte[] salt = Scram.bytes(Scram.attribute(parts[1], 's'));
        int iterations = iterations(Scram.attribute(parts[2], 'i'));
        if (!both.startsWith(nonce) || both.length() == nonce.length()) {
            throw new ScramException("the nonce is not the client's");
        }
        byte[] salted = Scram.salted(Scram.prepare(password), salt, iterations);
        byte[] clientKey = Scram.hmac(salted, "Client Key");
        String withoutProof = "c=" + Scram.base64(HEADER.getBytes(UTF_8)) + ",r=" + both;
        String authMessage = firstBare + "," + serverFirst + "," + withoutProof;
        byte[] proof = Scram.xor(clientKey, Scram.hmac(Scram.hash(clientKey), authMessage));
        serverSignature = Scram.hmac(Scram.hmac(salted, "Server Key"), authMessage);
        return withoutProof + ",p=" + Scram.base64(proof);
    }

    private static int iterations(String text) throws ScramException {
        try {
            int iterations = Integer.parseInt(text);
            // Fewer would let a false server collect proofs that are cheap to guess from.
            if (iterations >= 4_096 && iterations <= ScramSecret.ITERATIONS_MAX) {
                return iterations;
            }
        } catch (NumberFormatException e) {
            throw new ScramException("not a number of iterations");
        }
        throw new ScramException("the server asks for " + text + " iterations");
    }

    /**
     * Checks the server's proof.
     *
     * @throws ScramException when the server does not know the user's secret
     */
    public void verify(String serverFinal) throws ScramException {
        byte[] given = Scram.bytes(Scram.attribute(serverFinal, 'v'));
        if (serverSignature.length == 0 || !MessageDigest.isEqual(given, serverSignature)) {
            throw new ScramException("the server does not know the password");
        }
    }
}
