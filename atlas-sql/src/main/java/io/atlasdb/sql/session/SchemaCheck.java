package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.system.SystemTables;
import java.util.List;
import java.util.function.Supplier;

/**
 * Planning with a catalog that may be older than the snapshot, since it is read without asking other nodes: a table that turns
 * out to have changed, or a name that is not known, makes the catalog be brought up to date and the statement start anew.
 */
final class SchemaCheck {
    private SchemaCheck() {}

    /** The statement must start anew, with a new snapshot; what it failed of when that cannot be. */
    static final class Outdated extends RuntimeException {
        private static final long serialVersionUID = 1;

        final transient AtlasException failure;

        Outdated(AtlasException failure) {
            super(failure.getMessage(), failure, false, false);
            this.failure = failure;
        }
    }

    /**
     * A plan whose tables are as the snapshot sees them.
     *
     * @throws Outdated when the catalog may have been too old; it is up to date then
     */
    static Compiled.OfPlan planned(Snapshot snapshot, Supplier<Compiled.OfPlan> planner) {
        boolean mayLag = snapshot.schemas() != snapshot;
        Compiled.OfPlan plan;
        try {
            plan = planner.get();
        } catch (AtlasException e) {
            if (mayLag && isOfNames(e)) {
                snapshot.catchUp();
                throw new Outdated(e);
            }
            throw e;
        }
        if (mayLag) {
            for (Table table : stored(plan)) {
                if (!CatalogStore.isCurrent(table, snapshot)) {
                    snapshot.catchUp();
                    throw new Outdated(ErrorCode.SCHEMA_CHANGED.error(table.qualifiedName()));
                }
            }
        }
        return plan;
    }

    /** The tables of a plan that have versions: those of the system are made by the node and never change. */
    static List<Table> stored(Compiled.OfPlan plan) {
        return plan.planned().plan().tables().stream()
                .filter(table -> !SystemTables.isSystem(table))
                .toList();
    }

    /** Whether a name is not known, which an older catalog may not know yet. */
    static boolean isOfNames(AtlasException e) {
        return switch (e.code()) {
            case NO_SUCH_TABLE, NO_SUCH_COLUMN, NO_SUCH_SCHEMA, NO_SUCH_INDEX -> true;
            default -> false;
        };
    }
}
