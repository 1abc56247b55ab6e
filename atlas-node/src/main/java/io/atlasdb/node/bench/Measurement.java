package io.atlasdb.node.bench;

import io.atlasdb.node.bench.SqlWorkload.Operation;
import io.atlasdb.proto.ErrorCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One operation on one server for some seconds.
 *
 * @param opsPerSecond operations that ended, over the measured time
 * @param p50Nanos half of them took at most this
 * @param p99Nanos 99 % of them took at most this
 */
record Measurement(double opsPerSecond, long p50Nanos, long p99Nanos) {
    /** A server that answers nothing for so long fails the benchmark. */
    private static final long GRACE_SECONDS = 60;

    /**
     * Measures with as many connections as threads, all open before the time begins.
     *
     * @param warmSeconds work before the measured time, with the same connections
     * @param seconds the measured time
     */
    static Measurement take(
            Peer peer, SqlWorkload workload, Operation operation, int threads, double warmSeconds, double seconds)
            throws SQLException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<Latencies>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(pool.submit(() -> work(peer, workload, operation, start, warmSeconds, seconds)));
            }
            Latencies all = new Latencies();
            for (Future<Latencies> result : results) {
                all.merge(result.get((long) (warmSeconds + seconds) + GRACE_SECONDS, TimeUnit.SECONDS));
            }
            return new Measurement(all.total() / seconds, all.percentileNanos(0.5), all.percentileNanos(0.99));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error(e);
        } catch (TimeoutException e) {
            throw ErrorCode.CONNECTION_LOST.error(e, peer.name(), operation.label() + " does not end");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new IllegalStateException(peer.name() + ", " + operation.label() + ": " + e.getCause(), e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static Latencies work(
            Peer peer,
            SqlWorkload workload,
            Operation operation,
            CyclicBarrier start,
            double warmSeconds,
            double seconds)
            throws Exception {
        Latencies latencies = new Latencies();
        SplittableRandom random = new SplittableRandom();
        try (Connection connection = peer.connect();
                PreparedStatement prepared = connection.prepareStatement(operation.sql())) {
            start.await(GRACE_SECONDS, TimeUnit.SECONDS);
            long warm = System.nanoTime() + (long) (warmSeconds * 1e9);
            long end = warm + (long) (seconds * 1e9);
            long begin = System.nanoTime();
            while (begin - end < 0 && !Thread.currentThread().isInterrupted()) {
                workload.execute(operation, prepared, random);
                long now = System.nanoTime();
                if (begin - warm >= 0 && now - end <= 0) {
                    latencies.add(now - begin);
                }
                begin = now;
            }
        }
        return latencies;
    }
}
