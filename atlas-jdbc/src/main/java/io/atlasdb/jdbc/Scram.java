package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Challenge;
import io.atlasdb.proto.client.Login;
import io.atlasdb.proto.client.Opened;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.scram.ScramClient;
import io.atlasdb.proto.scram.ScramException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The proof of the password, which itself never leaves the driver; and that of the server. Nothing without a password. */
final class Scram {
    private final @Nullable ScramClient client;

    private Scram(@Nullable ScramClient client) {
        this.client = client;
    }

    static Scram of(ConnectionUrl url) throws SQLException {
        String password = url.get(ConnectionProperty.PASSWORD);
        if (password.isEmpty()) {
            return new Scram(null);
        }
        String user = url.get(ConnectionProperty.USER);
        if (user.isEmpty()) {
            throw Errors.of(ErrorCode.LOGIN, "there is a password and no user");
        }
        return new Scram(new ScramClient(user, password));
    }

    /** The first message; empty without a password. */
    String first() {
        return client == null ? "" : client.first();
    }

    Request answer(Challenge challenge) throws SQLException {
        if (client == null) {
            throw Errors.of(ErrorCode.LOGIN, "the server asks for a password");
        }
        try {
            return Request.newBuilder()
                    .setSession(challenge.getSession())
                    .setSecret(challenge.getSecret())
                    .setLogin(Login.newBuilder().setScram(client.last(challenge.getScram())))
                    .build();
        } catch (ScramException e) {
            throw Errors.of(e, ErrorCode.LOGIN, String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a server that lets everybody in, or does not know the user: it may not be the one that was meant. */
    void verify(Opened opened) throws SQLException {
        if (client == null) {
            return;
        }
        try {
            client.verify(opened.getScram());
        } catch (ScramException e) {
            throw Errors.of(e, ErrorCode.LOGIN, "the server has not proven that it knows the user");
        }
    }
}
