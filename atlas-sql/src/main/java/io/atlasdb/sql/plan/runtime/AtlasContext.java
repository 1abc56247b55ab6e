package io.atlasdb.sql.plan.runtime;

import io.atlasdb.sql.plan.RowSource;
import io.atlasdb.sql.plan.Slots;
import io.atlasdb.sql.plan.types.AtlasTypeFactory;
import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.impl.ListTransientTable;
import org.jspecify.annotations.Nullable;

/** The values that one execution of generated code asks for by name: parameters, and objects of the plan. */
public final class AtlasContext implements DataContext, AutoCloseable {
    private static final long DAY_MICROS = 86_400_000_000L;
    /** Rows between two looks at whether the statement must stop. */
    static final int CHECK_ROWS = 256;

    /** The row type of a working table does not depend on the factory that is asked for. */
    private static final JavaTypeFactory EMPTY_TYPES = new AtlasTypeFactory();

    private final RowSource source;
    private final Map<String, Object> objects;
    private final Map<String, @Nullable Object> parameters = new HashMap<>();
    /** Bytes reserved, by meter. */
    private final Map<Integer, Long> reserved = new HashMap<>();

    private @Nullable SchemaPlus workingTables;

    /** @param objects what the plan put aside for its generated code, by name */
    public AtlasContext(RowSource source, Map<String, Object> objects) {
        this.source = source;
        this.objects = objects;
    }

    /** The rows of a branch that runs by steps; called by generated code. */
    public static Enumerable<@Nullable Object> open(DataContext context, Step step) {
        return step.open((AtlasContext) context);
    }

    public RowSource source() {
        return source;
    }

    @Override
    @SuppressWarnings("NullAway") // The interface lets null mean "none"; Calcite's stub does not say so.
    public @Nullable Object get(String name) {
        if (name.charAt(0) != '?') {
            return object(name);
        }
        Object value = parameters.get(name);
        if (value == null && !parameters.containsKey(name)) {
            value = Values.toInternal(parameter(Integer.parseInt(name, 1, name.length(), 10)));
            parameters.put(name, value);
        }
        return value;
    }

    /** A recursive query fills its working table, so each execution has its own. */
    private @Nullable Object object(String name) {
        Object object = objects.get(name);
        if (object instanceof ListTransientTable table) {
            return parameters.computeIfAbsent(name, key -> new ListTransientTable(name, table.getRowType(EMPTY_TYPES)));
        }
        return object;
    }

    private @Nullable Object parameter(int slot) {
        return switch (slot) {
            case Slots.NOW -> source.transactionMicros();
            case Slots.TODAY -> (int) Math.floorDiv(source.transactionMicros(), DAY_MICROS);
            case Slots.TIME_OF_DAY -> Math.floorMod(source.transactionMicros(), DAY_MICROS);
            case Slots.USER -> source.user();
            case Slots.SCHEMA -> source.schema();
            default -> source.parameter(slot);
        };
    }

    /** Counts memory that a step holds until it starts again or the statement ends. */
    void reserve(int meter, long bytes, String step) {
        source.reserve(bytes, step);
        reserved.merge(meter, bytes, Long::sum);
    }

    /** A step starts again, so what it held is gone. */
    void release(int meter) {
        Long bytes = reserved.remove(meter);
        if (bytes != null) {
            source.reserve(-bytes, "");
        }
    }

    @Override
    public void close() {
        reserved.values().forEach(bytes -> source.reserve(-bytes, ""));
        reserved.clear();
    }

    /** Holds the working tables of recursive queries; plans hold all others themselves. */
    @Override
    public SchemaPlus getRootSchema() {
        if (workingTables == null) {
            workingTables = CalciteSchema.createRootSchema(false, false).plus();
        }
        return workingTables;
    }

    @Override
    public JavaTypeFactory getTypeFactory() {
        throw new UnsupportedOperationException("types belong to planning");
    }

    @Override
    public QueryProvider getQueryProvider() {
        throw new UnsupportedOperationException("there are no queryables");
    }
}
