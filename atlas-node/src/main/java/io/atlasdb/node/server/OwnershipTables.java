package io.atlasdb.node.server;

import static io.atlasdb.sql.catalog.SqlType.Kind.BIGINT;
import static io.atlasdb.sql.catalog.SqlType.Kind.BOOLEAN;
import static io.atlasdb.sql.catalog.SqlType.Kind.DOUBLE;
import static io.atlasdb.sql.catalog.SqlType.Kind.TIMESTAMP_TZ;
import static io.atlasdb.sql.catalog.SqlType.Kind.VARCHAR;

import io.atlasdb.node.cluster.Cluster;
import io.atlasdb.node.cluster.NodeRecord;
import io.atlasdb.node.cluster.policy.Decision;
import io.atlasdb.node.cluster.policy.QuorumCosts;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.system.SystemContext;
import io.atlasdb.sql.system.SystemTable;
import io.atlasdb.sql.system.SystemTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code ATLAS.OWNERSHIP}, {@code ATLAS.OWNERSHIP_HISTORY} and {@code ATLAS.RTT}, as this node knows them: owners by the highest
 * ballot that it saw, rates and decisions of the groups that it owned itself.
 */
final class OwnershipTables {
    private static final long MICROS_PER_MS = 1_000;

    private final Cluster cluster;
    private final Replicas replicas;
    private final Ownerships ownerships;

    private OwnershipTables(Cluster cluster, Replicas replicas, Ownerships ownerships) {
        this.cluster = cluster;
        this.replicas = replicas;
        this.ownerships = ownerships;
    }

    static void register(SystemTables tables, Cluster cluster, Replicas replicas, Ownerships ownerships) {
        OwnershipTables shown = new OwnershipTables(cluster, replicas, ownerships);
        tables.register(
                "ATLAS",
                "OWNERSHIP",
                SystemTable.columns(
                        "TABLE_SCHEMA",
                        VARCHAR,
                        "TABLE_NAME",
                        VARCHAR,
                        "GROUP_ID",
                        BIGINT,
                        "GROUP_NAME",
                        VARCHAR,
                        "OWNER",
                        BIGINT,
                        "REGION",
                        VARCHAR,
                        "POLICY",
                        VARCHAR,
                        "REGIONS",
                        VARCHAR,
                        "PHASE1_MS",
                        DOUBLE,
                        "PHASE2_MS",
                        DOUBLE,
                        "OPERATIONS_PER_SECOND",
                        VARCHAR),
                shown::owners);
        tables.register(
                "ATLAS",
                "OWNERSHIP_HISTORY",
                SystemTable.columns(
                        "AT",
                        TIMESTAMP_TZ,
                        "GROUP_ID",
                        BIGINT,
                        "FROM_NODE",
                        BIGINT,
                        "FROM_REGION",
                        VARCHAR,
                        "TO_NODE",
                        BIGINT,
                        "TO_REGION",
                        VARCHAR,
                        "MOVED",
                        BOOLEAN,
                        "REASON",
                        VARCHAR,
                        "GAIN_PERCENT",
                        DOUBLE),
                context -> shown.history());
        tables.register(
                "ATLAS",
                "RTT",
                SystemTable.columns("FROM_REGION", VARCHAR, "TO_REGION", VARCHAR, "RTT_MS", DOUBLE),
                context -> shown.rtts());
    }

    private List<@Nullable Object[]> owners(SystemContext context) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        context.catalog()
                .schemas()
                .values()
                .forEach(tables -> tables.values().forEach(table -> {
                    if (table.group() > 0) {
                        rows.add(owner(table, context));
                    }
                }));
        return rows;
    }

    private @Nullable Object[] owner(Table table, SystemContext context) {
        long group = table.group();
        Replica replica = replicas.find(group);
        int owner = replica == null ? 0 : replica.isReady() ? cluster.self().id() : replica.owner();
        NodeRecord node = cluster.nodes().get(owner);
        Configuration members = replica == null ? null : replica.configuration();
        QuorumCosts costs = members == null ? null : new QuorumCosts(members, cluster.rtts());
        Placement placement = context.catalog().placement(group);
        return new @Nullable Object[] {
            table.schema(),
            table.name(),
            group,
            table.options().get(Table.GROUP),
            owner == 0 ? null : (long) owner,
            node == null ? null : node.region(),
            placement.ownerPolicy(),
            String.join(", ", placement.regions()),
            costs == null || node == null ? null : known(costs.phase1Ms(node.zone())),
            costs == null || node == null ? null : known(costs.phase2Ms(node.zone())),
            rates(group)
        };
    }

    private static @Nullable Double known(double ms) {
        return Double.isNaN(ms) ? null : Double.valueOf(Math.round(ms * 10) / 10.0);
    }

    private String rates(long group) {
        return ownerships.rates(group).entrySet().stream()
                .map(rate -> String.format(Locale.ROOT, "%s %.1f", ownerships.region(rate.getKey()), rate.getValue()))
                .collect(Collectors.joining(", "));
    }

    private List<@Nullable Object[]> history() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Decision decision : cluster.decisions()) {
            rows.add(new @Nullable Object[] {
                decision.atMs() * MICROS_PER_MS,
                decision.group(),
                (long) decision.from(),
                ownerships.region(decision.fromZone()),
                decision.to() == 0 ? null : (long) decision.to(),
                decision.toZone() < 0 ? null : ownerships.region(decision.toZone()),
                decision.moved(),
                decision.reason(),
                Math.round(decision.gain() * 1_000) / 10.0
            });
        }
        return rows;
    }

    private List<@Nullable Object[]> rtts() {
        List<Integer> zones = cluster.nodes().values().stream()
                .filter(node -> node.state() != NodeRecord.State.REMOVED)
                .map(NodeRecord::zone)
                .distinct()
                .sorted()
                .toList();
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int from : zones) {
            for (int to : zones) {
                rows.add(new @Nullable Object[] {
                    ownerships.region(from),
                    ownerships.region(to),
                    known(cluster.rtts().ms(from, to))
                });
            }
        }
        return rows;
    }
}
