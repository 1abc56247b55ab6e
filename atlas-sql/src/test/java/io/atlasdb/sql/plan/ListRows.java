package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.schema.Cardinality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tables held in lists, for tests of plans: slow, obvious, and strict about the bounds that it is given. */
final class ListRows {
    /** 2024-02-29 12:34:56.789012 UTC. */
    static final long NOW = 1_709_210_096_789_012L;

    private final Map<String, Table> tables = new HashMap<>();
    private final Map<Long, List<@Nullable Object[]>> rows = new HashMap<>();
    /** The scans of the last execution, as {@code table index bounds}. */
    final List<RowSource.KeyBounds> scans = new ArrayList<>();

    /** What the planner is told of tables, by name, where it is not the truth. */
    final Map<String, Double> assumedRows = new HashMap<>();

    long reserved;
    long reservedMost;
    long budget = Long.MAX_VALUE;
    long checks;
    long checksAllowed = Long.MAX_VALUE;
    final Planner planner = new Planner();

    /** Declares a table; its first column is the key unless {@code key} names others. */
    Table table(String name, List<Column> columns, List<String> key, Index... indexes) {
        List<Index.Part> parts = key.stream()
                .map(column -> new Index.Part(position(columns, column), false))
                .toList();
        Table table = new Table(
                tables.size() + 1,
                tables.size() + 1,
                "PUBLIC",
                name,
                1,
                columns,
                parts,
                name + "_PK",
                List.of(indexes),
                List.of(),
                100,
                Map.of());
        tables.put(name, table);
        rows.put(table.id(), new ArrayList<>());
        return table;
    }

    private static int position(List<Column> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** Columns from {@code NAME TYPE}; ids count from 0; a {@code !} behind the name means NOT NULL. */
    static Column column(int id, String name, SqlType type) {
        boolean required = name.endsWith("!");
        return new Column(
                id,
                required ? name.substring(0, name.length() - 1) : name,
                type,
                !required,
                null,
                Column.Identity.NONE,
                null,
                false);
    }

    void insert(String table, @Nullable Object... row) {
        held(Objects.requireNonNull(tables.get(table))).add(row);
    }

    private List<@Nullable Object[]> held(Table table) {
        return Objects.requireNonNull(rows.get(table.id()));
    }

    PlanningContext context() {
        Cardinality cardinality = table ->
                assumedRows.getOrDefault(table.name(), (double) held(table).size());
        return new PlanningContext(new Catalog(1, Map.of("PUBLIC", Map.copyOf(tables))), "PUBLIC", cardinality);
    }

    Planned plan(String sql) {
        return planner.plan(sql, context());
    }

    /** The rows of a query as text: values separated by {@code |}, rows in order. */
    List<String> query(String sql, @Nullable Object... parameters) {
        return run(plan(sql), parameters).stream().map(ListRows::text).toList();
    }

    List<@Nullable Object[]> run(Planned planned, @Nullable Object... parameters) {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(parameters));
        values.addAll(planned.literals());
        scans.clear();
        reservedMost = 0;
        List<@Nullable Object[]> result = new ArrayList<>();
        Source source = new Source(values);
        if (planned.plan() instanceof KeyGetPlan get) {
            for (@Nullable Object[] row : held(get.table())) {
                if (matches(get.table(), get.key(), row, source)) {
                    result.add(Arrays.stream(get.projection())
                            .mapToObj(i -> row[i])
                            .toArray());
                }
            }
            return result;
        }
        try (RowCursor cursor = ((QueryPlan) planned.plan()).open(source)) {
            while (cursor.next()) {
                result.add(cursor.row());
            }
        }
        if (reserved != 0) {
            throw new AssertionError(reserved + " bytes are still reserved");
        }
        return result;
    }

    private static boolean matches(Table table, List<RowExpression> key, @Nullable Object[] row, RowSource source) {
        for (int i = 0; i < key.size(); i++) {
            Object value = key.get(i).eval(new Object[0], source);
            Object held = row[table.position(table.primaryKey().get(i).column())];
            if (value == null || compare(value, held) != 0) {
                return false;
            }
        }
        return true;
    }

    static String text(@Nullable Object[] row) {
        StringBuilder text = new StringBuilder();
        for (Object value : row) {
            text.append(text.length() == 0 ? "" : "|");
            text.append(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
        }
        return text.toString();
    }

    RowSource source(@Nullable Object... parameters) {
        return new Source(Arrays.asList(parameters));
    }

    @SuppressWarnings("unchecked")
    private static int compare(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == right ? 0 : left == null ? -1 : 1;
        }
        if (left instanceof byte[] bytes) {
            return Arrays.compareUnsigned(bytes, (byte[]) right);
        }
        if (left.getClass() != right.getClass()) {
            throw new AssertionError("a bound of " + left.getClass() + " for a column of " + right.getClass());
        }
        return ((Comparable<Object>) left).compareTo(right);
    }

    private final class Source implements RowSource {
        private final List<? extends @Nullable Object> parameters;

        Source(List<? extends @Nullable Object> parameters) {
            this.parameters = parameters;
        }

        @Override
        public Iterator<@Nullable Object[]> scan(Table table, KeyBounds bounds, int[] columns) {
            scans.add(bounds);
            List<Index.Part> key = new ArrayList<>(
                    bounds.index() == null ? List.of() : bounds.index().parts());
            // Entries of an index end with the primary key.
            key.addAll(table.primaryKey());
            Comparator<@Nullable Object[]> order = key.stream()
                    .map(part -> order(table.position(part.column()), part.descending()))
                    .reduce(Comparator::thenComparing)
                    .orElseThrow();
            return held(table).stream()
                    .filter(row -> inside(table, key, bounds, row))
                    .sorted(bounds.reverse() ? order.reversed() : order)
                    .limit(bounds.limit())
                    .map(row -> only(row, columns))
                    .iterator();
        }

        private static Comparator<@Nullable Object[]> order(int position, boolean descending) {
            Comparator<@Nullable Object[]> order = (a, b) -> compare(a[position], b[position]);
            return descending ? order.reversed() : order;
        }

        private boolean inside(Table table, List<Index.Part> key, KeyBounds bounds, @Nullable Object[] row) {
            int next = bounds.equal().length;
            for (int i = 0; i < next; i++) {
                if (compare(row[table.position(key.get(i).column())], bounds.equal()[i]) != 0) {
                    return false;
                }
            }
            if (bounds.lower() != null) {
                int order = compare(row[table.position(key.get(next).column())], bounds.lower());
                if (order < 0 || (order == 0 && !bounds.lowerInclusive())) {
                    return false;
                }
            }
            if (bounds.upper() != null) {
                int order = compare(row[table.position(key.get(next).column())], bounds.upper());
                return order < 0 || (order == 0 && bounds.upperInclusive());
            }
            return true;
        }

        /** Columns that were not asked for are null, as the contract says. */
        private static @Nullable Object[] only(@Nullable Object[] row, int[] columns) {
            @Nullable Object[] some = new @Nullable Object[row.length];
            for (int column : columns) {
                some[column] = row[column];
            }
            return some;
        }

        @Override
        public @Nullable Object parameter(int index) {
            return parameters.get(index);
        }

        @Override
        public void reserve(long bytes, String step) {
            reserved += bytes;
            reservedMost = Math.max(reservedMost, reserved);
            if (bytes > 0 && reserved > budget) {
                throw ErrorCode.MEMORY_BUDGET.error(budget, step);
            }
        }

        @Override
        public void check() {
            checks++;
            if (checks > checksAllowed) {
                throw ErrorCode.CANCELLED.error();
            }
        }

        @Override
        public long transactionMicros() {
            return NOW;
        }

        @Override
        public String user() {
            return "ANNA";
        }

        @Override
        public String schema() {
            return "PUBLIC";
        }
    }
}
