package io.atlasdb.node.blob;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The large values of a node. */
public final class Blobs implements LargeValues, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);

    private final ChunkStore store;
    private final BlobOptions options;
    private final LongSupplier nowMs;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "atlas-blobs");
        thread.setDaemon(true);
        return thread;
    });

    private Blobs(ChunkStore store, BlobOptions options, LongSupplier nowMs) {
        this.store = store;
        this.options = options;
        this.nowMs = nowMs;
    }

    /**
     * Opens a folder, made when there is none.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CANNOT_START} when it cannot be used
     */
    public static Blobs open(Path folder, BlobOptions options) {
        return open(folder, options, ChunkDisk.REAL, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    static Blobs open(Path folder, BlobOptions options, ChunkDisk disk, LongSupplier nowMs) {
        return new Blobs(ChunkStore.open(folder, disk, nowMs, options.reservedBytes()), options, nowMs);
    }

    /** Begins to remove what nothing refers to. */
    public void start(Referrers referrers) {
        Sweep sweep = new Sweep(store, referrers, nowMs, options.graceMs());
        keeper.scheduleWithFixedDelay(() -> sweep(sweep), options.sweepMs(), options.sweepMs(), TimeUnit.MILLISECONDS);
    }

    private static void sweep(Sweep sweep) {
        try {
            int removed = sweep.run();
            if (removed > 0) {
                LOG.info("removed {} chunks of large values that nothing refers to", removed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("chunks of large values that nothing refers to stay for now: {}", e.toString());
        }
    }

    @Override
    public Upload upload(long bytes) {
        return new Uploading(store, bytes);
    }

    @Override
    public Download open(long group, LargeValue value) {
        Downloading download = new Downloading(store, value, this::read);
        for (ChunkName name : ChunkName.of(value)) {
            if (!store.isThere(name)) {
                download.close();
                throw missing(name);
            }
        }
        return download;
    }

    private byte[] read(ChunkName name) {
        byte[] bytes = store.read(name);
        if (bytes == null) {
            throw missing(name);
        }
        return bytes;
    }

    private static RuntimeException missing(ChunkName name) {
        return ErrorCode.CORRUPT.error("the chunk " + name + " of a large value is nowhere to be had");
    }

    @Override
    public void close() {
        keeper.shutdownNow();
        try {
            if (!keeper.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("looking after large values did not end within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
