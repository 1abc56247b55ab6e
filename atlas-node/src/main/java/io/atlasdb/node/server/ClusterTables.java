package io.atlasdb.node.server;

import static io.atlasdb.sql.catalog.SqlType.Kind.BIGINT;
import static io.atlasdb.sql.catalog.SqlType.Kind.BOOLEAN;
import static io.atlasdb.sql.catalog.SqlType.Kind.INTEGER;
import static io.atlasdb.sql.catalog.SqlType.Kind.TIMESTAMP_TZ;
import static io.atlasdb.sql.catalog.SqlType.Kind.VARCHAR;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.cluster.Cluster;
import io.atlasdb.node.cluster.NodeRecord;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Configuration.Voter;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.replica.SnapshotProgress;
import io.atlasdb.node.socket.ClusterInfo;
import io.atlasdb.sql.system.SystemContext;
import io.atlasdb.sql.system.SystemTable;
import io.atlasdb.sql.system.SystemTables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code ATLAS.NODES} and {@code ATLAS.GROUPS}: what this node knows. */
final class ClusterTables {
    private static final long MICROS_PER_MS = 1_000;
    /** How long busy loops are waited for. */
    private static final long LAGS_MS = 1_000;

    private final ClusterInfo info;
    private final @Nullable Cluster cluster;
    private final Replicas replicas;

    private ClusterTables(ClusterInfo info, @Nullable Cluster cluster, Replicas replicas) {
        this.info = info;
        this.cluster = cluster;
        this.replicas = replicas;
    }

    /** Registers the tables; {@code cluster} is null for a node that is alone. */
    static void register(SystemTables tables, ClusterInfo info, @Nullable Cluster cluster, Replicas replicas) {
        ClusterTables shown = new ClusterTables(info, cluster, replicas);
        tables.register(
                "ATLAS",
                "NODES",
                SystemTable.columns(
                        "ID",
                        BIGINT,
                        "REGION",
                        VARCHAR,
                        "ACTIVE",
                        BOOLEAN,
                        "RTT_MS",
                        BIGINT,
                        "HOST",
                        VARCHAR,
                        "PORT",
                        INTEGER,
                        "STATE",
                        VARCHAR,
                        "ZONE",
                        INTEGER,
                        "CLOCK_OFFSET_MS",
                        BIGINT,
                        "REMARK",
                        VARCHAR),
                context -> shown.nodes());
        tables.register(
                "ATLAS",
                "GROUPS",
                SystemTable.columns(
                        "ID",
                        BIGINT,
                        "OWNER",
                        BIGINT,
                        "OWNED_HERE",
                        BOOLEAN,
                        "APPLIED_SLOT",
                        BIGINT,
                        "APPLIED_AT",
                        TIMESTAMP_TZ,
                        "VOTERS",
                        VARCHAR,
                        "LEARNERS",
                        VARCHAR,
                        "FN",
                        INTEGER,
                        "FZ",
                        INTEGER,
                        "EFFECTIVE_FN",
                        INTEGER,
                        "INSTALLING",
                        BOOLEAN,
                        "NAME",
                        VARCHAR,
                        "LAG",
                        BIGINT),
                shown::groups);
    }

    private List<@Nullable Object[]> nodes() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (ClusterInfo.NodeStatus node : info.nodes()) {
            NodeRecord record = cluster == null ? null : cluster.nodes().get((int) node.id());
            OptionalLong offsetMs = cluster == null ? OptionalLong.of(0) : cluster.clockOffsetMs((int) node.id());
            rows.add(new @Nullable Object[] {
                node.id(),
                node.region(),
                node.active(),
                node.rttMs(),
                node.host(),
                node.port(),
                record == null ? "active" : record.state().toString(),
                record == null ? 0 : record.zone(),
                offsetMs.isPresent() ? offsetMs.getAsLong() : null,
                node.id() == replicas.self() ? remark() : null
            });
        }
        return rows;
    }

    /** What this node has to say of itself; null when all is well. */
    private @Nullable String remark() {
        String complaint = cluster == null ? null : cluster.complaint();
        if (complaint != null) {
            return "owns nothing: " + complaint;
        }
        List<SnapshotProgress> snapshots = replicas.snapshots();
        if (snapshots.isEmpty()) {
            return null;
        }
        long bytes = snapshots.stream().mapToLong(SnapshotProgress::bytes).sum();
        long rows = snapshots.stream().mapToLong(SnapshotProgress::rows).sum();
        long all = snapshots.stream().mapToLong(SnapshotProgress::rowsEstimate).sum();
        return "takes " + snapshots.size() + " groups from others: " + bytes + " bytes, " + rows + " of about " + all
                + " rows";
    }

    private List<@Nullable Object[]> groups(SystemContext context) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        Map<Long, String> names = GroupNames.of(context.catalog());
        Map<Long, Long> lags = lags();
        replicas.all().stream().sorted(Comparator.comparingLong(Replica::group)).forEach(replica -> {
            if (replica.isDeparted()) {
                return;
            }
            Position applied = replica.applied();
            Configuration members = replica.configuration();
            int owner = replica.isReady() ? replicas.self() : replica.owner() == replicas.self() ? 0 : replica.owner();
            rows.add(new @Nullable Object[] {
                replica.group(),
                owner == 0 ? null : (long) owner,
                replica.isReady(),
                applied.slot(),
                applied.slot() == 0 ? null : HybridClock.millis(applied.timestamp()) * MICROS_PER_MS,
                members == null ? null : numbers(members.voters()),
                members == null ? null : numbers(members.learners()),
                members == null ? null : members.fn(),
                members == null ? null : members.fz(),
                members == null ? null : effectiveFn(members),
                replica.isInstalling(),
                names.get(replica.group()),
                lags.get(replica.group())
            });
        });
        return rows;
    }

    /** Of the groups that are owned here, how many entries the member that is furthest behind lacks. */
    private Map<Long, Long> lags() {
        Map<Long, Long> lags = new ConcurrentHashMap<>();
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (Replica replica : replicas.all()) {
            Configuration members = replica.configuration();
            if (replica.isReady() && members != null) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                asked.add(done);
                replica.execute(() -> {
                    long least = replica.applied().slot();
                    for (int member : members.members()) {
                        least = Math.min(least, member == replicas.self() ? least : replica.match(member));
                    }
                    lags.put(replica.group(), replica.applied().slot() - least);
                    done.complete(null);
                });
            }
        }
        try {
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).get(LAGS_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return lags; // of those that answered
        }
        return lags;
    }

    private static String numbers(List<Voter> members) {
        return members.stream().map(Voter::node).sorted().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The failures that the zone with the fewest voters tolerates. */
    private static int effectiveFn(Configuration members) {
        int smallest = members.sizes().values().stream().mapToInt(n -> n).min().orElse(1);
        return Math.min(members.fn(), (smallest - 1) / 2);
    }
}
