package io.atlasdb.sql.remote;

/**
 * Who came in.
 *
 * @param user empty for nobody
 * @param proven whether a password was known; false only for nobody
 */
public record Login(String user, boolean proven, Peer peer) {
    public Login {
        if (proven == user.isEmpty()) {
            throw new IllegalArgumentException("proven " + proven + " for a name of " + user.length());
        }
    }

    /** Nobody, from there. */
    public static Login nobody(Peer peer) {
        return new Login("", false, peer);
    }
}
