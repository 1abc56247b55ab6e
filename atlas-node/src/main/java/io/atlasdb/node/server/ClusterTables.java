package io.atlasdb.node.server;

import static io.atlasdb.sql.catalog.SqlType.Kind.BIGINT;
import static io.atlasdb.sql.catalog.SqlType.Kind.BOOLEAN;
import static io.atlasdb.sql.catalog.SqlType.Kind.INTEGER;
import static io.atlasdb.sql.catalog.SqlType.Kind.TIMESTAMP_TZ;
import static io.atlasdb.sql.catalog.SqlType.Kind.VARCHAR;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.socket.ClusterInfo;
import io.atlasdb.sql.system.SystemTable;
import io.atlasdb.sql.system.SystemTables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ATLAS.NODES} and {@code ATLAS.GROUPS}. */
final class ClusterTables {
    private static final long MICROS_PER_MS = 1_000;

    private ClusterTables() {}

    static void register(SystemTables tables, ClusterInfo cluster, Replicas replicas) {
        tables.register(
                "ATLAS",
                "NODES",
                SystemTable.columns(
                        "ID", BIGINT, "REGION", VARCHAR, "ACTIVE", BOOLEAN, "RTT_MS", BIGINT, "HOST", VARCHAR, "PORT",
                        INTEGER),
                context -> nodes(cluster));
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
                        TIMESTAMP_TZ),
                context -> groups(cluster, replicas));
    }

    private static List<@Nullable Object[]> nodes(ClusterInfo cluster) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (ClusterInfo.NodeStatus node : cluster.nodes()) {
            rows.add(new @Nullable Object[] {
                node.id(), node.region(), node.active(), node.rttMs(), node.host(), node.port()
            });
        }
        return rows;
    }

    private static List<@Nullable Object[]> groups(ClusterInfo cluster, Replicas replicas) {
        long self = cluster.nodes().get(0).id();
        List<@Nullable Object[]> rows = new ArrayList<>();
        replicas.all().stream().sorted(Comparator.comparingLong(Replica::group)).forEach(replica -> {
            Position applied = replica.applied();
            rows.add(new @Nullable Object[] {
                replica.group(),
                replica.isReady() ? self : null,
                replica.isReady(),
                applied.slot(),
                applied.slot() == 0 ? null : HybridClock.millis(applied.timestamp()) * MICROS_PER_MS
            });
        });
        return rows;
    }
}
