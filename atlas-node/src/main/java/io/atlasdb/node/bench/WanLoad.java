package io.atlasdb.node.bench;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients in every region that begin operations at fixed moments, whether or not earlier ones have ended (an open loop); times
 * count from the moment at which an operation was due.
 */
final class WanLoad {
    /** Operations of a region that may wait at the same time; more are counted as failures. */
    private static final int WAITING_MAX = 256;

    private static final double NANOS_PER_MS = 1e6;
    private static final String VALUE = "v".repeat(128);

    private final WanModel model;
    private final List<SocketClient> clients;
    private final double perSecond;
    private final double writes;
    private final int stride;
    final AtomicInteger failures = new AtomicInteger();

    /** Hears of an operation that ended. */
    interface Sink {
        /** Called by one thread at a time for each region. */
        void took(int region, long dueNanos, double ms);
    }

    /**
     * @param clients one connection for each region
     * @param perSecond operations that begin in each region
     * @param writes their share, 0 to 1
     * @param stride only every so many-th group is used; objects of the model lie as far apart
     */
    WanLoad(WanModel model, List<SocketClient> clients, double perSecond, double writes, int stride) {
        this.model = model;
        this.clients = List.copyOf(clients);
        this.perSecond = perSecond;
        this.writes = writes;
        this.stride = stride;
    }

    /** The key that stands for an object: a table of its own, and so a group of its own. */
    static String key(int object) {
        return "W" + object + ".X";
    }

    static String value() {
        return VALUE;
    }

    /** Runs for some seconds and until the last operation has ended. */
    void run(double seconds, int shift, Sink sink) throws InterruptedException {
        ExecutorService regions = Executors.newFixedThreadPool(clients.size());
        for (int i = 0; i < clients.size(); i++) {
            int region = i;
            regions.execute(() -> region(region, seconds, shift, sink));
        }
        regions.shutdown();
        if (!regions.awaitTermination((long) seconds + 120, TimeUnit.SECONDS)) {
            regions.shutdownNow();
        }
    }

    private void region(int region, double seconds, int shift, Sink sink) {
        SplittableRandom random = new SplittableRandom(4444L + region);
        ExecutorService pool = Executors.newFixedThreadPool(WAITING_MAX);
        AtomicInteger waiting = new AtomicInteger();
        Object lock = new Object();
        long begin = System.nanoTime();
        double due = 0;
        while (due < seconds && !Thread.currentThread().isInterrupted()) {
            long dueNanos = begin + (long) (due * 1e9);
            while (System.nanoTime() - dueNanos < 0) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
            String key = key(stride * model.choose(region, shift, random));
            boolean write = random.nextDouble() < writes;
            if (waiting.incrementAndGet() > WAITING_MAX) {
                waiting.decrementAndGet();
                failures.incrementAndGet();
            } else {
                pool.execute(() -> {
                    if (operate(region, key, write)) {
                        double ms = (System.nanoTime() - dueNanos) / NANOS_PER_MS;
                        synchronized (lock) {
                            sink.took(region, dueNanos, ms);
                        }
                    }
                    waiting.decrementAndGet();
                });
            }
            // Exponential pauses, as of many clients that know nothing of each other.
            due += -Math.log(1 - random.nextDouble()) / perSecond;
        }
        pool.shutdown();
        try {
            if (!pool.awaitTermination(60, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean operate(int region, String key, boolean write) {
        try {
            SocketClient client = clients.get(region);
            if (write) {
                client.put(key, VALUE);
            } else {
                client.get(key, false);
            }
            return true;
        } catch (IOException e) {
            failures.incrementAndGet();
            return false;
        }
    }
}
