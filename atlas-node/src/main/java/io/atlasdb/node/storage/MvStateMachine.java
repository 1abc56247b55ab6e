package io.atlasdb.node.storage;

import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Installation;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine in an MVStore file. How reads, appliers, checkpoints and collection get along is told in DESIGN.md.
 *
 * <p>Damaged pages surface as {@code CORRUPT} where they are read; then the caller closes this, calls {@link #setAside}, opens
 * it anew and rebuilds it. An entry that failed half-way poisons the store: nothing is applied or made durable any more.
 */
public final class MvStateMachine implements StateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(MvStateMachine.class);
    /** Of a sparse chunk's bytes, how many are in use when it is worth rewriting, percent. */
    private static final int FILL_PERCENT_TARGET = 60;
    /** What a checkpoint rewrites at least of sparse chunks, when there are any, bytes. */
    private static final int REWRITE_BYTES_MIN = 1 << 20;

    private static final int REWRITE_BYTES_MAX = 16 << 20;

    private final StoreFile files;
    private final MVStore store;
    private final Path directory;
    private final StorageOptions options;
    private final Collector collector;
    private final Installer installer;

    /** Readers of this lock apply or collect; the writer commits. So a commit never holds part of an entry. */
    private final ReentrantReadWriteLock committing = new ReentrantReadWriteLock();

    private final Object checkpointing = new Object();
    /** Keeps the pages of the last durable version from being overwritten; guarded by {@code checkpointing}. */
    private MVStore.TxCounter durable;

    private volatile @Nullable Throwable poison;

    private MvStateMachine(StoreFile files, Path directory, StorageOptions options) {
        this.files = files;
        this.store = files.store();
        this.directory = directory;
        this.options = options;
        this.collector = new Collector(files, committing.readLock());
        this.installer = new Installer(files, committing.readLock(), collector);
        this.durable = store.registerVersionUsage();
    }

    /**
     * Opens the store of a directory. What a crash left is repaired: a store ahead of the checkpoint is kept, one whose
     * unforced end does not read goes back to the checkpoint, one that cannot be read is renamed and a new, empty one is made,
     * so that {@link #positions} is empty and the caller rebuilds from the log and the peers.
     *
     * @param checkpointVersion of the journal's last CHECKPOINT, 0 when there is none
     * @throws IOException when the directory cannot be used
     */
    public static MvStateMachine open(Path directory, StorageOptions options, long checkpointVersion)
            throws IOException {
        return open(directory, options, checkpointVersion, PageFile::new);
    }

    static MvStateMachine open(
            Path directory, StorageOptions options, long checkpoint, Function<Map<String, Object>, PageFile> files)
            throws IOException {
        return new MvStateMachine(StoreFile.open(directory, options, checkpoint, files), directory, options);
    }

    /** Renames the store of a directory, which must be closed, since it turned out to be damaged. */
    public static Path setAside(Path directory) throws IOException {
        return StoreFile.setAside(directory);
    }

    /** Where the former file is, when opening found that it cannot be read; null when all is well. */
    public @Nullable Path setAside() {
        return files.setAside();
    }

    @Override
    public Position applied(long group) {
        Position position = find(files.positions(), group);
        return position == null ? Position.START : position;
    }

    @Override
    public Map<Long, Position> positions() {
        MVStore.TxCounter usage = store.registerVersionUsage();
        try {
            return positions(files.positions().getRoot());
        } catch (MVStoreException e) {
            throw files.error(e);
        } finally {
            store.decrementVersionUsageCounter(usage);
        }
    }

    private static Map<Long, Position> positions(RootReference<Long, Position> root) {
        Map<Long, Position> positions = new HashMap<>();
        Cursor<Long, Position> cursor = new Cursor<>(root, null, null);
        while (cursor.hasNext()) {
            Long group = cursor.next();
            positions.put(group, cursor.getValue());
        }
        return positions;
    }

    @Override
    public void apply(long group, Position position, List<Mutation> mutations) {
        committing.readLock().lock();
        try {
            refuseWhenPoisoned();
            Position before = files.positions().get(group);
            long slot = before == null ? 0 : before.slot();
            if (position.slot() != slot + 1) {
                throw new IllegalStateException(
                        "group " + group + " is at slot " + slot + ", slot " + position.slot() + " was applied");
            }
            change(group, mutations, olderVersions(group, mutations));
            files.positions().put(group, position);
        } catch (MVStoreException e) {
            poison = e;
            throw files.error(e);
        } finally {
            committing.readLock().unlock();
        }
        if (store.getUnsavedMemory() > options.unsavedBytesMax()) {
            writeEarly();
        }
    }

    /** What the mutations replace, in their order; read and checked before anything is changed. */
    private @Nullable Version[] olderVersions(long group, List<Mutation> mutations) {
        @Nullable Version[] older = new Version[mutations.size()];
        for (int i = 0; i < older.length; i++) {
            Mutation mutation = mutations.get(i);
            if (mutation.space() == Mutation.Space.ROWS) {
                Version old = files.current().get(new GroupKey(group, mutation.key()));
                if (old != null && old.version() > mutation.version()) {
                    throw new IllegalStateException("a key of group " + group + " is at version " + old.version()
                            + ", version " + mutation.version() + " was applied");
                }
                older[i] = old;
            }
        }
        return older;
    }

    private void change(long group, List<Mutation> mutations, @Nullable Version[] older) {
        try {
            for (int i = 0; i < older.length; i++) {
                Mutation mutation = mutations.get(i);
                if (mutation.space() == Mutation.Space.ROWS) {
                    changeRow(group, mutation, older[i]);
                } else {
                    changeMeta(group, mutation);
                }
            }
        } catch (RuntimeException | Error e) {
            poison = e; // part of an entry is in the maps
            throw e;
        }
    }

    /** The older version goes to the history first: a reader that meets the new one in the current map must find it there. */
    private void changeRow(long group, Mutation mutation, @Nullable Version old) {
        long version = mutation.version();
        byte[] key = mutation.key();
        if (old != null && old.version() < version) {
            files.history().put(new VersionKey(group, key, old.version()), old);
            files.garbage().put(new VersionKey(group, key, version), old.version());
        } else if (mutation.value() == null) {
            // the first version of the key, or in place of the same version, whose entry in the queue stays then
            files.garbage().putIfAbsent(new VersionKey(group, key, version), Collector.NOTHING);
        }
        Version now = new Version(version, mutation.value());
        ReferringRows.put(files, group, key, now, old);
        files.current().put(new GroupKey(group, key), now);
    }

    private void changeMeta(long group, Mutation mutation) {
        GroupKey key = new GroupKey(group, mutation.key());
        byte[] value = mutation.value();
        if (value == null) {
            files.meta().remove(key);
        } else {
            files.meta().put(key, value);
        }
    }

    @Override
    public byte @Nullable [] meta(long group, byte[] key) {
        return find(files.meta(), new GroupKey(group, key));
    }

    @Override
    public void metaScan(long group, byte[] prefix, int limit, BiConsumer<byte[], byte[]> sink) {
        MVStore.TxCounter usage = store.registerVersionUsage();
        try {
            Cursor<GroupKey, byte[]> cursor = new Cursor<>(files.meta().getRoot(), new GroupKey(group, prefix), null);
            for (int left = limit; left > 0 && cursor.hasNext(); left--) {
                GroupKey key = cursor.next();
                if (key.group() != group || !startsWith(key.key(), prefix)) {
                    break;
                }
                sink.accept(key.key(), cursor.getValue());
            }
        } catch (MVStoreException e) {
            throw files.error(e);
        } finally {
            store.decrementVersionUsageCounter(usage);
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public byte @Nullable [] get(long group, byte[] key, long timestamp) {
        installer.check(group, timestamp);
        MVStore.TxCounter usage = store.registerVersionUsage();
        try {
            Version version = files.current().get(new GroupKey(group, key));
            if (version != null && version.version() > timestamp) {
                version = VersionScan.older(files.history().getRoot(), group, key, timestamp);
            }
            installer.check(group, timestamp); // again: a snapshot may have begun to replace what was just read
            return version == null ? null : version.value();
        } catch (MVStoreException e) {
            throw files.error(e);
        } finally {
            store.decrementVersionUsageCounter(usage);
        }
    }

    @Override
    public RowIterator scan(KeyRange range, long timestamp, boolean reverse) {
        installer.check(range.group(), timestamp);
        RowIterator rows = VersionScan.open(files, range, timestamp, reverse);
        try {
            installer.check(range.group(), timestamp); // again: its roots may be of a group in the middle of a snapshot
            return rows;
        } catch (AtlasException e) {
            rows.close();
            throw e;
        }
    }

    @Override
    public long newestVersion(long group, byte[] key) {
        Version version = find(files.current(), new GroupKey(group, key));
        return version == null ? 0 : version.version();
    }

    @Override
    public Export export(long group) {
        return new StoreExport(files, group);
    }

    @Override
    public void beginInstall(long group, boolean incremental) {
        refuseWhenPoisoned();
        installer.begin(group, incremental);
    }

    @Override
    public void installRows(long group, List<Export.Row> rows) {
        refuseWhenPoisoned();
        installer.rows(group, rows);
        if (store.getUnsavedMemory() > options.unsavedBytesMax()) {
            writeEarly();
        }
    }

    @Override
    public void finishInstall(long group, Installation installation, List<Export.Row> metas) {
        refuseWhenPoisoned();
        installer.finish(group, installation, metas);
    }

    @Override
    public Set<Long> installing() {
        return installer.unfinished();
    }

    @Override
    public @Nullable Installation installation(long group) {
        return installer.last(group);
    }

    @Override
    public LogRecord.Checkpoint checkpoint() {
        synchronized (checkpointing) {
            refuseWhenPoisoned();
            rewriteSparseChunks();
            MVStore.TxCounter usage;
            RootReference<Long, Position> positions;
            long version;
            committing.writeLock().lock();
            try {
                commit();
                version = store.getCurrentVersion();
                positions = files.positions().getRoot();
                usage = store.registerVersionUsage();
            } finally {
                committing.writeLock().unlock();
            }
            sync();
            store.deregisterVersionUsage(durable);
            durable = usage;
            return new LogRecord.Checkpoint(version, positions(positions));
        }
    }

    /** Writes the changed pages, so that memory stays bounded between checkpoints. They count as durable only after one. */
    private void writeEarly() {
        committing.writeLock().lock();
        try {
            if (store.getUnsavedMemory() > options.unsavedBytesMax()) {
                commit();
            }
        } catch (AtlasException e) {
            if (e.code() != ErrorCode.DISK_FULL || poison != null) {
                throw e;
            }
            LOG.warn("changed pages stay in memory: {}", e.getMessage()); // the entry is applied all the same
        } finally {
            committing.writeLock().unlock();
        }
    }

    /** Copies what is left of sparse chunks among the changed pages, so that the file stops growing. */
    private void rewriteSparseChunks() {
        int bytes = Math.min(REWRITE_BYTES_MAX, Math.max(REWRITE_BYTES_MIN, store.getUnsavedMemory()));
        try {
            store.compact(FILL_PERCENT_TARGET, bytes);
        } catch (MVStoreException e) {
            poison = e; // MVStore has closed itself
            throw files.error(e);
        }
    }

    private void commit() {
        refuseWhenPoisoned();
        refuseWhenDiskIsFull();
        try {
            store.commit();
        } catch (MVStoreException e) {
            throw end(e); // MVStore has closed itself
        }
    }

    private void sync() {
        try {
            store.sync();
        } catch (MVStoreException e) {
            throw end(e); // what the file now holds is unknown
        }
    }

    private RuntimeException end(MVStoreException cause) {
        poison = cause;
        options.fatal().accept(cause);
        return files.error(cause);
    }

    /** A commit that finds no space would close the store; it is refused before, so that reads go on. */
    private void refuseWhenDiskIsFull() {
        long needed = store.getUnsavedMemory() + options.diskFreeBytesMin();
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < needed) {
                throw ErrorCode.DISK_FULL.error("the store needs " + needed + " bytes, " + free + " are free");
            }
        } catch (IOException e) {
            throw ErrorCode.DISK_FULL.error(e, "the free space of " + directory + " is unknown");
        }
    }

    private void refuseWhenPoisoned() {
        Throwable cause = poison;
        if (cause != null) {
            throw ErrorCode.CORRUPT.error(cause, "the store failed before and must be opened again");
        }
    }

    @Override
    public boolean collect(LongUnaryOperator horizon) {
        refuseWhenPoisoned();
        try {
            return collector.collect(horizon);
        } catch (MVStoreException e) {
            throw files.error(e);
        }
    }

    @Override
    public boolean remove(long group) {
        refuseWhenPoisoned();
        try {
            return collector.remove(group);
        } catch (MVStoreException e) {
            throw files.error(e);
        }
    }

    @Override
    public void referring(RowVisitor visitor) {
        try {
            ReferringRows.visit(files, visitor);
        } catch (MVStoreException e) {
            throw files.error(e);
        }
    }

    @Override
    public long bytesOnDisk() {
        try {
            return Files.size(directory.resolve(StoreFile.NAME));
        } catch (IOException e) {
            throw ErrorCode.CORRUPT.error(e, "the file of the store is gone");
        }
    }

    /** Reads every page of the file that is in use. Throws {@code CORRUPT} when one is damaged. */
    public void verify() {
        MVStore.TxCounter usage = store.registerVersionUsage();
        try {
            files.readAll();
        } catch (MVStoreException e) {
            throw files.error(e);
        } finally {
            store.decrementVersionUsageCounter(usage);
        }
    }

    /** How many older versions are kept, of all groups. */
    public long historySize() {
        return files.history().sizeAsLong();
    }

    @Override
    public void close() {
        store.closeImmediately();
    }

    private <K, V> @Nullable V find(MVMap<K, V> map, K key) {
        MVStore.TxCounter usage = store.registerVersionUsage();
        try {
            return map.get(key);
        } catch (MVStoreException e) {
            throw files.error(e);
        } finally {
            store.decrementVersionUsageCounter(usage);
        }
    }
}
