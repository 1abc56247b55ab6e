package io.atlasdb.node.storage;

import io.atlasdb.node.replica.Installation;
import io.atlasdb.node.replica.Position;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.Page;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open file with its maps. All groups share the maps, since a commit walks every open map.
 *
 * @param current (group, key) → newest version, or its tombstone
 * @param history (group, key, falling version) → an older version
 * @param garbage (group, superseding version, key) → the version that it superseded, 0 when there was none
 * @param meta (group, key) → value, without versions
 * @param positions group → how far it is applied
 * @param installs group → its last snapshot, or the mark that one is being installed
 * @param references (group, key, version) → nothing: the versions in current and history that refer to values outside of
 *     their rows
 * @param setAside where the former file is, when it could not be read and this one is new
 */
record StoreFile(
        MVStore store,
        PageFile file,
        MVMap<GroupKey, Version> current,
        MVMap<VersionKey, Version> history,
        MVMap<VersionKey, Long> garbage,
        MVMap<GroupKey, byte[]> meta,
        MVMap<Long, Position> positions,
        MVMap<Long, Installation> installs,
        MVMap<VersionKey, Long> references,
        @Nullable Path setAside) {
    static final String NAME = "state.mv";
    private static final Logger LOG = LoggerFactory.getLogger(StoreFile.class);
    private static final int PAGE_BYTES = 4096;
    private static final int RENAMES_MAX = 10_000;

    /**
     * Opens the file of a directory or makes a new one. What was written after the checkpoint was perhaps never forced: it is
     * kept when every page of it reads, and given up otherwise.
     *
     * @param checkpoint the version that is known to be durable, 0 when none is
     */
    static StoreFile open(
            Path directory, StorageOptions options, long checkpoint, Function<Map<String, Object>, PageFile> files)
            throws IOException {
        Files.createDirectories(directory);
        Path path = directory.resolve(NAME);
        Path setAside = null;
        if (Files.exists(path)) {
            StoreFile opened = openExisting(path, options, checkpoint, files);
            if (opened != null) {
                return opened;
            }
            setAside = setAside(directory);
        }
        StoreFile created = openMaps(path, options, files, setAside);
        created.store.commit();
        created.store.sync();
        forceDirectory(directory);
        return created;
    }

    /** Renames the file of a directory, so that the next opening makes a new one. The store must be closed. */
    static Path setAside(Path directory) throws IOException {
        Path path = directory.resolve(NAME);
        for (int i = 1; i < RENAMES_MAX; i++) {
            Path target = directory.resolve(NAME + ".damaged-" + i);
            if (!Files.exists(target)) {
                Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
                forceDirectory(directory);
                LOG.error("the store {} cannot be read; it was renamed to {}", path, target);
                return target;
            }
        }
        throw new IOException("too many damaged stores in " + directory + "; remove the oldest");
    }

    private static @Nullable StoreFile openExisting(
            Path path, StorageOptions options, long checkpoint, Function<Map<String, Object>, PageFile> files) {
        try {
            StoreFile opened = tryOpen(path, options, checkpoint, files);
            if (opened == null && checkpoint > 0 && rollBack(path, options, checkpoint, files)) {
                opened = tryOpen(path, options, checkpoint, files);
            }
            return opened;
        } catch (MVStoreException e) {
            if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                throw ErrorCode.BUSY.error(e, "the store " + path + " is in use by another process");
            }
            if (e.getErrorCode() == DataUtils.ERROR_UNSUPPORTED_FORMAT) {
                throw ErrorCode.UNSUPPORTED.error(e, "the format of the store " + path);
            }
            LOG.error("the store {} cannot be opened", path, e);
            return null;
        }
    }

    /** The open store, or null when what it holds after the checkpoint does not read, or the checkpoint is not in it. */
    private static @Nullable StoreFile tryOpen(
            Path path, StorageOptions options, long checkpoint, Function<Map<String, Object>, PageFile> files) {
        MVStore opened = null;
        try {
            StoreFile file = openMaps(path, options, files, null);
            opened = file.store;
            long version = file.store.getCurrentVersion();
            if (version < checkpoint) {
                LOG.error("the store {} is at version {}, below its checkpoint {}", path, version, checkpoint);
            } else {
                file.readPagesAfter(checkpoint);
                file.store.sync(); // what is kept becomes what the next checkpoint stands on
                return file;
            }
        } catch (MVStoreException e) {
            if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
                    || e.getErrorCode() == DataUtils.ERROR_UNSUPPORTED_FORMAT) {
                throw e;
            }
            LOG.warn("the store {} does not read after its checkpoint {}: {}", path, checkpoint, e.getMessage());
        }
        if (opened != null) {
            opened.closeImmediately();
        }
        return null;
    }

    private static boolean rollBack(
            Path path, StorageOptions options, long checkpoint, Function<Map<String, Object>, PageFile> files) {
        PageFile file = files.apply(config(options));
        MVStore store = openStore(path, options, file);
        try {
            if (store.getCurrentVersion() < checkpoint) {
                return false;
            }
            store.rollbackTo(checkpoint);
            file.eraseAbandonedChunks();
            LOG.warn("the store {} was rolled back to its checkpoint {}", path, checkpoint);
            return true;
        } catch (IllegalArgumentException e) {
            LOG.error("the store {} does not hold its checkpoint {} any more", path, checkpoint, e);
            return false;
        } finally {
            store.closeImmediately();
        }
    }

    private static StoreFile openMaps(
            Path path, StorageOptions options, Function<Map<String, Object>, PageFile> files, @Nullable Path setAside) {
        PageFile file = files.apply(config(options));
        MVStore store = openStore(path, options, file);
        try {
            if (store.getMetaMap().getId() >= PageFile.MAP_ID_FIRST) {
                throw PageType.corrupt("the file was not made by this program");
            }
            return new StoreFile(
                    store,
                    file,
                    map(store, "current", PageTypes.GROUP_KEY, PageTypes.VERSION),
                    map(store, "history", PageTypes.HISTORY_KEY, PageTypes.VERSION),
                    map(store, "garbage", PageTypes.GARBAGE_KEY, PageTypes.TIMESTAMP),
                    map(store, "meta", PageTypes.GROUP_KEY, PageTypes.BYTES),
                    map(store, "positions", PageTypes.GROUP, PageTypes.POSITION),
                    map(store, "installs", PageTypes.GROUP, PageTypes.INSTALLATION),
                    map(store, "references", PageTypes.HISTORY_KEY, PageTypes.TIMESTAMP),
                    setAside);
        } catch (MVStoreException e) {
            store.closeImmediately();
            throw e;
        }
    }

    private static Map<String, Object> config(StorageOptions options) {
        Map<String, Object> config = new HashMap<>();
        config.put("cacheSize", options.cacheMiB());
        config.put("pageSplitSize", PAGE_BYTES);
        return config;
    }

    private static MVStore openStore(Path path, StorageOptions options, PageFile file) {
        file.setRetentionTime(options.retentionMs());
        file.open(path.toString(), false, null);
        try {
            return new MVStore.Builder()
                    .adoptFileStore(file)
                    .autoCommitDisabled()
                    .autoCommitBufferSize(0)
                    .open();
        } catch (MVStoreException e) {
            closeQuietly(file);
            throw e;
        } catch (RuntimeException e) {
            // damaged texts in MVStore's own maps make it fail in many ways
            closeQuietly(file);
            throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "{0} does not open", path, e);
        }
    }

    private static void closeQuietly(PageFile file) {
        try {
            file.close();
        } catch (RuntimeException e) {
            LOG.debug("closing after a failure", e);
        }
    }

    private static <K, V> MVMap<K, V> map(MVStore store, String name, PageType<K> keys, PageType<V> values) {
        return store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
    }

    /** Reads every page written after that version. A page never points to a younger one, so old ones end the walk. */
    private void readPagesAfter(long version) {
        for (MVMap<?, ?> map : java.util.List.of(current, history, garbage, meta, positions, installs, references)) {
            Page<?, ?> root = map.getRootPage();
            if (root.isSaved() && file.isNewer(DataUtils.getPageChunkId(root.getPos()), version)) {
                readChildrenAfter(root, version);
            }
        }
    }

    private void readChildrenAfter(Page<?, ?> page, long version) {
        int children = page.isLeaf() ? 0 : page.getRawChildPageCount();
        for (int i = 0; i < children; i++) {
            long position = page.getChildPagePos(i);
            if (DataUtils.isPageSaved(position) && file.isNewer(DataUtils.getPageChunkId(position), version)) {
                readChildrenAfter(page.getChildPage(i), version);
            }
        }
    }

    /** Reads the whole file; throws when a page of it is damaged. */
    void readAll() {
        readPagesAfter(-1);
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What a caller sees of an exception of MVStore's. A store that was closed by its owner is no damaged one. */
    AtlasException error(MVStoreException e) {
        MVStoreException panic = store.getPanicException();
        if (store.isClosed() && panic == null) {
            return ErrorCode.SHUTTING_DOWN.error(e);
        }
        MVStoreException cause = panic == null ? e : panic;
        if (cause.getErrorCode() == DataUtils.ERROR_WRITING_FAILED) {
            return ErrorCode.DISK_FULL.error(cause, "the store could not be written");
        }
        return ErrorCode.CORRUPT.error(cause, "a page of the store cannot be read");
    }
}
