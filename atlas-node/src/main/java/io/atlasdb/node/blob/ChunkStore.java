package io.atlasdb.node.blob;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks in files of one folder. Safe for any number of threads.
 *
 * <p>A chunk is protected by a pin or by having been touched lately <em>before</em> anyone looks whether it is there, and is
 * removed under the same monitor only when it is neither; so what was found stays for as long as it is pinned, or for the time
 * of grace.
 */
final class ChunkStore {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkStore.class);
    private static final String UNFINISHED = "unfinished";

    private final Path folder;
    private final Path unfinished;
    private final ChunkDisk disk;
    private final LongSupplier nowMs;
    private final long reservedBytes;
    /** What was touched before is not known any more, so everything counts as touched now. */
    private final long openedMs;

    private final Map<ChunkName, Integer> pins = new HashMap<>();
    private final Map<ChunkName, Long> touchedMs = new HashMap<>();
    /** Chunks whose file does not hold what its name says. */
    private final Set<ChunkName> damaged = ConcurrentHashMap.newKeySet();

    private final AtomicLong promisedBytes = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final FolderForce force;

    private ChunkStore(Path folder, ChunkDisk disk, LongSupplier nowMs, long reservedBytes) {
        this.folder = folder;
        this.unfinished = folder.resolve(UNFINISHED);
        this.disk = disk;
        this.nowMs = nowMs;
        this.reservedBytes = reservedBytes;
        this.openedMs = nowMs.getAsLong();
        this.force = new FolderForce(disk, folder);
    }

    /**
     * Opens a folder and removes what uploads left unfinished.
     *
     * @param reservedBytes of the disk that are left to others
     * @throws AtlasException {@code CANNOT_START} when the folder cannot be used
     */
    static ChunkStore open(Path folder, ChunkDisk disk, LongSupplier nowMs, long reservedBytes) {
        ChunkStore store = new ChunkStore(folder, disk, nowMs, reservedBytes);
        try {
            Files.createDirectories(store.unfinished);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(store.unfinished)) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
            return store;
        } catch (IOException e) {
            throw ErrorCode.CANNOT_START.error(e, "the folder " + folder + " cannot be used: " + e);
        }
    }

    /** Keeps a chunk, there or yet to come, from being removed until as many calls of {@link #unpin}. */
    synchronized void pin(ChunkName name) {
        pins.merge(name, 1, Integer::sum);
    }

    /** Lets go of a chunk, which stays for the time of grace. */
    synchronized void unpin(ChunkName name) {
        touchedMs.put(name, nowMs.getAsLong());
        pins.computeIfPresent(name, (any, count) -> count == 1 ? null : count - 1);
    }

    /** Whether the chunk is here; if so it stays for the time of grace at least. */
    boolean has(ChunkName name) {
        synchronized (this) {
            touchedMs.put(name, nowMs.getAsLong());
        }
        return isThere(name);
    }

    /** The same without a promise. */
    boolean isThere(ChunkName name) {
        return !damaged.contains(name) && Files.exists(file(name));
    }

    /** Writes bytes, forced, under no name yet. */
    Path write(byte[] bytes, int offset, int length) {
        Path file = unfinished.resolve(Long.toString(files.incrementAndGet()));
        try {
            disk.write(file, bytes, offset, length);
            return file;
        } catch (IOException e) {
            discard(file);
            throw failed(e);
        }
    }

    /** Removes what {@link #write} made. */
    void discard(Path file) {
        try {
            disk.remove(file);
        } catch (IOException e) {
            LOG.debug("{} stays until the next start", file, e);
        }
    }

    /** Gives what {@link #write} made its name; durable after {@link #force}. The chunk must be pinned or just touched. */
    void name(Path file, ChunkName name) {
        try {
            disk.rename(file, file(name));
            damaged.remove(name);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes names durable, those too that others gave. */
    void force() {
        try {
            force.run();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Takes a chunk of another node, unless it is here; durable when this returns. */
    void take(ChunkName name, byte[] bytes, int offset, int length) {
        if (!has(name)) {
            reserve(length);
            try {
                name(write(bytes, offset, length), name);
            } finally {
                release(length);
            }
        }
        force();
    }

    /** A chunk's bytes; null when it is not here, or its file does not hold what the name says. */
    byte @Nullable [] read(ChunkName name) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file(name));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            damaged(name, e.toString());
            return null;
        }
        if (bytes.length > LargeValue.CHUNK_BYTES
                || !ChunkName.of(bytes, 0, bytes.length).equals(name)) {
            damaged(name, bytes.length + " bytes that are not its own");
            return null;
        }
        return bytes;
    }

    private void damaged(ChunkName name, String how) {
        if (damaged.add(name)) {
            LOG.error("the chunk {} is damaged: {}", file(name), how);
        }
    }

    /**
     * Removes a chunk that nothing refers to.
     *
     * @return whether it was removed: neither when it is pinned, nor when it was touched at or after that time
     */
    boolean remove(ChunkName name, long untouchedSinceMs) {
        synchronized (this) {
            if (pins.containsKey(name) || touchedMs.getOrDefault(name, openedMs) >= untouchedSinceMs) {
                return false;
            }
            try {
                disk.remove(file(name));
                damaged.remove(name);
                return true;
            } catch (IOException e) {
                LOG.warn("the chunk {} cannot be removed", name, e);
                return false;
            }
        }
    }

    /** Forgets what was touched before a time. */
    synchronized void forgetTouches(long beforeMs) {
        if (openedMs < beforeMs) {
            touchedMs.values().removeIf(touched -> touched < beforeMs);
        }
    }

    /** Shows all chunks; those that come or go meanwhile perhaps. */
    void each(Consumer<ChunkName> sink) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                ChunkName name = ChunkName.of(file);
                if (name != null) {
                    sink.accept(name);
                }
            }
        } catch (IOException e) {
            throw ErrorCode.CORRUPT.error(e, "the folder " + folder + " cannot be read");
        }
    }

    /**
     * Sets room aside for a value on its way; to be given back by {@link #release}.
     *
     * @throws AtlasException {@code DISK_FULL}
     */
    void reserve(long bytes) {
        long promised = promisedBytes.addAndGet(bytes);
        try {
            long free = disk.freeBytes(folder);
            if (free - promised < reservedBytes) {
                throw ErrorCode.DISK_FULL.error("a large value needs " + bytes + " bytes, "
                        + Math.max(0, free - reservedBytes) + " may be used");
            }
        } catch (IOException e) {
            promisedBytes.addAndGet(-bytes);
            throw ErrorCode.DISK_FULL.error(e, "the free space of " + folder + " is unknown");
        } catch (AtlasException e) {
            promisedBytes.addAndGet(-bytes);
            throw e;
        }
    }

    void release(long bytes) {
        promisedBytes.addAndGet(-bytes);
    }

    private Path file(ChunkName name) {
        return folder.resolve(name.toString());
    }

    private static AtlasException failed(IOException e) {
        return ErrorCode.DISK_FULL.error(e, "a chunk of a large value could not be written: " + e.getMessage());
    }
}
