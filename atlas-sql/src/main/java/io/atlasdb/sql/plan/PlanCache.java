package io.atlasdb.sql.plan;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.util.concurrent.UncheckedExecutionException;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Table;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Plans by text and schema. A plan stays good as long as every table that it reads or writes has the version it was made for, so a
 * schema change touches only the plans of its table. Of several threads that want the same plan, one makes it. Safe for any
 * number of threads.
 */
final class PlanCache {
    /** What one text means in one schema; {@code marks} tells lifted literals apart by their types. */
    record Key(String text, String marks, String schema) {}

    private final Cache<Key, Planned> plans;

    /** @param entriesMax beyond it the plan that was not used for longest goes */
    PlanCache(int entriesMax) {
        plans = CacheBuilder.newBuilder().maximumSize(entriesMax).build();
    }

    /** The plan under a key, made by {@code planning} when there is none that is still good. Errors are not kept. */
    Planned get(Key key, Catalog catalog, Supplier<Planned> planning) {
        Planned known = plans.getIfPresent(key);
        if (known != null && !isCurrent(known.plan(), catalog)) {
            plans.asMap().remove(key, known);
        }
        try {
            Planned planned = plans.get(key, planning::get);
            return isCurrent(planned.plan(), catalog) ? planned : planning.get();
        } catch (UncheckedExecutionException | ExecutionException e) {
            if (e.getCause() instanceof AtlasException error) {
                throw error;
            }
            throw ErrorCode.INTERNAL.error(e, "while planning");
        }
    }

    private static boolean isCurrent(Plan plan, Catalog catalog) {
        for (Table table : plan.tables()) {
            Table now = catalog.table(table.schema(), table.name());
            if (now == null || now.id() != table.id() || now.version() != table.version()) {
                return false;
            }
        }
        return true;
    }
}
