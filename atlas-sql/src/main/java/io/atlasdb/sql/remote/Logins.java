package io.atlasdb.sql.remote;

/**
 * Who may come in. Safe for any thread. What fails is {@code LOGIN}, in the same words and the same time whether the user
 * exists or not.
 */
public interface Logins {
    /** One log-in by SCRAM that has begun. */
    interface Exchange {
        /** What the client is asked. */
        String challenge();

        /**
         * Checks its answer.
         *
         * @throws io.atlasdb.proto.AtlasException {@code LOGIN}
         */
        Finished finish(String clientLast);
    }

    /**
     * A log-in that has succeeded.
     *
     * @param scram the server's proof for the client
     */
    record Finished(Login login, String scram) {}

    /**
     * Begins a log-in by SCRAM.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LOGIN} when too many failed, {@code PROTOCOL}
     */
    Exchange begin(String clientFirst, Peer peer);

    /**
     * Logs in by a password that was sent.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LOGIN}, also where somebody may read along
     */
    Login password(String user, String password, Peer peer);

    /**
     * Lets somebody in without a password.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LOGIN} where passwords are asked for
     */
    Login nobody(Peer peer);

    /** A session has ended. */
    void left(Login login);
}
