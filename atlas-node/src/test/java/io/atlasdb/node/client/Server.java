package io.atlasdb.node.client;

import io.atlasdb.node.metrics.Metrics;
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

    Server() throws IOException {
        this(standard());
    }

    Server(ClientPortOptions options) throws IOException {
        port = ClientPort.open(
                options,
                database::open,
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
