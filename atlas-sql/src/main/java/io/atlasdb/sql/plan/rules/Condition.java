package io.atlasdb.sql.plan.rules;

import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one field that a key can satisfy: the field lies in one of some intervals whose ends do not depend on the row.
 *
 * @param conjunct its place among the conditions of the filter
 * @param intervals disjoint, or equal
 */
record Condition(int conjunct, int field, List<Interval> intervals) {
    /** More intervals than these are better tested row by row. */
    private static final int INTERVALS_MAX = 1_000;

    /** An interval; a point has the same lower and upper end. */
    record Interval(
            @Nullable RexNode lower,
            boolean lowerInclusive,
            @Nullable RexNode upper,
            boolean upperInclusive) {
        static Interval point(RexNode value) {
            return new Interval(value, true, value, true);
        }

        boolean isPoint() {
            return lower != null && lower.equals(upper) && lowerInclusive && upperInclusive;
        }
    }

    boolean isPoints() {
        return intervals.stream().allMatch(Interval::isPoint);
    }

    /** Reads a condition of a filter over the fields of a scan; null when no key can help with it. */
    static @Nullable Condition of(int conjunct, RexNode node, RexBuilder builder) {
        if (!(node instanceof RexCall call)) {
            return null;
        }
        return switch (call.getKind()) {
            case EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
                comparison(conjunct, call, builder);
            case SEARCH -> search(conjunct, call, builder);
            case OR -> points(conjunct, call, builder);
            default -> null;
        };
    }

    private static @Nullable Condition comparison(int conjunct, RexCall call, RexBuilder builder) {
        RexNode left = narrowest(call.getOperands().get(0));
        RexNode right = narrowest(call.getOperands().get(1));
        if (left instanceof RexInputRef field && isBound(right, field.getType())) {
            return new Condition(conjunct, field.getIndex(), List.of(interval(call.getKind(), right)));
        }
        if (right instanceof RexInputRef field && isBound(left, field.getType())) {
            return new Condition(
                    conjunct, field.getIndex(), List.of(interval(call.getKind().reverse(), left)));
        }
        Condition widened = widened(conjunct, left, call.getKind(), right, builder);
        return widened == null ? widened(conjunct, right, call.getKind().reverse(), left, builder) : widened;
    }

    private static @Nullable Condition widened(
            int conjunct, RexNode field, SqlKind kind, RexNode value, RexBuilder builder) {
        WidenedColumn column = WidenedColumn.of(field);
        if (column == null || !isIndependent(value)) {
            return null;
        }
        Interval interval = column.interval(kind, value, builder);
        return interval == null ? null : new Condition(conjunct, column.column().getIndex(), List.of(interval));
    }

    /** A decimal is the same value with more digits before its point. */
    private static RexNode narrowest(RexNode node) {
        return node instanceof RexCall cast
                        && cast.getKind() == SqlKind.CAST
                        && cast.getOperands().get(0) instanceof RexInputRef field
                        && field.getType().getSqlTypeName() == SqlTypeName.DECIMAL
                        && cast.getType().getSqlTypeName() == SqlTypeName.DECIMAL
                        && field.getType().getScale() == cast.getType().getScale()
                ? field
                : node;
    }

    private static Interval interval(SqlKind kind, RexNode bound) {
        return switch (kind) {
            case LESS_THAN -> new Interval(null, false, bound, false);
            case LESS_THAN_OR_EQUAL -> new Interval(null, false, bound, true);
            case GREATER_THAN -> new Interval(bound, false, null, false);
            case GREATER_THAN_OR_EQUAL -> new Interval(bound, true, null, false);
            default -> Interval.point(bound);
        };
    }

    /** Whether the value is the same for all rows and has the Java class of the column. */
    private static boolean isBound(RexNode node, RelDataType type) {
        RelDataType bound = node.getType();
        boolean sameClass = bound.getSqlTypeName() == type.getSqlTypeName()
                || (bound.getSqlTypeName().getFamily() == type.getSqlTypeName().getFamily()
                        && bound.getSqlTypeName().getFamily() == SqlTypeFamily.CHARACTER);
        return sameClass && isIndependent(node);
    }

    /** Whether a value depends on no field of the row: literals, parameters, fields of an outer row, calls of those. */
    static boolean isIndependent(RexNode node) {
        boolean[] independent = {RexUtil.isDeterministic(node)};
        node.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef reference) {
                independent[0] = false;
                return super.visitInputRef(reference);
            }

            @Override
            public Void visitSubQuery(RexSubQuery query) {
                independent[0] = false;
                return super.visitSubQuery(query);
            }

            @Override
            public Void visitOver(RexOver over) {
                independent[0] = false;
                return super.visitOver(over);
            }
        });
        return independent[0];
    }

    private static @Nullable Condition points(int conjunct, RexCall or, RexBuilder builder) {
        List<Interval> intervals = new ArrayList<>();
        int field = -1;
        for (RexNode operand : or.getOperands()) {
            Condition part = of(conjunct, operand, builder);
            if (part == null || !part.isPoints() || (field >= 0 && part.field != field)) {
                return null;
            }
            field = part.field;
            intervals.addAll(part.intervals);
        }
        return intervals.size() > INTERVALS_MAX ? null : new Condition(conjunct, field, intervals);
    }

    private static @Nullable Condition search(int conjunct, RexCall call, RexBuilder builder) {
        if (!(call.getOperands().get(0) instanceof RexInputRef field)
                || !(call.getOperands().get(1) instanceof RexLiteral literal)) {
            return null;
        }
        Sarg<?> sarg = literal.getValueAs(Sarg.class);
        if (sarg == null
                || sarg.nullAs == RexUnknownAs.TRUE
                || sarg.rangeSet.asRanges().size() > INTERVALS_MAX) {
            return null;
        }
        List<Interval> intervals = new ArrayList<>();
        for (Range<?> range : sarg.rangeSet.asRanges()) {
            RexNode lower = range.hasLowerBound() ? end(range.lowerEndpoint(), field, builder) : null;
            RexNode upper = range.hasUpperBound() ? end(range.upperEndpoint(), field, builder) : null;
            intervals.add(new Interval(
                    lower,
                    range.hasLowerBound() && range.lowerBoundType() == BoundType.CLOSED,
                    upper,
                    range.hasUpperBound() && range.upperBoundType() == BoundType.CLOSED));
        }
        return new Condition(conjunct, field.getIndex(), intervals);
    }

    private static RexNode end(Object value, RexInputRef field, RexBuilder builder) {
        RelDataType type = builder.getTypeFactory().createTypeWithNullability(field.getType(), false);
        return builder.makeLiteral(value, type, false, false);
    }
}
