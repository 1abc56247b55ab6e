package io.atlasdb.node.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every key of the configuration. The environment variable is {@code ATLAS_} and the name in upper case. */
public enum ConfigKey {
    ADVERTISE("advertise", "localhost:4444", "host:port that other nodes reach this one by"),
    LISTEN("listen", "127.0.0.1:4444", "host:port for other nodes; used when credentials are set"),
    REGION("region", "local", "the region that the node stands in"),
    CREDENTIALS("credentials", "", "the secret that nodes of a cluster share; none = alone", Trait.SECRET),
    CONNECT("connect", "", "nodes of the cluster to join, host:port, separated by commas"),
    DB_PATH("db_path", "atlas-data", "the data directory"),
    SOCKET("socket", "", "the Unix socket; atlas.sock in the data directory when empty"),
    SOCKET_MODE("socket_mode", "0600", "the permissions of the socket file, octal"),
    CLIENT_LISTEN("client_listen", "127.0.0.1:8765", "host:port for JDBC and HTTP; port 0 takes a free one"),
    DEVELOPMENT_MODE("development_mode", "false", "allows plain text without authentication off loopback"),
    MAX_CACHE_SIZE("max_cache_size", "0", "memory for the store's pages, as 512M; 0 = chosen by the node"),
    STATEMENT_TIMEOUT("statement_timeout", "0", "how long a statement may run, as 30s; 0 = without limit"),
    STATEMENT_MEMORY("statement_memory", "64M", "memory that one statement may hold"),
    HISTORY("history", "10m", "how long old versions of rows are kept, 10m at least; a backup may take as long"),
    MAX_OFFSET("max_offset", "500ms", "how far clocks of nodes may differ, 1ms to 10s; the same for all nodes"),
    FN("fn", "1", "nodes of a region that may fail, of groups that begin"),
    FZ("fz", "auto", "regions that may fail, of groups that begin; auto = 1 from three regions on, else 0"),
    LATENCY_PRESET("latency_preset", "local", "emulated distances between regions", Trait.LATER),
    TLS_MODE("tls.mode", "auto", "between nodes: none, own (authority of the cluster), files; see below for auto"),
    TLS_CERTIFICATE("tls.certificate", "", "file with the node's certificate and those above it, PEM"),
    TLS_KEY("tls.key", "", "file with the key of the certificate, PKCS #8 in PEM"),
    TLS_AUTHORITIES("tls.authorities", "", "file with trusted authorities, PEM"),
    CLIENT_TLS_MODE("client_tls.mode", "auto", "for clients: none, own, files; see below for auto"),
    CLIENT_TLS_CERTIFICATE("client_tls.certificate", "", "file with the certificate for clients, PEM"),
    CLIENT_TLS_KEY("client_tls.key", "", "file with the key of that certificate, PKCS #8 in PEM"),
    AUTH_MODE("auth.mode", "auto", "none, password, or auto: none while clients reach it by loopback only"),
    AUTH_FIRST_USER("auth.first_user", "admin", "the admin that is made while there is no user"),
    AUTH_FIRST_PASSWORD("auth.first_password", "", "the password of that admin; none = not made", Trait.SECRET),
    AUDIT_LEVEL("audit.level", "denied", "what is recorded: off, denied, writes or all"),
    AUDIT_FILE("audit.file", "", "file of the audit log; empty = the log of the node"),
    LOG_SLOW_STATEMENT("log.slow_statement", "1s", "statements that take longer are logged; 0 = none"),
    LOG_LEVEL("log.level", "info", "error, warn, info, debug or trace"),
    LOG_FORMAT("log.format", "auto", "text, json, or auto: text on a terminal, else json");

    private enum Trait {
        /** Has no effect in this version; setting it is an error. */
        LATER,
        /** Never shown. */
        SECRET
    }

    private final String key;
    private final String defaultText;
    private final String description;
    private final boolean later;
    private final boolean secret;

    ConfigKey(String key, String defaultText, String description, Trait... traits) {
        this.key = key;
        this.defaultText = defaultText;
        this.description = description;
        this.later = Arrays.asList(traits).contains(Trait.LATER);
        this.secret = Arrays.asList(traits).contains(Trait.SECRET);
    }

    /** As the file has it, {@code log.level}. */
    public String key() {
        return key;
    }

    /** The default as a file would have it. */
    public String defaultText() {
        return defaultText;
    }

    /** One line for people. */
    public String description() {
        return description;
    }

    /** Whether it takes effect in this version. */
    public boolean available() {
        return !later;
    }

    /** Whether its value must not be shown. */
    public boolean secret() {
        return secret;
    }

    /** {@code ATLAS_LOG_LEVEL}. */
    public String variable() {
        return "ATLAS_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** {@code --log-level}. */
    public String flag() {
        return "--" + key.replace('.', '-').replace('_', '-');
    }

    /** The key of that name. */
    public static Optional<ConfigKey> of(String name) {
        return Arrays.stream(values()).filter(k -> k.key.equals(name)).findFirst();
    }
}
