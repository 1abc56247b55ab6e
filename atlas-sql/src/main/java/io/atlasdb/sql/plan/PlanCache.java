package io.atlasdb.sql.plan;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Table;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
    /** At most one entry per thread that plans. */
    private final ConcurrentHashMap<Key, CompletableFuture<Planned>> beingMade = new ConcurrentHashMap<>();

    /** @param entriesMax beyond it the plan that was not used for longest goes */
    PlanCache(int entriesMax) {
        plans = CacheBuilder.newBuilder().maximumSize(entriesMax).build();
    }

    /** The plan under a key, made by {@code planning} when there is none that is still good. Errors are not kept. */
    Planned get(Key key, PlanningContext context, Supplier<Planned> planning) {
        Planned known = plans.getIfPresent(key);
        if (known != null && isCurrent(known.plan(), context.catalog())) {
            return known;
        }
        CompletableFuture<Planned> mine = new CompletableFuture<>();
        CompletableFuture<Planned> others = beingMade.putIfAbsent(key, mine);
        if (others == null) {
            return make(key, mine, planning);
        }
        try {
            Planned planned = PlanningThreads.await(others, context.stop(), Long.MAX_VALUE);
            if (isCurrent(planned.plan(), context.catalog())) {
                return planned;
            }
        } catch (AtlasException e) {
            if (!endsWaiting(e) || context.stop().reason() != null) {
                throw e;
            }
            // The one who made it gave up; this one has not.
        }
        return planning.get();
    }

    private Planned make(Key key, CompletableFuture<Planned> mine, Supplier<Planned> planning) {
        try {
            Planned planned = planning.get();
            plans.put(key, planned);
            mine.complete(planned);
            return planned;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            beingMade.remove(key, mine);
        }
    }

    /** Whether an error says nothing of the statement, but that its session could not or would not wait for a plan. */
    static boolean endsWaiting(AtlasException error) {
        return switch (error.code()) {
            case BUSY, TIMED_OUT, CANCELLED, SHUTTING_DOWN -> true;
            default -> false;
        };
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
