package io.atlasdb.node.server;

import io.atlasdb.node.config.Address;
import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.node.security.AuditLog;
import io.atlasdb.node.security.Authenticator;
import io.atlasdb.node.security.StatementLog;
import io.atlasdb.node.socket.CommandListener;
import io.atlasdb.node.transport.ClientCertificate;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.plan.ddl.QualifiedName;
import io.atlasdb.sql.remote.Login;
import io.atlasdb.sql.remote.Logins;
import io.atlasdb.sql.session.ExecuteOptions;
import io.atlasdb.sql.session.Session;
import io.atlasdb.sql.session.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who comes in by the client port of a node, and what protects it. */
final class NodeSecurity implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSecurity.class);
    private static final long REFRESH_S = 5;

    private final Sessions sessions;
    private final AuditLog audit;
    private final Authenticator authenticator;
    private final @Nullable ClientCertificate certificate;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "certificates");
        thread.setDaemon(true);
        return thread;
    });

    private NodeSecurity(
            AtlasConfig config, Sessions sessions, Metrics metrics, @Nullable ClientCertificate certificate) {
        this.sessions = sessions;
        this.certificate = certificate;
        audit = new AuditLog(AuditLog.Level.valueOf(config.audit().level().name()));
        authenticator = new Authenticator(
                () -> sessions.principals().now(), config.auth().passwordsOnly(), audit, metrics, System::nanoTime);
    }

    /**
     * Reads or makes the certificate, and makes the first user when the configuration asks for one.
     *
     * @param advertise what other nodes reach this one by, a name that clients may dial as well
     */
    static NodeSecurity open(AtlasConfig config, Address advertise, Sessions sessions, Metrics metrics)
            throws IOException {
        AtlasConfig.Tls tls = config.clientTls();
        ClientCertificate certificate = switch (tls.mode()) {
            case NONE -> null;
            case OWN ->
                ClientCertificate.own(
                        config.dbPath().resolve("tls"),
                        hosts(config.clientListen().host(), advertise.host()));
            case FILES -> ClientCertificate.files(Path.of(tls.certificate()), Path.of(tls.key()));
        };
        NodeSecurity security = new NodeSecurity(config, sessions, metrics, certificate);
        if (certificate != null) {
            security.refresher.scheduleWithFixedDelay(certificate::refresh, REFRESH_S, REFRESH_S, TimeUnit.SECONDS);
        } else if (!config.clientListen().isLoopback()) {
            LOG.warn("clients are served in plain text at {}, as asked", config.clientListen());
        }
        sessions.listen(new StatementLog(security.audit, config.slowStatement().toNanos(), metrics));
        security.makeFirstUser(config.auth());
        return security;
    }

    private static String[] hosts(String... named) {
        Set<String> hosts = new LinkedHashSet<>(List.of("localhost", "127.0.0.1"));
        for (String host : named) {
            if (!host.contains(":") && !host.equals("0.0.0.0")) {
                hosts.add(host);
            }
        }
        return hosts.toArray(String[]::new);
    }

    /** Of several nodes that begin at once one makes it, the others find it there. */
    private void makeFirstUser(AtlasConfig.Auth auth) {
        if (auth.firstPassword().isEmpty()
                || !sessions.principals().now().users().isEmpty()) {
            if (auth.passwordsOnly() && sessions.principals().now().users().isEmpty()) {
                LOG.warn("there is no user, so that nobody can log in; set auth.first_password and start again");
            }
            return;
        }
        String sql = "CREATE USER IF NOT EXISTS " + QualifiedName.quote(auth.firstUser()) + " PASSWORD '"
                + auth.firstPassword().replace("'", "''") + "'";
        try (Session session = sessions.open("")) {
            session.execute(session.prepare(sql), List.of(), ExecuteOptions.NONE);
            LOG.info("made the first user, {}", auth.firstUser());
        } catch (AtlasException e) {
            LOG.warn("the first user, {}, was not made: {}", auth.firstUser(), e.getMessage());
        }
    }

    /** Records for the audit what clients of the socket do. */
    CommandListener commands() {
        return (weight, principal, command, object, refusal) -> {
            AuditLog.Level level = refusal == CommandListener.Refusal.DENIED || weight == CommandListener.Weight.ACCESS
                    ? AuditLog.Level.DENIED
                    : weight == CommandListener.Weight.READ ? AuditLog.Level.ALL : AuditLog.Level.WRITES;
            boolean allowed = refusal == CommandListener.Refusal.NONE;
            audit.write(level, principal, "socket", command, object, allowed, allowed ? "" : refusal.name());
        };
    }

    Logins logins() {
        return authenticator;
    }

    @Nullable
    X509ExtendedKeyManager certificate() {
        return certificate == null ? null : certificate.keyManager();
    }

    /** Opens a session of somebody who came in. */
    Session open(Login login) {
        Session session = sessions.open(login.user(), login.peer().address(), () -> authenticator.identity(login));
        audit.loggedIn(login);
        return session;
    }

    @Override
    public void close() {
        refresher.shutdownNow();
    }
}
