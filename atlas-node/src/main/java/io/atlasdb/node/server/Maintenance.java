package io.atlasdb.node.server;

import io.atlasdb.node.kv.KvStore;
import io.atlasdb.node.replica.Replicas;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of a node that no client waits for: checkpoints, removal of old versions, and the store's own ticks. */
final class Maintenance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
    private static final long TICK_MS = 1_000;
    /** Seconds between checkpoints: larger batches rewrite fewer pages, smaller ones leave less to replay. */
    private static final int CHECKPOINT_TICKS = 2;
    /** Slices of garbage removed per tick at the most, so that checkpoints stay on time. */
    private static final int COLLECT_SLICES_MAX = 20;

    private final Replicas replicas;
    private final KvStore store;
    private final Consumer<Throwable> fatal;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "atlas-maintenance"));
    private long ticks;

    Maintenance(Replicas replicas, KvStore store, Consumer<Throwable> fatal) {
        this.replicas = replicas;
        this.store = store;
        this.fatal = fatal;
    }

    void start() {
        executor.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            store.tick();
            if (++ticks % CHECKPOINT_TICKS == 0) {
                replicas.checkpoint();
            }
            for (int i = 0; i < COLLECT_SLICES_MAX && store.collect(); i++) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.error("maintenance failed", e);
            fatal.accept(e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("maintenance did not end within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
