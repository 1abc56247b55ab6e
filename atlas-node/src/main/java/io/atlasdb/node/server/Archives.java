package io.atlasdb.node.server;

import static io.atlasdb.sql.catalog.SqlType.Kind.BIGINT;
import static io.atlasdb.sql.catalog.SqlType.Kind.INTEGER;
import static io.atlasdb.sql.catalog.SqlType.Kind.TIMESTAMP_TZ;
import static io.atlasdb.sql.catalog.SqlType.Kind.VARCHAR;

import io.atlasdb.node.backup.Copies;
import io.atlasdb.node.backup.Job;
import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.system.SystemTable;
import io.atlasdb.sql.system.SystemTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lets backups and restores work on this node's store, and {@code ATLAS.JOBS} show them. */
final class Archives {
    private static final long MICROS_PER_MS = 1_000;

    private Archives() {}

    /** {@code placements} is {@link Placements#NONE} for a node that is alone: it gives what one region can. */
    static Copies copies(
            AtlasConfig config,
            String cluster,
            Store store,
            CatalogStore catalogs,
            Replicas replicas,
            HybridClock clock,
            Placements placements) {
        Placements given = placements == Placements.NONE ? new Alone(config.region()) : placements;
        return new Copies(
                store,
                catalogs,
                new Copies.Node(Version.TEXT, cluster, given, group -> rows(replicas, group), clock::observe),
                System::currentTimeMillis);
    }

    private static long rows(Replicas replicas, long group) {
        if (replicas.find(group) == null) {
            return 0;
        }
        try (Export export = replicas.machine().export(group)) {
            return export.rowsEstimate();
        }
    }

    static void register(SystemTables tables, Copies copies) {
        tables.register(
                "ATLAS",
                "JOBS",
                SystemTable.columns(
                        "ID",
                        BIGINT,
                        "KIND",
                        VARCHAR,
                        "STATE",
                        VARCHAR,
                        "USER_NAME",
                        VARCHAR,
                        "STARTED_AT",
                        TIMESTAMP_TZ,
                        "ENDED_AT",
                        TIMESTAMP_TZ,
                        "GROUPS_DONE",
                        INTEGER,
                        "GROUPS_TOTAL",
                        INTEGER,
                        "ROWS_DONE",
                        BIGINT,
                        "BYTES_DONE",
                        BIGINT,
                        "REMARK",
                        VARCHAR),
                context -> jobs(copies));
    }

    private static List<@Nullable Object[]> jobs(Copies copies) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Job job : copies.jobs()) {
            rows.add(new @Nullable Object[] {
                job.number(),
                job.kind().name().toLowerCase(Locale.ROOT),
                job.state().name().toLowerCase(Locale.ROOT),
                job.user(),
                job.startedMs() * MICROS_PER_MS,
                job.endedMs() == 0 ? null : (Long) (job.endedMs() * MICROS_PER_MS),
                job.groupsDone(),
                job.groups(),
                job.rows(),
                job.bytes(),
                job.remark()
            });
        }
        return rows;
    }

    /** A node alone has one region, and itself. */
    private record Alone(String region) implements Placements {
        @Override
        public void check(Placement placement) {
            if (!placement.regions().isEmpty() && placement.regions().stream().noneMatch(region::equalsIgnoreCase)) {
                throw ErrorCode.INVALID_DEFINITION.error("the cluster has no node in the regions "
                        + String.join(", ", placement.regions()) + ", only in " + region);
            }
            if (placement.fz().orElse(0) > 0) {
                throw ErrorCode.INVALID_DEFINITION.error(
                        "fz = " + placement.fz().orElse(0) + " needs several regions, and there is 1");
            }
        }

        @Override
        public void moveOwner(long group, Target target) {
            NONE.moveOwner(group, target);
        }
    }
}
