package io.atlasdb.sql.plan.function;

import io.atlasdb.sql.plan.RowExpression;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongBinaryOperator;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.ReflectiveCallNotNullImplementor;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Function;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls of this package's static methods in expressions. A call is NULL when an argument is; a call of literals is done at
 * once.
 */
public final class AtlasFunctions {
    private static final Map<String, SqlUserDefinedFunction> OPERATORS = new ConcurrentHashMap<>();

    /** What expressions do most, without a detour over a method handle. */
    private static final Map<String, LongBinaryOperator> EXACT = Map.of(
            "Numbers.plus", Numbers::plus,
            "Numbers.minus", Numbers::minus,
            "Numbers.times", Numbers::times,
            "Numbers.divide", Numbers::divide,
            "Numbers.modulo", Numbers::modulo);

    private AtlasFunctions() {}

    /** A call of {@code type.name(operands)} whose value has the type {@code result}, or its value when all are literals. */
    public static RexNode call(
            RexBuilder builder, RelDataType result, Class<?> type, String name, List<? extends RexNode> operands) {
        Implementation implementation = (Implementation) operator(type, name).getFunction();
        RexNode folded = implementation.fold(builder, result, operands);
        return folded == null ? builder.makeCall(result, operator(type, name), List.copyOf(operands)) : folded;
    }

    /** A call that is made even when an argument is NULL; the method takes the boxed classes. */
    public static RexNode lenientCall(
            RexBuilder builder, RelDataType result, Class<?> type, String name, List<RexNode> operands) {
        return builder.makeCall(result, lenientOperator(type, name), operands);
    }

    /** A call of one of these functions as an expression over rows, or null for another operator. */
    public static @Nullable RowExpression interpret(SqlOperator operator, List<RowExpression> operands) {
        if (!(operator instanceof SqlUserDefinedFunction function)
                || !(function.getFunction() instanceof Implementation implementation)) {
            return null;
        }
        RowExpression[] arguments = operands.toArray(RowExpression[]::new);
        LongBinaryOperator exact = EXACT.get(function.getName());
        if (exact != null) {
            return exact(exact, arguments[0], arguments[1]);
        }
        Class<?>[] types = implementation.method.getParameterTypes();
        MethodHandle handle = implementation.spread;
        return (row, source) -> {
            @Nullable Object[] values = new @Nullable Object[arguments.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = widened(arguments[i].eval(row, source), types[i]);
                if (values[i] == null) {
                    return null;
                }
            }
            Object result = invoke(handle, values);
            return result instanceof ByteString bytes ? bytes.getBytes() : result;
        };
    }

    private static RowExpression exact(LongBinaryOperator operation, RowExpression left, RowExpression right) {
        return (row, source) -> {
            Object first = left.eval(row, source);
            Object second = first == null ? null : right.eval(row, source);
            return first instanceof Number a && second instanceof Number b
                    ? (Object) operation.applyAsLong(a.longValue(), b.longValue())
                    : null;
        };
    }

    /** The Java class of what a call of one of these functions gives; null for another operator. */
    public static @Nullable Class<?> resultClass(SqlOperator operator) {
        return operator instanceof SqlUserDefinedFunction function
                        && function.getFunction() instanceof Implementation implementation
                ? Implementation.boxed(implementation.method.getReturnType())
                : null;
    }

    private static @Nullable Object widened(@Nullable Object value, Class<?> type) {
        if (type == ByteString.class && value instanceof byte[] bytes) {
            return new ByteString(bytes);
        }
        if (type == long.class && value instanceof Number number) {
            return number.longValue();
        }
        return type == double.class && value instanceof Number number ? (Object) number.doubleValue() : value;
    }

    private static @Nullable Object invoke(MethodHandle handle, @Nullable Object[] values) {
        try {
            return handle.invokeExact(values);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable checked) {
            throw new IllegalStateException(checked);
        }
    }

    private static SqlUserDefinedFunction operator(Class<?> type, String name) {
        return OPERATORS.computeIfAbsent(
                type.getSimpleName() + "." + name, key -> operator(key, Implementation.of(method(type, name))));
    }

    private static SqlUserDefinedFunction lenientOperator(Class<?> type, String name) {
        return OPERATORS.computeIfAbsent(
                type.getSimpleName() + "." + name, key -> operator(key, new Lenient(method(type, name))));
    }

    private static SqlUserDefinedFunction operator(String name, Function implementation) {
        return new SqlUserDefinedFunction(
                new SqlIdentifier(name, SqlParserPos.ZERO),
                SqlKind.OTHER_FUNCTION,
                ReturnTypes.ARG0,
                InferTypes.RETURN_TYPE,
                null,
                implementation);
    }

    private static Method method(Class<?> type, String name) {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)) {
                return method;
            }
        }
        throw new IllegalArgumentException("no function " + type.getSimpleName() + "." + name);
    }

    /** How generated code calls a method that takes NULLs. */
    private record Lenient(Method method) implements ImplementableFunction {
        @Override
        public CallImplementor getImplementor() {
            return RexImpTable.createImplementor(new ReflectiveCallNotNullImplementor(method), NullPolicy.NONE, false);
        }

        @Override
        public List<FunctionParameter> getParameters() {
            return List.of();
        }
    }

    /**
     * How generated code calls the method.
     *
     * @param spread the method taking all its arguments in an array
     */
    private record Implementation(Method method, MethodHandle spread) implements ImplementableFunction {
        static Implementation of(Method method) {
            try {
                return new Implementation(
                        method,
                        MethodHandles.publicLookup()
                                .unreflect(method)
                                .asSpreader(Object[].class, method.getParameterCount())
                                .asType(MethodType.methodType(Object.class, Object[].class)));
            } catch (IllegalAccessException hidden) {
                throw new IllegalStateException(method.toString(), hidden);
            }
        }

        @Override
        public CallImplementor getImplementor() {
            return RexImpTable.createImplementor(
                    new ReflectiveCallNotNullImplementor(method), NullPolicy.STRICT, false);
        }

        @Override
        public List<FunctionParameter> getParameters() {
            return List.of();
        }

        @Nullable
        RexNode fold(RexBuilder builder, RelDataType result, List<? extends RexNode> operands) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                if (!(operands.get(i) instanceof RexLiteral literal)) {
                    return null;
                }
                if (literal.isNull()) {
                    return builder.makeNullLiteral(result);
                }
                Object value = literal.getValueAs(boxed(method.getParameterTypes()[i]));
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
            try {
                Object value = method.invoke(null, values.toArray());
                return value == null ? null : builder.makeLiteral(value, result, true, true);
            } catch (InvocationTargetException failed) {
                // The error belongs to the execution: the call may stand in a branch that is never taken.
                return null;
            } catch (IllegalAccessException hidden) {
                throw new IllegalStateException(method.toString(), hidden);
            }
        }

        private static Class<?> boxed(Class<?> type) {
            return MethodType.methodType(type).wrap().returnType();
        }
    }
}
