package io.atlasdb.node.client;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Measures prepared queries of one row over each transport with a session that does nothing: what the port itself costs. */
final class Throughput {
    private static final int THREADS = 8;

    private Throughput() {}

    /** Arguments: seconds per measurement; 5 when there are none. */
    public static void main(String[] arguments) throws Exception {
        long seconds = arguments.length == 0 ? 5 : Long.parseLong(arguments[0]);
        try (Server server = new Server()) {
            for (int round = 1; round <= 3; round++) {
                for (String transport : List.of("framed", "http", "stock avatica")) {
                    long perSecond = measure(server, transport, seconds);
                    System.out.printf("round %d, %d threads, %s: %,d/s%n", round, THREADS, transport, perSecond);
                }
            }
        }
    }

    private static long measure(Server server, String transport, long seconds) throws Exception {
        LongAdder count = new LongAdder();
        long begin = System.nanoTime();
        long until = begin + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> run(server, transport, until, count));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return count.sum() * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begin);
    }

    private static void run(Server server, String transport, long until, LongAdder count) {
        try (Connection c = transport.startsWith("stock") ? server.stock("protobuf") : server.connect(transport);
                PreparedStatement p = c.prepareStatement("ECHO BIGINT")) {
            while (System.nanoTime() < until) {
                p.setLong(1, 42);
                try (ResultSet r = p.executeQuery()) {
                    if (!r.next() || r.getLong(1) != 42) {
                        throw new AssertionError("a wrong answer");
                    }
                }
                count.increment();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
