package io.atlasdb.node.security;

import io.atlasdb.node.metrics.Counter;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.scram.ScramException;
import io.atlasdb.proto.scram.ScramSecret;
import io.atlasdb.proto.scram.ScramServer;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.Principals;
import io.atlasdb.sql.access.User;
import io.atlasdb.sql.remote.Login;
import io.atlasdb.sql.remote.Logins;
import io.atlasdb.sql.remote.Peer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The log-ins of a node against its users. */
public final class Authenticator implements Logins {
    /** Of one address: that many at once, and one more every 3 seconds. */
    private static final int ADDRESS_FAILURES_MAX = 10;

    private static final long ADDRESS_REFILL_MS = 3_000;
    /** Of one user, from wherever: more, since otherwise anybody could keep a user out. */
    private static final int USER_FAILURES_MAX = 100;

    private static final long USER_REFILL_MS = 1_000;

    private final Supplier<Principals> principals;
    private final boolean passwordsOnly;
    private final AuditLog audit;
    private final FailureLimit addresses;
    private final FailureLimit users;
    private final PasswordCache cache;
    private final byte[] key = new byte[32];
    private final Counter logins;
    private final Counter failures;
    private final Counter limited;

    /**
     * For the users that {@code principals} knows now.
     *
     * @param passwordsOnly whether nobody comes in without a password
     * @param nanos the clock of limits
     */
    public Authenticator(
            Supplier<Principals> principals,
            boolean passwordsOnly,
            AuditLog audit,
            Metrics metrics,
            LongSupplier nanos) {
        this.principals = principals;
        this.passwordsOnly = passwordsOnly;
        this.audit = audit;
        this.addresses = new FailureLimit(ADDRESS_FAILURES_MAX, ADDRESS_REFILL_MS, nanos);
        this.users = new FailureLimit(USER_FAILURES_MAX, USER_REFILL_MS, nanos);
        this.cache = new PasswordCache(nanos);
        new SecureRandom().nextBytes(key);
        logins = metrics.counter("atlas_auth_logins_total", "Log-ins by a password that succeeded.");
        failures = metrics.counter("atlas_auth_failures_total", "Log-ins that failed.");
        limited = metrics.counter("atlas_auth_limited_total", "Log-ins refused unseen after too many failures.");
    }

    @Override
    public Exchange begin(String clientFirst, Peer peer) {
        ScramServer server;
        try {
            server = ScramServer.of(clientFirst);
        } catch (ScramException e) {
            throw ErrorCode.PROTOCOL.error("SCRAM: " + e.getMessage());
        }
        requireAllowed(server.user(), peer);
        String challenge = server.challenge(secret(server.user()));
        return new Exchange() {
            @Override
            public String challenge() {
                return challenge;
            }

            @Override
            public Finished finish(String clientLast) {
                try {
                    String proof = server.finish(clientLast);
                    return new Finished(succeeded(server.user(), peer), proof);
                } catch (ScramException e) {
                    throw failed(server.user(), peer);
                }
            }
        };
    }

    @Override
    public Login password(String user, String password, Peer peer) {
        if (!peer.shielded()) {
            throw ErrorCode.LOGIN.error("a password is taken over TLS or loopback only");
        }
        ScramSecret secret = secret(user);
        String stored = secret.text();
        if (!user.isEmpty() && cache.knows(user, password, stored)) {
            return new Login(user, true, peer);
        }
        requireAllowed(user, peer);
        if (!secret.matches(password) || user.isEmpty()) {
            throw failed(user, peer);
        }
        cache.add(user, password, stored);
        return succeeded(user, peer);
    }

    @Override
    public Login nobody(Peer peer) {
        if (passwordsOnly) {
            failures.increment();
            audit.loginFailed("", peer, "no password");
            throw ErrorCode.LOGIN.error("user and password are needed");
        }
        return Login.nobody(peer);
    }

    @Override
    public void left(Login login) {
        audit.loggedOut(login);
    }

    /** Who a session runs as now; a user who was removed has no session any more. */
    public Identity identity(Login login) {
        if (!login.proven()) {
            return Identity.NOBODY;
        }
        Principals now = principals.get();
        if (now.user(login.user()) == null) {
            throw ErrorCode.LOGIN.error("the user was removed");
        }
        return now.identity(login.user());
    }

    private ScramSecret secret(String name) {
        User user = principals.get().user(name);
        ScramSecret secret = user == null ? null : user.secret();
        return secret == null ? ScramSecret.madeUp(name, key) : secret;
    }

    private void requireAllowed(String user, Peer peer) {
        if (!addresses.allows(place(peer.address())) || !users.allows(user)) {
            limited.increment();
            audit.loginFailed(user, peer, "too many failures");
            throw ErrorCode.LOGIN.error("too many failures; wait a while");
        }
    }

    private Login succeeded(String user, Peer peer) {
        logins.increment();
        return new Login(user, true, peer);
    }

    private AtlasException failed(String user, Peer peer) {
        addresses.charge(place(peer.address()));
        users.charge(user);
        failures.increment();
        audit.loginFailed(user, peer, "wrong user or password");
        return ErrorCode.LOGIN.error("wrong user or password");
    }

    /** Who has one address of IPv6 has the 64 bits behind it. */
    private static String place(String address) {
        try {
            InetAddress parsed = address.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? Arrays.toString(Arrays.copyOf(parsed.getAddress(), 8))
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
