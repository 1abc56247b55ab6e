package io.atlasdb.node.backup;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.SystemKeys;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.session.ClusterCopies;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The copies that this node makes and takes. Safe for several threads. */
public final class Copies implements ClusterCopies {
    /** Jobs that ended and are still shown. */
    private static final int ENDED_MAX = 100;
    /** How far the clock of an owner may be ahead of this node's, milliseconds; nodes refuse more. */
    private static final long AHEAD_MS_MAX = 2_000;

    private final Store store;
    private final CatalogStore catalogs;
    private final Node node;
    private final LongSupplier nowMs;
    private final Deque<Job> jobs = new ArrayDeque<>();
    private long lastJob;
    private @Nullable ClusterWriter writer;

    /**
     * What the copies must know of the node.
     *
     * @param version of the product
     * @param cluster its name; empty when it has none
     * @param placements what the cluster can give
     * @param rowsEstimate about how many rows a group has; 0 when the node does not know
     * @param observe lets the node's clock give later timestamps than this one
     */
    public record Node(
            String version,
            String cluster,
            Placements placements,
            LongUnaryOperator rowsEstimate,
            LongConsumer observe) {}

    public Copies(Store store, CatalogStore catalogs, Node node, LongSupplier nowMs) {
        this.store = store;
        this.catalogs = catalogs;
        this.node = node;
        this.nowMs = nowMs;
    }

    @Override
    public RowCursor backup(Identity identity, Runnable check) {
        check.run();
        requireAdmin(identity);
        Manifest head = head();
        return new ClusterReader(
                store, head, job(Job.Kind.BACKUP, identity.name(), head.groups().size()), check, nowMs);
    }

    /** A copy holds what everybody may read, and what nobody else may; as long as there is no user, anybody could become one. */
    private void requireAdmin(Identity identity) {
        if (identity.admin()) {
            return;
        }
        try (Snapshot now = store.snapshot();
                RowIterator users = now.scan(SystemKeys.users(), false)) {
            if (users.next()) {
                throw ErrorCode.DENIED.error(identity.name(), "only an administrator may copy or restore a cluster");
            }
        }
    }

    /** Chooses the timestamp, at which all that was acknowledged before is there, and lists what there is then. */
    private Manifest head() {
        long timestamp;
        try (Snapshot now = store.snapshot()) {
            // The first read lets the timestamp rise above what the owner of group 0 knows.
            if (now.get(Store.SYSTEM_GROUP, SystemKeys.restoring()) != null) {
                throw ErrorCode.RESTORING.error("and is no whole thing yet");
            }
            timestamp = now.timestamp();
        }
        try (Snapshot then = at(timestamp)) {
            Catalog catalog = catalogs.at(then);
            SortedMap<Long, List<String>> tables = new TreeMap<>();
            tables.put(Store.SYSTEM_GROUP, new ArrayList<>());
            catalog.groups().values().forEach(group -> tables.put(group.id(), new ArrayList<>()));
            for (var schema : catalog.schemas().values()) {
                for (Table table : schema.values()) {
                    tables.computeIfAbsent(table.group(), any -> new ArrayList<>())
                            .add(table.qualifiedName());
                }
            }
            SortedMap<Long, Manifest.Group> groups = new TreeMap<>();
            tables.forEach((group, names) -> groups.put(
                    group,
                    new Manifest.Group(
                            names.stream().sorted().toList(),
                            catalog.placements().getOrDefault(group, Placement.DEFAULT),
                            node.rowsEstimate().applyAsLong(group),
                            0)));
            return new Manifest(
                    node.version(),
                    UUID.randomUUID().toString(),
                    node.cluster(),
                    timestamp,
                    SystemKeys.number(then.get(Store.SYSTEM_GROUP, SystemKeys.nextId()), 0),
                    groups,
                    Manifest.Large.NONE,
                    List.of());
        }
    }

    /** A snapshot at a timestamp that another node's clock may have given, so that it lies ahead of this one's for a moment. */
    private Snapshot at(long timestamp) {
        long deadline = nowMs.getAsLong() + AHEAD_MS_MAX;
        while (true) {
            try {
                return store.snapshotAt(timestamp);
            } catch (AtlasException e) {
                if (e.code() != ErrorCode.INVALID_PARAMETER || nowMs.getAsLong() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Override
    public Restored restore(Identity identity, byte[] step, Runnable check) {
        check.run();
        Chunk chunk = Chunk.decode(step);
        ClusterWriter running;
        synchronized (this) {
            requireAdmin(identity);
            if (chunk.kind() == Chunk.Kind.BEGIN) {
                begin(identity.name(), chunk);
                return new Restored(0, false);
            }
            running = writer;
        }
        if (running == null) {
            throw ErrorCode.CANNOT_RESTORE.error("none has begun at this node; run the whole command again");
        }
        try {
            if (chunk.kind() == Chunk.Kind.ROWS) {
                return new Restored(running.rows(chunk, check), false);
            } else if (chunk.kind() == Chunk.Kind.LARGE) {
                running.large(chunk);
                return new Restored(0, false);
            } else if (chunk.kind() != Chunk.Kind.FINISH) {
                throw ErrorCode.CANNOT_RESTORE.error("a chunk of kind " + chunk.kind() + " is no step of it");
            }
            long rows = running.finish(chunk);
            running.job().end(Job.State.DONE, null, nowMs.getAsLong());
            running.close();
            synchronized (this) {
                writer = null;
            }
            return new Restored(rows, true);
        } catch (AtlasException e) {
            running.job().end(Job.State.FAILED, e.getMessage(), nowMs.getAsLong());
            throw e;
        }
    }

    private void begin(String user, Chunk chunk) {
        boolean adapt = chunk.content().length > 0 && chunk.content()[0] == 1;
        byte[] text = chunk.content().length == 0
                ? new byte[0]
                : java.util.Arrays.copyOfRange(chunk.content(), 1, chunk.content().length);
        Manifest manifest = Manifest.decode(text);
        ClusterWriter before = writer;
        if (before != null) {
            before.job().end(Job.State.FAILED, "begun again", nowMs.getAsLong());
            before.close();
        }
        writer = null;
        node.observe().accept(manifest.timestamp());
        Job job = job(Job.Kind.RESTORE, user, manifest.groups().size());
        try {
            writer = ClusterWriter.begin(store, manifest, Adapted.of(manifest, node.placements(), adapt), job);
        } catch (AtlasException e) {
            job.end(Job.State.FAILED, e.getMessage(), nowMs.getAsLong());
            throw e;
        }
    }

    private Job job(Job.Kind kind, String user, int groups) {
        synchronized (jobs) {
            Job job = new Job(++lastJob, kind, user, groups, nowMs.getAsLong());
            jobs.add(job);
            long ended = jobs.stream()
                    .filter(one -> one.state() != Job.State.RUNNING)
                    .count();
            while (ended > ENDED_MAX && jobs.removeIf(new First()::isEnded)) {
                ended--;
            }
            return job;
        }
    }

    /** Finds the oldest job that has ended. */
    private static final class First {
        private boolean found;

        boolean isEnded(Job job) {
            boolean first = !found && job.state() != Job.State.RUNNING;
            found |= first;
            return first;
        }
    }

    /** The jobs that run and the last that ended, oldest first. */
    public List<Job> jobs() {
        synchronized (jobs) {
            return List.copyOf(jobs);
        }
    }
}
