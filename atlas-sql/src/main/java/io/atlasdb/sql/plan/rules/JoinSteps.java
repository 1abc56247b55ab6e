package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.runtime.AtlasContext;
import io.atlasdb.sql.plan.runtime.Step;
import io.atlasdb.sql.plan.runtime.Tuples;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.adapter.enumerable.EnumerableHashJoin;
import org.apache.calcite.adapter.enumerable.EnumerableNestedLoopJoin;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.EnumerableDefaults;
import org.apache.calcite.linq4j.JoinType;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.linq4j.function.Function2;
import org.apache.calcite.linq4j.function.Predicate2;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Hash joins and nested loops as steps, by the same runtime functions that generated code calls. */
final class JoinSteps {
    private static final Set<JoinRelType> TYPES = EnumSet.of(
            JoinRelType.INNER,
            JoinRelType.LEFT,
            JoinRelType.RIGHT,
            JoinRelType.FULL,
            JoinRelType.SEMI,
            JoinRelType.ANTI);

    private JoinSteps() {}

    static @Nullable Step of(Join join) {
        if (!TYPES.contains(join.getJoinType())) {
            return null;
        }
        if (join instanceof EnumerableHashJoin) {
            return hash(join);
        }
        return join instanceof EnumerableNestedLoopJoin ? loop(join) : null;
    }

    private static @Nullable Step loop(Join join) {
        Condition condition = condition(join, join.getCondition());
        Step left = condition == null ? null : Steps.of(join.getLeft());
        Step right = left == null ? null : Steps.of(join.getRight());
        if (condition == null || left == null || right == null) {
            return null;
        }
        JoinType type = JoinType.valueOf(join.getJoinType().name());
        Function2<@Nullable Object, @Nullable Object, @Nullable Object> row = row(join);
        return context -> EnumerableDefaults.nestedLoopJoin(
                left.open(context), right.open(context), condition.in(context), row, type);
    }

    private static @Nullable Step hash(Join join) {
        JoinInfo info = join.analyzeCondition();
        boolean plain = sameKeys(join, info);
        RexNode rest = RexUtil.composeConjunction(join.getCluster().getRexBuilder(), info.nonEquiConditions, true);
        Condition condition = rest == null ? Condition.NONE : condition(join, rest);
        Step left = !plain || condition == null ? null : Steps.of(join.getLeft());
        Step right = left == null ? null : Steps.of(join.getRight());
        if (condition == null || left == null || right == null) {
            return null;
        }
        Function1<@Nullable Object, @Nullable List<@Nullable Object>> leftKey =
                key(info.leftKeys, info.nullExclusionFlags);
        Function1<@Nullable Object, @Nullable List<@Nullable Object>> rightKey =
                key(info.rightKeys, info.nullExclusionFlags);
        JoinRelType type = join.getJoinType();
        if (!type.projectsRight()) {
            return context -> half(
                    left.open(context),
                    right.open(context),
                    leftKey,
                    rightKey,
                    type == JoinRelType.ANTI,
                    condition.in(context));
        }
        Function2<@Nullable Object, @Nullable Object, @Nullable Object> row = row(join);
        return context ->
                whole(left.open(context), right.open(context), leftKey, rightKey, row, type, condition.in(context));
    }

    @SuppressWarnings("NullAway") // Calcite's functions take nulls where their stubs do not say so.
    private static Enumerable<@Nullable Object> half(
            Enumerable<@Nullable Object> left,
            Enumerable<@Nullable Object> right,
            Function1<@Nullable Object, @Nullable List<@Nullable Object>> leftKey,
            Function1<@Nullable Object, @Nullable List<@Nullable Object>> rightKey,
            boolean anti,
            @Nullable Predicate2<@Nullable Object, @Nullable Object> condition) {
        return EnumerableDefaults.semiJoin(left, right, leftKey, rightKey, null, anti, condition);
    }

    @SuppressWarnings("NullAway") // Calcite's functions take nulls where their stubs do not say so.
    private static Enumerable<@Nullable Object> whole(
            Enumerable<@Nullable Object> left,
            Enumerable<@Nullable Object> right,
            Function1<@Nullable Object, @Nullable List<@Nullable Object>> leftKey,
            Function1<@Nullable Object, @Nullable List<@Nullable Object>> rightKey,
            Function2<@Nullable Object, @Nullable Object, @Nullable Object> row,
            JoinRelType type,
            @Nullable Predicate2<@Nullable Object, @Nullable Object> condition) {
        return EnumerableDefaults.hashJoin(
                left,
                right,
                leftKey,
                rightKey,
                row,
                null,
                type.generatesNullsOnLeft(),
                type.generatesNullsOnRight(),
                condition);
    }

    /** Keys are compared as Java objects, so both sides must have the same class, and decimals the same scale. */
    private static boolean sameKeys(Join join, JoinInfo info) {
        for (int i = 0; i < info.leftKeys.size(); i++) {
            RelDataType left = type(join.getLeft().getRowType(), info.leftKeys.get(i));
            RelDataType right = type(join.getRight().getRowType(), info.rightKeys.get(i));
            boolean decimals = left.getSqlTypeName() == SqlTypeName.DECIMAL && left.getScale() != right.getScale();
            if (!Conditions.sameClass(left, right) || decimals) {
                return false;
            }
        }
        return true;
    }

    private static RelDataType type(RelDataType row, int field) {
        return row.getFieldList().get(field).getType();
    }

    /** A row with a NULL in its key has no key and matches nothing, but where the condition is IS NOT DISTINCT FROM. */
    private static Function1<@Nullable Object, @Nullable List<@Nullable Object>> key(
            List<Integer> fields, List<Boolean> excludesNull) {
        int[] positions = fields.stream().mapToInt(field -> field).toArray();
        boolean[] excludes = new boolean[positions.length];
        for (int i = 0; i < excludes.length; i++) {
            excludes[i] = excludesNull.get(i);
        }
        return row -> {
            @Nullable Object[] key = new @Nullable Object[positions.length];
            for (int i = 0; i < key.length; i++) {
                key[i] = Tuples.value(row, positions[i]);
                if (key[i] == null && excludes[i]) {
                    return null;
                }
            }
            return Arrays.asList(key);
        };
    }

    private static Function2<@Nullable Object, @Nullable Object, @Nullable Object> row(Join join) {
        if (!join.getJoinType().projectsRight()) {
            return (left, right) -> left;
        }
        int leftWidth = Steps.width(join.getLeft());
        int rightWidth = Steps.width(join.getRight());
        return (left, right) -> Tuples.row(Tuples.joined(left, leftWidth, right, rightWidth));
    }

    /** A condition over two rows. */
    private interface Condition {
        Condition NONE = context -> null;

        /** Null when all pairs of rows pass. */
        @Nullable
        Predicate2<@Nullable Object, @Nullable Object> in(AtlasContext context);
    }

    private static @Nullable Condition condition(Join join, RexNode node) {
        int leftWidth = Steps.width(join.getLeft());
        int rightWidth = Steps.width(join.getRight());
        int[] positions = IntStream.range(0, leftWidth + rightWidth).toArray();
        RowExpression expression = Steps.hasBinaryConstant(node)
                ? null
                : Interpreted.of(node, positions, join.getCluster().getRexBuilder());
        if (expression == null) {
            return null;
        }
        return context -> (left, right) -> Boolean.TRUE.equals(
                expression.eval(Tuples.joined(left, leftWidth, right, rightWidth), context.source()));
    }
}
