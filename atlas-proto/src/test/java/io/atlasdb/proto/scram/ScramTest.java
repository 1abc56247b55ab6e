package io.atlasdb.proto.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScramTest {
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

    /** The exchange of RFC 7677 §3, from both sides. */
    @Test
    void theExampleOfTheStandard() throws ScramException {
        ScramClient client = new ScramClient("user", "pencil", CLIENT_NONCE);
        assertThat(client.first()).isEqualTo("n,,n=user,r=" + CLIENT_NONCE);
        ScramServer server = ScramServer.of(client.first(), SERVER_NONCE);
        String challenge = server.challenge(ScramSecret.of("pencil", SALT, 4096));
        assertThat(challenge).isEqualTo("r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        String last = client.last(challenge);
        assertThat(last)
                .isEqualTo(
                        "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        String proof = server.finish(last);
        assertThat(proof).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        client.verify(proof);
    }

    @Test
    void whoDoesNotKnowThePasswordFails() throws ScramException {
        ScramSecret secret = ScramSecret.of("pencil", SALT, 4096);
        ScramServer server = ScramServer.of(new ScramClient("user", "pencil").first());
        ScramClient other = new ScramClient("user", "pencils");
        ScramServer forOther = ScramServer.of(other.first());
        String last = other.last(forOther.challenge(secret));
        assertThatThrownBy(() -> forOther.finish(last)).isInstanceOf(ScramException.class);
        server.challenge(secret);
        assertThatThrownBy(() -> server.finish(last)).isInstanceOf(ScramException.class);
    }

    @Test
    void aServerThatDoesNotKnowTheSecretIsFoundOut() throws ScramException {
        ScramClient client = new ScramClient("user", "pencil");
        ScramServer server = ScramServer.of(client.first());
        client.last(server.challenge(ScramSecret.of("pencil")));
        String wrong = "v=" + Base64.getEncoder().encodeToString(new byte[32]);
        assertThatThrownBy(() -> client.verify(wrong)).hasMessageContaining("does not know the password");
        ScramClient fresh = new ScramClient("user", "pencil");
        assertThatThrownBy(() -> fresh.verify("v=")).isInstanceOf(ScramException.class);
    }

    @Test
    void aFalseServerCannotAskForAProofThatIsCheapToGuessFrom() {
        ScramClient client = new ScramClient("user", "pencil", CLIENT_NONCE);
        assertThatThrownBy(() -> client.last("r=" + CLIENT_NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1"))
                .hasMessageContaining("1 iterations");
        assertThatThrownBy(() -> client.last("r=" + CLIENT_NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000"))
                .hasMessageContaining("2000000000 iterations");
        assertThatThrownBy(() -> client.last("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
                .hasMessageContaining("nonce");
        assertThatThrownBy(() -> client.last("r=" + CLIENT_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
                .hasMessageContaining("nonce");
    }

    @Test
    void theStoredFormGoesThereAndBack() throws ScramException {
        ScramSecret secret = ScramSecret.of("pässword, = 'x'");
        ScramSecret again = ScramSecret.parse(secret.text());
        assertThat(again.matches("pässword, = 'x'")).isTrue();
        assertThat(again.matches("password, = 'x'")).isFalse();
        assertThat(again.text()).isEqualTo(secret.text()).doesNotContain("ssword");
        assertThat(secret).hasToString("ScramSecret(***)");
        for (String wrong : new String[] {"", "SCRAM-SHA-256$", "SCRAM-SHA-256$1:a$b:c", secret.text() + "x"}) {
            assertThatThrownBy(() -> ScramSecret.parse(wrong)).isInstanceOf(ScramException.class);
        }
    }

    @Test
    void passwordsThatLookTheSameAreTheSame() throws ScramException {
        // RFC 4013 §3 and a decomposed letter.
        assertThat(Scram.prepare("I\u00ADX")).isEqualTo("IX");
        assertThat(Scram.prepare("\u00AA")).isEqualTo("a");
        assertThat(Scram.prepare("\u2168")).isEqualTo("IX");
        assertThat(Scram.prepare("a\u00A0b")).isEqualTo("a b");
        assertThat(Scram.prepare("e\u0301")).isEqualTo("\u00E9");
        assertThatThrownBy(() -> Scram.prepare("\u0007")).isInstanceOf(ScramException.class);
        assertThatThrownBy(() -> ScramSecret.of("")).isInstanceOf(ScramException.class);
    }

    @Test
    void namesWithCommasAndEqualSigns() throws ScramException {
        String name = "a=b,c=2C";
        ScramClient client = new ScramClient(name, "x");
        ScramServer server = ScramServer.of(client.first());
        assertThat(server.user()).isEqualTo(name);
        client.verify(server.finish(client.last(server.challenge(ScramSecret.of("x")))));
    }

    @Test
    void theMadeUpSecretIsTheSameForANameAndKey() {
        byte[] key = {1, 2, 3};
        assertThat(ScramSecret.madeUp("bob", key).text())
                .isEqualTo(ScramSecret.madeUp("bob", key).text());
        assertThat(ScramSecret.madeUp("bob", key).text())
                .isNotEqualTo(ScramSecret.madeUp("eve", key).text());
    }

    /** Whatever comes in, only {@code ScramException} comes out, and no proof but the right one is taken. */
    @Test
    void messagesThatAreNone() throws ScramException {
        long seed = Long.getLong("atlas.seed", System.nanoTime());
        Random random = new Random(seed);
        ScramSecret secret = ScramSecret.of("pencil", SALT, 4096);
        for (int round = 0; round < 20_000; round++) {
            String first = changed(random, "n,,n=user,r=" + CLIENT_NONCE);
            try {
                ScramServer server = ScramServer.of(first);
                server.challenge(secret);
                String last =
                        changed(random, "c=biws,r=" + CLIENT_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
                assertThatThrownBy(() -> server.finish(last))
                        .as("seed %d round %d", seed, round)
                        .isInstanceOf(ScramException.class);
            } catch (ScramException expected) {
                assertThat(expected.getMessage()).doesNotContain("pencil");
            }
        }
    }

    private static String changed(Random random, String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.deleteCharAt(at);
                case 1 -> changed.setCharAt(at, (char) random.nextInt(0x2_000));
                default -> changed.insert(at, ",=npcr".charAt(random.nextInt(6)));
            }
        }
        return changed.toString();
    }
}
