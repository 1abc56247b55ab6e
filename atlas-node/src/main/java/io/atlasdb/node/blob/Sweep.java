package io.atlasdb.node.blob;

import io.atlasdb.sql.store.LargeValue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Removes chunks that nothing refers to.
 *
 * <p>What is under way is looked at before what is applied: an entry goes that way, so that it is met in one of the two. What
 * came under way after the look was written or asked for within the time of grace before it.
 */
final class Sweep {
    private static final long LOOK_MS_MAX = 30_000;

    private final ChunkStore store;
    private final Referrers referrers;
    private final LongSupplier nowMs;
    private final long graceMs;

    Sweep(ChunkStore store, Referrers referrers, LongSupplier nowMs, long graceMs) {
        this.store = store;
        this.referrers = referrers;
        this.nowMs = nowMs;
        this.graceMs = graceMs;
    }

    /**
     * Looks once.
     *
     * @return how many chunks were removed
     * @throws TimeoutException when a group's thread did not answer; nothing was removed then
     */
    int run() throws InterruptedException, ExecutionException, TimeoutException {
        long untouchedSinceMs = nowMs.getAsLong() - graceMs;
        Set<ChunkName> marked = ConcurrentHashMap.newKeySet();
        referrers.underWay((group, value) -> mark(value, marked)).get(LOOK_MS_MAX, TimeUnit.MILLISECONDS);
        referrers.applied((group, value) -> mark(value, marked));
        int[] removed = {0};
        store.each(name -> {
            if (!marked.contains(name) && store.remove(name, untouchedSinceMs)) {
                removed[0]++;
            }
        });
        store.forgetTouches(untouchedSinceMs);
        return removed[0];
    }

    private static void mark(LargeValue value, Set<ChunkName> marked) {
        marked.addAll(ChunkName.of(value));
    }
}
