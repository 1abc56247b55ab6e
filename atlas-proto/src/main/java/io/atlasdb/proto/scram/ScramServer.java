package io.atlasdb.proto.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The server's side of one exchange: {@link #of}, {@link #challenge}, {@link #finish}. Not safe for several threads. */
public final class ScramServer {
    private static final int MESSAGE_CHARACTERS_MAX = 4_096;

    private final String user;
    private final String header;
    private final String clientFirstBare;
    private final String nonce;
    private ScramSecret secret;
    private String serverFirst = "";

    private ScramServer(String user, String header, String clientFirstBare, String nonce, ScramSecret none) {
        this.user = user;
        this.header = header;
        this.clientFirstBare = clientFirstBare;
        this.nonce = nonce;
        this.secret = none;
    }

    /**
     * Reads the client's first message.
     *
     * @throws ScramException when it is none, or asks for channel binding, which is not offered
     */
    public static ScramServer of(String clientFirst) throws ScramException {
        return of(clientFirst, Scram.nonce());
    }

    static ScramServer of(String clientFirst, String serverNonce) throws ScramException {
        if (clientFirst.length() > MESSAGE_CHARACTERS_MAX) {
            throw new ScramException("the message is too long");
        }
        // gs2-cbind-flag, authzid, username, nonce, extensions
        String[] parts = clientFirst.split(",", -1);
        if (parts.length < 4 || !(parts[0].equals("n") || parts[0].equals("y")) || !parts[1].isEmpty()) {
            throw new ScramException("channel binding and names to act for are not offered");
        }
        String name = Scram.unescape(Scram.attribute(parts[2], 'n'));
        String clientNonce = Scram.attribute(parts[3], 'r');
        if (name.isEmpty() || clientNonce.isEmpty()) {
            throw new ScramException("a name and a nonce are needed");
        }
        String header = parts[0] + ",,";
        return new ScramServer(
                name,
                header,
                clientFirst.substring(header.length()),
                clientNonce + serverNonce,
                ScramSecret.madeUp(name, Scram.random(Scram.KEY_BYTES)));
    }

    /** Who wants to come in, as the client wrote it. */
    public String user() {
        return user;
    }

    /** The server's first message, for a user with this secret. */
    public String challenge(ScramSecret of) {
        secret = of;
        serverFirst = "r=" + nonce + ",s=" + Scram.base64(of.salt()) + ",i=" + of.iterations();
        return serverFirst;
    }

    /**
     * Checks the client's last message.
     *
     * @return the server's last message, its own proof
     * @throws ScramException when the client does not know the password, or the message is none
     */
    public String finish(String clientFinal) throws ScramException {
        int proofAt = clientFinal.lastIndexOf(",p=");
        if (serverFirst.isEmpty() || proofAt < 0 || clientFinal.length() > MESSAGE_CHARACTERS_MAX) {
            throw new ScramException("not a last message");
        }
        String withoutProof = clientFinal.substring(0, proofAt);
        String expected = "c=" + Scram.base64(header.getBytes(UTF_8)) + ",r=" + nonce;
        byte[] proof = Scram.bytes(clientFinal.substring(proofAt + 3));
        if (!withoutProof.equals(expected) || proof.length != Scram.KEY_BYTES) {
            throw new ScramException("not a last message");
        }
        String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = Scram.xor(proof, Scram.hmac(secret.storedKey(), authMessage));
        if (!secret.proves(clientKey)) {
            throw new ScramException("the proof is wrong");
        }
        return "v=" + Scram.base64(Scram.hmac(secret.serverKey(), authMessage));
    }
}
