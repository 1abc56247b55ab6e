package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.schema.Cardinality;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many rows tables have, for the planner. The first question about a table counts a few thousand rows at once, which tells
 * small from large; what lies beyond is counted in the background, and again when the number has grown old and somebody asks.
 * Counting takes at most a fiftieth of the time. Safe for any number of threads.
 */
final class RowCounts implements Cardinality {
    /** What a question waits for: some milliseconds. */
    private static final int COUNTED_AT_ONCE_MAX = 5_000;
    /** Rows of a table that are counted in the background; from here on the number makes no difference to a plan. */
    private static final int COUNTED_MAX = 5_000_000;
    /** A table that is empty now is rarely empty when its plans run. */
    private static final double ROWS_MIN = 100;

    private static final long AGE_MIN_NANOS = 10_000_000_000L;
    private static final int AGE_PER_COST = 50;
    /** Rows between two looks at whether the node is closing. */
    private static final int CHECK_ROWS = 1_000;

    private final Store store;
    private final Predicate<Table> isStored;
    private final Consumer<Consumer<Runnable>> background;
    private final Map<Long, Count> counts = new ConcurrentHashMap<>();
    private final Set<Long> counting = ConcurrentHashMap.newKeySet();

    /**
     * One result.
     *
     * @param whole whether all rows were counted
     * @param costNanos what counting took
     */
    private record Count(long rows, boolean whole, long atNanos, long costNanos) {
        boolean isOld(long nowNanos) {
            return nowNanos - atNanos > Math.max(AGE_MIN_NANOS, costNanos * AGE_PER_COST);
        }
    }

    /**
     * Counts nothing yet.
     *
     * @param isStored false for system tables, which nobody can count
     * @param background runs work later, with a check that throws when the node closes
     */
    RowCounts(Store store, Predicate<Table> isStored, Consumer<Consumer<Runnable>> background) {
        this.store = store;
        this.isStored = isStored;
        this.background = background;
    }

    @Override
    public double rows(Table table) {
        if (!isStored.test(table)) {
            return ROWS_MIN;
        }
        Count known = counts.get(table.id());
        if (known == null) {
            known = count(table, COUNTED_AT_ONCE_MAX, () -> {});
            if (known == null) {
                return UNKNOWN;
            }
            counts.put(table.id(), known);
            if (!known.whole()) {
                refresh(table);
            }
        } else if (known.isOld(System.nanoTime())) {
            refresh(table);
        }
        // Behind a first count that had to stop, the table is large; how large is not known yet.
        return Math.max(ROWS_MIN, known.whole() ? known.rows() : known.rows() * 10.0);
    }

    private void refresh(Table table) {
        if (!counting.add(table.id())) {
            return;
        }
        background.accept(check -> {
            try {
                Count count = count(table, COUNTED_MAX, check);
                if (count != null) {
                    counts.put(table.id(), count);
                }
            } finally {
                counting.remove(table.id());
            }
        });
    }

    /** Null when the table cannot be read at the moment: planning goes on without. */
    private @Nullable Count count(Table table, int rowsMax, Runnable check) {
        long start = System.nanoTime();
        int rows = 0;
        try (Snapshot snapshot = store.snapshot();
                RowIterator pairs = snapshot.scan(new TableCodec(table).rows(), false)) {
            while (rows < rowsMax && pairs.next()) {
                rows++;
                if (rows % CHECK_ROWS == 0) {
                    check.run();
                }
            }
        } catch (AtlasException unreadable) {
            return null;
        }
        long now = System.nanoTime();
        return new Count(rows, rows < rowsMax || rowsMax == COUNTED_MAX, now, now - start);
    }

    /** Forgets tables that are gone. */
    void retain(Set<Long> tableIds) {
        counts.keySet().retainAll(tableIds);
    }
}
