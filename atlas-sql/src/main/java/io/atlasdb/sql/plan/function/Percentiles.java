package io.atlasdb.sql.plan.function;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.AggAddContext;
import org.apache.calcite.adapter.enumerable.AggContext;
import org.apache.calcite.adapter.enumerable.AggImplementor;
import org.apache.calcite.adapter.enumerable.AggResetContext;
import org.apache.calcite.adapter.enumerable.AggResultContext;
import org.apache.calcite.adapter.enumerable.EnumUtils;
import org.apache.calcite.adapter.enumerable.StrictAggImplementor;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableAggFunction;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/**
 * PERCENTILE_DISC and PERCENTILE_CONT of ISO/IEC 9075-2 §10.9, which Calcite parses and cannot run. The values of a group come
 * sorted, NULLs left out.
 */
public final class Percentiles {
    private static final Method ADD = Types.lookupMethod(Percentiles.class, "add", Object.class, Object.class);
    private static final SqlAggFunction DISC = function("PERCENTILE_DISC", "discrete");
    private static final SqlAggFunction CONT = function("PERCENTILE_CONT", "continuous");

    private final List<Object> values = new ArrayList<>();
    private double fraction;

    /** The function that runs a standard one, or null for another. Its arguments are the fraction and the value to sort by. */
    public static @Nullable SqlAggFunction of(SqlAggFunction standard) {
        return switch (standard.getKind()) {
            case PERCENTILE_DISC -> DISC;
            case PERCENTILE_CONT -> CONT;
            default -> null;
        };
    }

    /** Takes the next value of the group; called by generated code. */
    public void add(Object fractionWanted, Object value) {
        fraction = ((Number) fractionWanted).doubleValue();
        values.add(value);
    }

    /** The first value at or behind the fraction; null for an empty group. */
    public @Nullable Object discrete() {
        if (values.isEmpty()) {
            return null;
        }
        int position = (int) Math.ceil(fraction * values.size()) - 1;
        return values.get(Math.max(0, position));
    }

    /** A DOUBLE between the two neighbours of the fraction; null for an empty group. */
    public @Nullable Object continuous() {
        if (values.isEmpty()) {
            return null;
        }
        double position = fraction * (values.size() - 1);
        double low = number((int) Math.floor(position));
        double high = number((int) Math.ceil(position));
        return low + (high - low) * (position - Math.floor(position));
    }

    private double number(int position) {
        return ((Number) values.get(position)).doubleValue();
    }

    private static SqlAggFunction function(String name, String result) {
        return new SqlUserDefinedAggFunction(
                new SqlIdentifier(name, SqlParserPos.ZERO),
                SqlKind.OTHER_FUNCTION,
                ReturnTypes.ARG1.andThen(SqlTypeTransforms.FORCE_NULLABLE),
                InferTypes.RETURN_TYPE,
                null,
                new Function(result),
                false,
                false,
                Optionality.MANDATORY);
    }

    private record Function(String result) implements ImplementableAggFunction {
        @Override
        public AggImplementor getImplementor(boolean windowContext) {
            return new Implementor(result);
        }

        @Override
        public List<FunctionParameter> getParameters() {
            return List.of();
        }

        @Override
        public RelDataType getReturnType(RelDataTypeFactory factory) {
            throw new UnsupportedOperationException("the type is that of the call");
        }
    }

    private static final class Implementor extends StrictAggImplementor {
        private final String result;

        Implementor(String result) {
            this.result = result;
        }

        @Override
        public List<java.lang.reflect.Type> getNotNullState(AggContext info) {
            return List.of(Percentiles.class);
        }

        @Override
        protected void implementNotNullReset(AggContext info, AggResetContext reset) {
            reset.currentBlock()
                    .add(Expressions.statement(
                            Expressions.assign(reset.accumulator().get(0), Expressions.new_(Percentiles.class))));
        }

        @Override
        protected void implementNotNullAdd(AggContext info, AggAddContext add) {
            List<Expression> boxed =
                    add.arguments().stream().map(Expressions::box).toList();
            add.currentBlock()
                    .add(Expressions.statement(
                            Expressions.call(add.accumulator().get(0), ADD, boxed)));
        }

        @Override
        protected Expression implementNotNullResult(AggContext info, AggResultContext result) {
            Expression value = Expressions.call(result.accumulator().get(0), this.result);
            return EnumUtils.convert(value, info.returnType());
        }
    }
}
