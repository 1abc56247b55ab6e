package io.atlasdb.sql.plan.runtime;

import java.util.Comparator;
import org.apache.calcite.runtime.Utilities;
import org.jspecify.annotations.Nullable;

/** Compares rows by some of their columns. */
@SuppressWarnings("ArrayRecordComponent")
public record RowOrder(int[] fields, boolean[] descending, boolean[] nullsFirst)
        implements Comparator<@Nullable Object> {
    @Override
    public int compare(@Nullable Object left, @Nullable Object right) {
        for (int i = 0; i < fields.length; i++) {
            int order = compare(i, Tuples.value(left, fields[i]), Tuples.value(right, fields[i]));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    @SuppressWarnings({"unchecked", "rawtypes", "NullAway"}) // Utilities takes nulls; columns hold comparable values.
    private int compare(int i, @Nullable Object left, @Nullable Object right) {
        // Descending turns the result round, so NULLs are put at the other end before.
        int order = nullsFirst[i] != descending[i]
                ? Utilities.compareNullsFirst((Comparable) left, (Comparable) right)
                : Utilities.compareNullsLast((Comparable) left, (Comparable) right);
        return descending[i] ? -order : order;
    }
}
