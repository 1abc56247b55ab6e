package io.atlasdb.sql.plan.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.jspecify.annotations.Nullable;

/** Groups rows by columns and gathers each group in accumulators. */
@SuppressWarnings("ArrayRecordComponent")
public record Groups(int[] keys, Gatherer[] gatherers) {
    /** Makes accumulators of one kind. */
    @FunctionalInterface
    public interface Gatherer {
        Accumulator start();
    }

    /** One aggregate of one group. */
    public interface Accumulator {
        /** Takes a row of the group. */
        void add(@Nullable Object row);

        /** The aggregate of the rows so far. */
        @Nullable
        Object result();
    }

    /** One row per group; without keys there is exactly one group. */
    public Enumerable<@Nullable Object> of(Enumerable<@Nullable Object> input) {
        if (keys.length > 0) {
            return input.groupBy(this::key, this::start, Groups::add, this::row);
        }
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<@Nullable Object> enumerator() {
                Accumulator[] group = start();
                try (Enumerator<@Nullable Object> rows = input.enumerator()) {
                    while (rows.moveNext()) {
                        add(group, rows.current());
                    }
                }
                return Linq4j.singletonEnumerator(row(List.of(), group));
            }
        };
    }

    private List<@Nullable Object> key(@Nullable Object row) {
        @Nullable Object[] key = new @Nullable Object[keys.length];
        for (int i = 0; i < key.length; i++) {
            key[i] = Tuples.value(row, keys[i]);
        }
        return Arrays.asList(key);
    }

    private Accumulator[] start() {
        Accumulator[] group = new Accumulator[gatherers.length];
        for (int i = 0; i < group.length; i++) {
            group[i] = gatherers[i].start();
        }
        return group;
    }

    private static Accumulator[] add(Accumulator[] group, @Nullable Object row) {
        for (Accumulator accumulator : group) {
            accumulator.add(row);
        }
        return group;
    }

    private @Nullable Object row(List<@Nullable Object> key, Accumulator[] group) {
        List<@Nullable Object> values = new ArrayList<>(key);
        for (Accumulator accumulator : group) {
            values.add(accumulator.result());
        }
        return Tuples.row(values.toArray());
    }
}
