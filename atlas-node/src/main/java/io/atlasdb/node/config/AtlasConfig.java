package io.atlasdb.node.config;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a node runs with; made by {@link ConfigLoader}.
 *
 * @param advertise what other nodes reach this one by
 * @param listen where other nodes are served; port 0 takes a free one
 * @param credentials the secret of the cluster; empty for a node that is alone
 * @param connect nodes of the cluster to join; empty for a new cluster
 * @param clientListen where JDBC and HTTP are served; port 0 takes a free one
 * @param developmentMode whether plain text without authentication is allowed off loopback
 * @param maxCacheBytes memory for the store's pages; 0 = chosen by the node
 * @param statementTimeout zero = without limit
 * @param statementMemoryBytes memory that one statement may hold
 * @param history how long old versions of rows are kept, 10 minutes at least
 * @param maxOffset how far clocks of nodes may differ
 * @param fn node failures that new groups tolerate in each region
 * @param fz region failures that new groups tolerate; −1: 1 from three regions on, else 0
 * @param tls how connections between nodes are protected
 * @param clientTls how connections of clients are protected; no authorities in it
 * @param auth who may come in
 * @param audit what is recorded of that
 * @param slowStatement a statement that takes longer is logged; zero = none is
 * @param settings every key as text and where it came from, in the order of {@link ConfigKey}
 */
public record AtlasConfig(
        Address advertise,
        Address listen,
        String region,
        String credentials,
        List<Address> connect,
        Path dbPath,
        Path socket,
        Set<PosixFilePermission> socketMode,
        Address clientListen,
        boolean developmentMode,
        long maxCacheBytes,
        Duration statementTimeout,
        long statementMemoryBytes,
        Duration history,
        Duration maxOffset,
        int fn,
        int fz,
        Tls tls,
        Tls clientTls,
        Auth auth,
        Audit audit,
        Duration slowStatement,
        LogLevel logLevel,
        LogFormat logFormat,
        List<Setting> settings) {
    public AtlasConfig {
        connect = List.copyOf(connect);
        socketMode = Set.copyOf(socketMode);
        settings = List.copyOf(settings);
    }

    /** Names no secret, unlike what a record says by itself. */
    @Override
    public String toString() {
        return "AtlasConfig" + settings;
    }

    /**
     * Who may come in by the client port.
     *
     * @param passwordsOnly whether nobody comes in without a password
     * @param firstPassword empty = no first user is made
     */
    public record Auth(boolean passwordsOnly, String firstUser, String firstPassword) {
        @Override
        public String toString() {
            return "Auth[passwordsOnly=" + passwordsOnly + ", firstUser=" + firstUser + "]";
        }
    }

    /** How much the audit log records. */
    public enum AuditLevel {
        OFF,
        DENIED,
        WRITES,
        ALL
    }

    /**
     * The audit log.
     *
     * @param file empty = the log of the node
     */
    public record Audit(AuditLevel level, String file) {}

    /** How clients prove who they are. */
    enum AuthMode {
        NONE,
        PASSWORD
    }

    /** What protects connections between nodes, besides the credentials. */
    public enum TlsMode {
        /** Nothing. */
        NONE,
        /** Certificates by an authority of the cluster's own. */
        OWN,
        /** Certificates of the operator. */
        FILES
    }

    /**
     * How connections between nodes are protected.
     *
     * @param certificate PEM; like the other files empty unless the mode is {@code FILES}
     */
    public record Tls(TlsMode mode, String certificate, String key, String authorities) {}

    /** How much is logged. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** How log lines look. */
    public enum LogFormat {
        /** Text on a terminal, else JSON. */
        AUTO,
        TEXT,
        JSON
    }

    /**
     * One key as it stands.
     *
     * @param value stars in place of a secret that is set
     * @param origin {@code default}, the file with the line, the variable or the flag
     */
    public record Setting(ConfigKey key, String value, String origin) {
        /** As a line of a configuration file. */
        @Override
        public String toString() {
            boolean plain = value.matches("-?\\d+|true|false");
            return key.key() + " = "
                    + (plain ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
    }

    static <E extends Enum<E>> String names(Class<E> type) {
        return String.join(
                ", ",
                java.util.Arrays.stream(type.getEnumConstants())
                        .map(e -> e.name().toLowerCase(Locale.ROOT))
                        .toList());
    }
}
