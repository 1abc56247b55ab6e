package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.runtime.Groups;
import io.atlasdb.sql.plan.runtime.Groups.Accumulator;
import io.atlasdb.sql.plan.runtime.Groups.Gatherer;
import io.atlasdb.sql.plan.runtime.Step;
import io.atlasdb.sql.plan.runtime.Tuples;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.BinaryOperator;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** COUNT, SUM, MIN, MAX and the check that a sub-query has one row, as steps. */
final class AggregateSteps {
    private AggregateSteps() {}

    static @Nullable Step of(EnumerableAggregate aggregate) {
        if (aggregate.getGroupType() != Aggregate.Group.SIMPLE) {
            return null;
        }
        List<AggregateCall> calls = aggregate.getAggCallList();
        Gatherer[] gatherers = new Gatherer[calls.size()];
        for (int i = 0; i < gatherers.length; i++) {
            Gatherer gatherer = gatherer(calls.get(i), aggregate.getInput().getRowType());
            if (gatherer == null) {
                return null;
            }
            gatherers[i] = gatherer;
        }
        Step input = Steps.of(aggregate.getInput());
        Groups groups = new Groups(aggregate.getGroupSet().toArray(), gatherers);
        return input == null ? null : context -> groups.of(input.open(context));
    }

    private static @Nullable Gatherer gatherer(AggregateCall call, RelDataType row) {
        boolean plain = !call.isDistinct()
                && !call.isApproximate()
                && !call.ignoreNulls()
                && call.rexList.isEmpty()
                && call.distinctKeys == null
                && call.collation.getFieldCollations().isEmpty();
        int[] arguments = call.getArgList().stream().mapToInt(i -> i).toArray();
        if (!plain || arguments.length > 1) {
            return null;
        }
        Gatherer gatherer = arguments.length == 0 ? countAll(call) : gatherer(call, row, arguments[0]);
        int filter = call.filterArg;
        return filter < 0 || gatherer == null ? gatherer : () -> new Filtered(filter, gatherer.start());
    }

    private static @Nullable Gatherer countAll(AggregateCall call) {
        return switch (call.getAggregation().getKind()) {
            case COUNT -> () -> new Count(-1);
            default -> null;
        };
    }

    private static @Nullable Gatherer gatherer(AggregateCall call, RelDataType row, int field) {
        RelDataType argument = row.getFieldList().get(field).getType();
        boolean same = Conditions.sameClass(argument, call.getType());
        return switch (call.getAggregation().getKind()) {
            case COUNT -> () -> new Count(field);
            case SUM -> sum(field, argument, call.getType().getSqlTypeName(), false);
            case SUM0 -> sum(field, argument, call.getType().getSqlTypeName(), true);
            case MIN -> same && isOrdered(argument) ? () -> new Fold(field, null, AggregateSteps::lesser) : null;
            case MAX -> same && isOrdered(argument) ? () -> new Fold(field, null, AggregateSteps::greater) : null;
            case SINGLE_VALUE -> same ? () -> new Single(field) : null;
            default -> null;
        };
    }

    /** Lowering widens what is summed where its sum could overflow. */
    private static @Nullable Gatherer sum(int field, RelDataType argument, SqlTypeName result, boolean zero) {
        boolean integers = SqlTypeName.INT_TYPES.contains(argument.getSqlTypeName());
        if (integers && result == SqlTypeName.BIGINT) {
            return () -> new LongSum(field, zero);
        }
        Object start = zero ? BigDecimal.ZERO : null;
        return argument.getSqlTypeName() == SqlTypeName.DECIMAL && result == SqlTypeName.DECIMAL
                ? () -> new Fold(field, start, (a, b) -> ((BigDecimal) a).add((BigDecimal) b))
                : null;
    }

    private static boolean isOrdered(RelDataType type) {
        return SqlTypeName.INT_TYPES.contains(type.getSqlTypeName())
                || type.getSqlTypeName() == SqlTypeName.DECIMAL
                || (SqlTypeUtil.isCharacter(type)
                        && (type.getCollation() == null || type.getCollation().getCollator() == null));
    }

    @SuppressWarnings("unchecked") // Both have the Java class of one SQL type.
    private static Object lesser(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right) > 0 ? right : left;
    }

    @SuppressWarnings("unchecked") // Both have the Java class of one SQL type.
    private static Object greater(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right) < 0 ? right : left;
    }

    /** Counts rows, or with a field those where it is not NULL. */
    private static final class Count implements Accumulator {
        private final int field;
        private long rows;

        Count(int field) {
            this.field = field;
        }

        @Override
        public void add(@Nullable Object row) {
            if (field < 0 || Tuples.value(row, field) != null) {
                rows++;
            }
        }

        @Override
        public Object result() {
            return rows;
        }
    }

    /** Adds up integers; of no value the sum is NULL, or 0. */
    private static final class LongSum implements Accumulator {
        private final int field;
        private long sum;
        private boolean filled;

        LongSum(int field, boolean zero) {
            this.field = field;
            this.filled = zero;
        }

        @Override
        public void add(@Nullable Object row) {
            if (Tuples.value(row, field) instanceof Number value) {
                sum += value.longValue();
                filled = true;
            }
        }

        @Override
        public @Nullable Object result() {
            return filled ? sum : null;
        }
    }

    /** Combines values that are not NULL. */
    private static final class Fold implements Accumulator {
        private final int field;
        private final BinaryOperator<Object> combine;
        private @Nullable Object value;

        Fold(int field, @Nullable Object start, BinaryOperator<Object> combine) {
            this.field = field;
            this.value = start;
            this.combine = combine;
        }

        @Override
        public void add(@Nullable Object row) {
            Object next = Tuples.value(row, field);
            if (next != null) {
                value = value == null ? next : combine.apply(value, next);
            }
        }

        @Override
        public @Nullable Object result() {
            return value;
        }
    }

    /** The value of the only row. */
    private static final class Single implements Accumulator {
        private final int field;
        private @Nullable Object value;
        private boolean filled;

        Single(int field) {
            this.field = field;
        }

        @Override
        public void add(@Nullable Object row) {
            if (filled) {
                // Known by its text to what translates errors, as that of generated code is.
                throw new IllegalStateException("more than one value in agg SINGLE_VALUE");
            }
            filled = true;
            value = Tuples.value(row, field);
        }

        @Override
        public @Nullable Object result() {
            return value;
        }
    }

    private record Filtered(int filter, Accumulator inner) implements Accumulator {
        @Override
        public void add(@Nullable Object row) {
            if (Boolean.TRUE.equals(Tuples.value(row, filter))) {
                inner.add(row);
            }
        }

        @Override
        public @Nullable Object result() {
            return inner.result();
        }
    }
}
