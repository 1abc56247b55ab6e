package io.atlasdb.node.blob;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The large values of a node. */
public final class Blobs implements LargeValues, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);

    /** Voters that chunks are sent to at a time, of all values on their way. */
    private static final int SPREADERS = 6;

    private static final int SERVERS = 3;
    /** For so many times as long as a look for missing chunks took there is no other one. */
    private static final long REPAIR_REST = 50;
    /** Questions of other nodes that wait, each with a chunk perhaps. */
    private static final int WAITING_MAX = 64;

    private final ChunkStore store;
    private final BlobOptions options;
    private final LongSupplier nowMs;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(thread("atlas-blobs"));
    private final ScheduledExecutorService spreaders =
            Executors.newScheduledThreadPool(SPREADERS, thread("atlas-blob-spread"));
    private final ThreadPoolExecutor servers = new ThreadPoolExecutor(
            SERVERS, SERVERS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), thread("atlas-blob-serve"));
    private volatile @Nullable Peers peers;
    private long nextRepairMs = Long.MIN_VALUE;

    private Blobs(ChunkStore store, BlobOptions options, LongSupplier nowMs) {
        this.store = store;
        this.options = options;
        this.nowMs = nowMs;
        servers.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory thread(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
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

    /**
     * Begins to serve other nodes, to remove what nothing refers to, and to fetch what is missing. Once.
     *
     * @param self the number of this node
     * @param members those of a group, null when this node does not know it
     */
    public void start(int self, Link link, LongFunction<@Nullable Configuration> members, Referrers referrers) {
        Peers known = new Peers(self, link, members);
        peers = known;
        link.serve(Link.Service.BLOB, new ChunkServer(store, servers));
        Sweep sweep = new Sweep(store, referrers, nowMs, options.graceMs());
        every(options.sweepMs(), () -> sweep(sweep));
        Repair repair = new Repair(store, known, referrers);
        every(options.repairMs(), () -> repair(repair));
        Scrub scrub = new Scrub(store, nowMs);
        every(Math.max(1, 1000L * LargeValue.CHUNK_BYTES / options.scrubBytesPerSecond()), scrub::step);
    }

    private void every(long periodMs, Runnable task) {
        keeper.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.warn("looking after large values: {}", e.toString());
                    }
                },
                periodMs,
                periodMs,
                TimeUnit.MILLISECONDS);
    }

    /** The more there is to look at, the rarer. */
    private void repair(Repair repair) {
        long beginMs = nowMs.getAsLong();
        if (beginMs >= nextRepairMs) {
            repair.run();
            long endMs = nowMs.getAsLong();
            nextRepairMs = endMs + REPAIR_REST * (endMs - beginMs);
        }
    }

    private static void sweep(Sweep sweep) {
        try {
            int removed = sweep.run();
            if (removed > 0) {
                LOG.info("removed {} chunks of large values that nothing refers to", removed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("chunks of large values that nothing refers to stay for now: {}", e.toString());
        }
    }

    /**
     * Brings values to the voters of a group.
     *
     * @return completes with nodes that hold every chunk on disk, a phase-2 quorum of the group's members among them; or with
     *     {@code NO_QUORUM}
     */
    public CompletableFuture<Set<Integer>> spread(long group, Collection<LargeValue> values) {
        Peers known = peers;
        Configuration members = known == null ? null : known.members(group);
        if (known == null || members == null) {
            return CompletableFuture.failedFuture(
                    ErrorCode.NO_QUORUM.error("the members of group " + group + " are not known"));
        }
        Set<ChunkName> names = new LinkedHashSet<>();
        values.forEach(value -> names.addAll(ChunkName.of(value)));
        return new Spread(store, known, spreaders, nowMs, group, members, names).run();
    }

    @Override
    public Upload upload(long bytes) {
        return new Uploading(store, bytes);
    }

    @Override
    public Download open(long group, LargeValue value) {
        Downloading download = new Downloading(store, value, name -> read(group, name));
        List<ChunkName> absent = ChunkName.of(value).stream()
                .filter(name -> !store.isThere(name))
                .toList();
        try {
            if (!absent.isEmpty()) {
                read(group, absent.get(0)); // says at once when nobody can be asked
            }
            return download;
        } catch (RuntimeException e) {
            download.close();
            throw e;
        }
    }

    private byte[] read(long group, ChunkName name) {
        byte[] bytes = store.read(name);
        Peers known = peers;
        if (bytes == null && known != null) {
            bytes = known.fetch(group, name);
            Configuration members = known.members(group);
            if (bytes != null && members != null && members.hasMember(known.self)) {
                keep(name, bytes);
            }
        }
        if (bytes == null) {
            throw missing(name);
        }
        return bytes;
    }

    private void keep(ChunkName name, byte[] bytes) {
        try {
            store.take(name, bytes, 0, bytes.length);
        } catch (AtlasException e) {
            LOG.warn("a chunk that was missing here cannot be stored: {}", e.getMessage());
        }
    }

    static AtlasException missing(ChunkName name) {
        return ErrorCode.CORRUPT.error("the chunk " + name + " of a large value is nowhere to be had");
    }

    @Override
    public void close() {
        spreaders.shutdownNow();
        servers.shutdownNow();
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
