package io.atlasdb.node.security;

import io.atlasdb.sql.remote.Login;
import io.atlasdb.sql.remote.Peer;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of who did what: one JSON object a line, on the logger {@code audit}. It names objects and never holds a value, a
 * literal or a secret. Safe for any thread.
 */
public final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger("audit");
    private static final int TEXT_CHARACTERS_MAX = 256;

    private final Level level;
    private final Consumer<String> lines;

    /** How much is recorded; each includes those before it. */
    public enum Level {
        /** Nothing. */
        OFF,
        /** What was refused, log-ins, and changes of users, roles and rights. */
        DENIED,
        /** Every statement and command that writes. */
        WRITES,
        /** Reads as well. */
        ALL
    }

    /** To the logger. */
    public AuditLog(Level level) {
        this(level, LOG::info);
    }

    /** To anywhere. */
    AuditLog(Level level, Consumer<String> lines) {
        this.level = level;
        this.lines = lines;
    }

    /** Whether things of that weight are recorded. */
    public boolean records(Level of) {
        return of != Level.OFF && level.compareTo(of) >= 0;
    }

    void loginFailed(String user, Peer peer, String why) {
        write(Level.DENIED, user, peer.address(), "login", "", false, why);
    }

    /** A session was opened. */
    public void loggedIn(Login login) {
        write(Level.DENIED, login.user(), login.peer().address(), "login", "", true, "");
    }

    /** A session has ended. */
    public void loggedOut(Login login) {
        write(Level.DENIED, login.user(), login.peer().address(), "logout", "", true, "");
    }

    /**
     * Something was done or refused.
     *
     * @param of from which level on it is recorded
     * @param user empty for nobody
     * @param from an address, or {@code socket}
     * @param what the kind of statement, or the command
     * @param objects tables, users or keys
     * @param reason why it was refused; empty when it was not
     */
    public void write(Level of, String user, String from, String what, String objects, boolean allowed, String reason) {
        if (!records(of)) {
            return;
        }
        StringBuilder line = new StringBuilder(128)
                .append("{\"time\":\"")
                .append(Instant.now())
                .append("\",\"user\":");
        quote(line, user);
        line.append(",\"from\":");
        quote(line, from);
        line.append(",\"what\":");
        quote(line, what);
        if (!objects.isEmpty()) {
            line.append(",\"objects\":");
            quote(line, objects);
        }
        line.append(",\"allowed\":").append(allowed);
        if (!reason.isEmpty()) {
            line.append(",\"reason\":");
            quote(line, reason);
        }
        lines.accept(line.append('}').toString());
    }

    private static void quote(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < Math.min(text.length(), TEXT_CHARACTERS_MAX); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < ' ' || c == 0x7F || c == 0x85 || c == 0x2028 || c == 0x2029) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}
