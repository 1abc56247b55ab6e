package io.atlasdb.node.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SystemKeys;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts a backup into an empty cluster. The rows of the groups come first; nothing names them, so nobody sees them. The last step is
 * one transaction over group 0, which writes all names and takes away the mark that the first step set.
 *
 * <p>A restore that was cut short is done again from its beginning: what stands already, with the same bytes, is not written a
 * second time. That holds for retained rows too, which could not be overwritten.
 */
final class ClusterWriter {
    /** What one transaction carries, bytes: several of them are on their way at once. */
    private static final int PART_BYTES = 512 << 10;

    /** Large values go to the members of the group before the commit. */
    private static final long COMMIT_MS = 120_000;

    private static final int TRIES_MAX = 20;
    private static final long PAUSE_MS = 250;

    private final Store store;
    private final Manifest manifest;
    private final Map<Long, Placement> placements;
    private final Job job;
    private final String mark;
    /** Whether a restore of the same backup began before, so that rows may stand already. */
    private final boolean again;

    private final LargeWriter large;
    private final Set<Long> begun = ConcurrentHashMap.newKeySet();
    private final Map<Long, AtomicLong> restored = new ConcurrentHashMap<>();

    private ClusterWriter(
            Store store, Manifest manifest, Map<Long, Placement> placements, Job job, String mark, boolean again) {
        this.store = store;
        this.manifest = manifest;
        this.placements = placements;
        this.job = job;
        this.mark = mark;
        this.again = again;
        this.large = new LargeWriter(store.largeValues());
    }

    /**
     * The first step: marks the cluster as being restored, which bars every change of its catalog.
     *
     * @throws AtlasException {@code CANNOT_RESTORE} when it is not empty, or is marked for another backup
     */
    static ClusterWriter begin(Store store, Manifest manifest, Map<Long, Placement> placements, Job job) {
        String mark = "backup " + manifest.id() + " of " + manifest.takenAt();
        AtlasException last = null;
        for (int i = 0; i < TRIES_MAX; i++) {
            try (Snapshot now = store.snapshot()) {
                boolean again = check(now, mark);
                if (!again) {
                    await(store.commit(new Commit(
                            now.timestamp(),
                            List.of(
                                    KeyRange.of(Store.SYSTEM_GROUP, SystemKeys.restoring()),
                                    KeyRange.of(Store.SYSTEM_GROUP, SystemKeys.nextId()),
                                    SystemKeys.names()),
                            List.of(
                                    new Write(Store.SYSTEM_GROUP, SystemKeys.restoring(), mark.getBytes(UTF_8)),
                                    new Write(
                                            Store.SYSTEM_GROUP,
                                            SystemKeys.nextId(),
                                            SystemKeys.bytes(manifest.nextId()))),
                            List.of(),
                            List.of())));
                }
                return new ClusterWriter(store, manifest, placements, job, mark, again);
            } catch (AtlasException e) {
                if (!isTransient(e)) {
                    throw e;
                }
                last = e;
                pause();
            }
        }
        throw last == null ? ErrorCode.BUSY.error("group 0") : last;
    }

    /** Whether a restore of this backup began before; refuses a cluster that anything else has. */
    private static boolean check(Snapshot now, String mark) {
        byte[] before = now.get(Store.SYSTEM_GROUP, SystemKeys.restoring());
        if (before != null) {
            String text = new String(before, UTF_8);
            if (!text.equals(mark)) {
                throw ErrorCode.CANNOT_RESTORE.error("a restore of " + text
                        + " was begun and not finished; finish that one, or start with a new cluster");
            }
            return true;
        }
        try (RowIterator names = now.scan(SystemKeys.names(), false)) {
            if (names.next()) {
                String name = new String(names.key(), 1, names.key().length - 1, UTF_8).replace('\0', '.');
                throw ErrorCode.CANNOT_RESTORE.error("the cluster is not empty, it has " + name);
            }
        }
        if (now.get(Store.SYSTEM_GROUP, SystemKeys.nextId()) != null) {
            throw ErrorCode.CANNOT_RESTORE.error(
                    "the cluster had tables before, whose numbers are not given twice; start" + " with a new cluster");
        }
        return false;
    }

    Job job() {
        return job;
    }

    /** Takes a part of a large value. */
    void large(Chunk chunk) {
        LargePiece piece = LargePiece.decode(chunk.content());
        large.add(chunk.group(), piece);
        job.add(0, piece.bytes().length);
    }

    /** Lets go of what it holds; it is done, or given up. */
    void close() {
        large.close();
    }

    /** Writes rows of a group; returns when they are durable. Chunks may come in any order and from several threads. */
    long rows(Chunk chunk, Runnable check) {
        if (chunk.group() == Store.SYSTEM_GROUP || !manifest.groups().containsKey(chunk.group())) {
            throw ErrorCode.BACKUP_DAMAGED.error(
                    "rows of group " + chunk.group() + ", which the manifest does not list");
        }
        List<Write> writes = new ArrayList<>(chunk.rows());
        AtomicLong bytes = new AtomicLong();
        ChunkRows.forEach(chunk, (key, value) -> {
            bytes.addAndGet(key.length + value.length);
            writes.add(new Write(chunk.group(), key, value));
        });
        AtlasException last = null;
        for (int i = 0; i < TRIES_MAX; i++) {
            try {
                write(chunk.group(), again || last != null ? missing(chunk.group(), writes) : writes);
                restored.computeIfAbsent(chunk.group(), any -> new AtomicLong()).addAndGet(chunk.rows());
                job.add(chunk.rows(), bytes.get());
                large.written(chunk.group());
                return chunk.rows();
            } catch (AtlasException e) {
                if (!isTransient(e)) {
                    throw e;
                }
                last = e;
                pause();
                check.run();
            }
        }
        throw last == null ? ErrorCode.BUSY.error("group " + chunk.group()) : last;
    }

    private void write(long group, List<Write> writes) {
        List<Write> rest = begin(group, writes);
        List<CompletableFuture<Long>> parts = new ArrayList<>();
        List<Write> part = new ArrayList<>();
        long bytes = 0;
        for (Iterator<Write> each = rest.iterator(); each.hasNext(); ) {
            Write write = each.next();
            part.add(write);
            bytes += size(write);
            if (bytes >= PART_BYTES || !each.hasNext()) {
                parts.add(store.commit(blind(part)));
                part = new ArrayList<>();
                bytes = 0;
            }
        }
        parts.forEach(ClusterWriter::await);
    }

    /** The first write to a group goes with its placement, from which its first members follow. Returns what is left. */
    private List<Write> begin(long group, List<Write> writes) {
        if (writes.isEmpty() || begun.contains(group)) {
            return writes;
        }
        synchronized (begun) {
            if (begun.contains(group)) {
                return writes;
            }
            List<Write> first = new ArrayList<>(writes.subList(0, 1));
            Placement placement = placements.getOrDefault(group, Placement.DEFAULT);
            if (!placement.equals(Placement.DEFAULT)) {
                first.add(new Write(Store.SYSTEM_GROUP, Placement.key(group), placement.encode()));
            }
            await(store.commit(blind(first)));
            begun.add(group);
            return writes.subList(1, writes.size());
        }
    }

    /** Those that do not stand with the same value already. */
    private List<Write> missing(long group, List<Write> writes) {
        List<Write> missing = new ArrayList<>();
        byte[] lastKey = writes.get(writes.size() - 1).key();
        KeyRange range = new KeyRange(group, writes.get(0).key(), Arrays.copyOf(lastKey, lastKey.length + 1));
        try (Snapshot now = store.snapshot();
                RowIterator standing = now.scan(range, false)) {
            boolean more = standing.next();
            for (Write write : writes) {
                while (more && Arrays.compareUnsigned(standing.key(), write.key()) < 0) {
                    more = standing.next();
                }
                boolean stands = more
                        && Arrays.equals(standing.key(), write.key())
                        && Arrays.equals(standing.value(), write.value());
                if (!stands) {
                    missing.add(write);
                }
            }
        }
        return missing;
    }

    /** The last step: names appear, the mark goes. {@code chunk} holds the rows of group 0. */
    long finish(Chunk chunk) {
        manifest.groups().forEach((group, held) -> {
            long rows = restored.getOrDefault(group, new AtomicLong()).get();
            if (group != Store.SYSTEM_GROUP && rows != held.rows()) {
                throw ErrorCode.CANNOT_RESTORE.error("group " + group + " got " + rows + " rows of " + held.rows()
                        + "; run the whole command again");
            }
        });
        Manifest.Group system = manifest.groups().get(Store.SYSTEM_GROUP);
        if (system == null || system.rows() != chunk.rows()) {
            throw ErrorCode.BACKUP_DAMAGED.error("group 0 has " + chunk.rows() + " rows, its manifest says otherwise");
        }
        List<Write> writes = new ArrayList<>();
        ChunkRows.forEach(chunk, (key, value) -> {
            if (KeySpaces.ofSystem(key) == KeySpaces.Fate.COPIED) {
                Write write = adapted(key, value);
                if (write != null) {
                    writes.add(write);
                }
            }
        });
        raiseClocks();
        commitNames(writes);
        return chunk.rows();
    }

    private @Nullable Write adapted(byte[] key, byte[] value) {
        if (!Placement.all().contains(key)) {
            return new Write(Store.SYSTEM_GROUP, key, value);
        }
        Placement placement = placements.getOrDefault(Placement.group(key), Placement.DEFAULT);
        return placement.equals(Placement.DEFAULT) ? null : new Write(Store.SYSTEM_GROUP, key, placement.encode());
    }

    /** Every owner promises that its next timestamp lies above the reader's, which lies above that of the backup. */
    private void raiseClocks() {
        for (long group : manifest.groups().keySet()) {
            try (Snapshot now = store.snapshot()) {
                now.get(group, SystemKeys.restoring());
            }
        }
    }

    private void commitNames(List<Write> names) {
        AtlasException last = null;
        for (int i = 0; i < TRIES_MAX; i++) {
            try (Snapshot now = store.snapshot()) {
                byte[] stands = now.get(Store.SYSTEM_GROUP, SystemKeys.restoring());
                if (stands == null && last != null && last.code() == ErrorCode.OUTCOME_UNKNOWN) {
                    return; // the attempt whose outcome was unknown has committed
                }
                if (stands == null || !new String(stands, UTF_8).equals(mark)) {
                    throw ErrorCode.CANNOT_RESTORE.error("the cluster is no more marked for " + mark);
                }
                List<Write> writes = new ArrayList<>(names);
                // A version stands for one content; those of the cluster that the backup is of mean nothing here.
                List<KeyRange> reads = new ArrayList<>();
                reads.add(KeyRange.of(Store.SYSTEM_GROUP, SystemKeys.restoring()));
                for (byte[] key : List.of(SystemKeys.version(), SystemKeys.principals())) {
                    long version = SystemKeys.number(now.get(Store.SYSTEM_GROUP, key), 0);
                    writes.add(new Write(Store.SYSTEM_GROUP, key, SystemKeys.bytes(version + 1)));
                    reads.add(KeyRange.of(Store.SYSTEM_GROUP, key));
                }
                writes.add(new Write(Store.SYSTEM_GROUP, SystemKeys.restoring(), null));
                await(store.commit(new Commit(now.timestamp(), reads, writes, List.of(), List.of())));
                return;
            } catch (AtlasException e) {
                if (!isTransient(e)) {
                    throw e;
                }
                last = e;
                pause();
            }
        }
        throw last == null ? ErrorCode.BUSY.error("group 0") : last;
    }

    private static Commit blind(List<Write> writes) {
        return new Commit(Commit.BLIND, List.of(), writes, List.of(), List.of());
    }

    private static long size(Write write) {
        byte[] value = write.value();
        return (long) write.key().length + (value == null ? 0 : value.length);
    }

    /** What a second try may mend; writing the same rows twice does no harm. */
    private static boolean isTransient(AtlasException e) {
        return switch (e.code()) {
            case SERIALIZATION, OUTCOME_UNKNOWN, BUSY, NO_QUORUM, OWNER_MOVED, UNREACHABLE, LOCKED, TIMED_OUT -> true;
            default -> false;
        };
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
        if (Thread.currentThread().isInterrupted()) {
            throw ErrorCode.CANCELLED.error();
        }
    }

    private static void await(CompletableFuture<Long> commit) {
        try {
            commit.get(COMMIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error(e);
        } catch (TimeoutException e) {
            throw ErrorCode.OUTCOME_UNKNOWN.error(e, "no answer within " + COMMIT_MS + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AtlasException known) {
                throw known;
            }
            throw ErrorCode.INTERNAL.error(e, "in a restore");
        }
    }

    static {
        assert PART_BYTES < Limits.TRANSACTION_BYTES_MAX : PART_BYTES;
    }
}
