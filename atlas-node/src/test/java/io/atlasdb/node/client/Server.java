package io.atlasdb.node.client;

import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.remote.Login;
import io.atlasdb.sql.remote.Logins;
import io.atlasdb.sql.remote.Peer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/** A client port over a {@link FakeDatabase}, on a free port of the loopback interface. */
final class Server implements AutoCloseable {
    final FakeDatabase database = new FakeDatabase();
    final Metrics metrics = new Metrics();
    final ClientPort port;
    volatile boolean ready = true;

    /** Lets everybody in. */
    static final Logins OPEN = new Logins() {
        @Override
        public Exchange begin(String clientFirst, Peer peer) {
            throw ErrorCode.LOGIN.error("there are no users");
        }

        @Override
        public Login password(String user, String password, Peer peer) {
            throw ErrorCode.LOGIN.error("there are no users");
        }

        @Override
        public Login nobody(Peer peer) {
            return Login.nobody(peer);
        }

        @Override
        public void left(Login login) {
            // Nobody keeps count.
        }
    };

    Server() throws IOException {
        this(standard());
    }

    Server(ClientPortOptions options) throws IOException {
        port = ClientPort.open(
                options,
                (login, properties) -> database.open(properties),
                OPEN,
                null,
                "0.1.0",
                new Health() {
                    @Override
                    public boolean ready() {
                        return ready;
                    }

                    @Override
                    public String status() {
                        return "{\"node\":\"fake\"}";
                    }
                },
                metrics);
    }

    static ClientPortOptions standard() {
        return new ClientPortOptions("127.0.0.1", 0, 100, 16, 4 << 20, 64L << 20, 10_000, 10_000, 60_000);
    }

    String url(String suffix) {
        return "jdbc:atlas://127.0.0.1:" + port.port() + "/" + suffix;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(""));
    }

    Connection connect(String transport) throws SQLException {
        return DriverManager.getConnection(url("?transport=" + transport));
    }

    Connection stock(String serialization) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:avatica:remote:url=http://127.0.0.1:" + port.port() + ";serialization=" + serialization);
    }

    /** Waits until something that happens on another thread has happened; fails after ten seconds. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + 10_000_000_000L;
        Object monitor = new Object();
        synchronized (monitor) {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > until) {
                    throw new AssertionError("still waiting for: " + what);
                }
                monitor.wait(5);
            }
        }
    }

    @Override
    public void close() {
        port.close();
    }
}
