package io.atlasdb.sql.codec;

import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random types, values, tables and rows; values are often equal, short, or at an edge. */
final class RandomRows {
    private static final long[] EDGES = {0, 1, -1, 127, 128, -128, -129, 255, 256, 65_535, 65_536, -65_536, 1L << 40};
    private static final String[] PIECES = {"", "a", "b", "\0", "\1", "é", "\uFFFF", "\uD83D\uDE00", "\u0800", "zz"};

    private RandomRows() {}

    static SqlType type(RandomGenerator random) {
        SqlType.Kind[] kinds = SqlType.Kind.values();
        SqlType.Kind kind = kinds[random.nextInt(kinds.length)];
        return kind == SqlType.Kind.DECIMAL ? new SqlType(kind, 38, random.nextInt(3) * 4) : SqlType.of(kind);
    }

    static Object value(RandomGenerator random, SqlType type) {
        long number = whole(random);
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) number;
            case SMALLINT -> (short) number;
            case INTEGER, DATE, INTERVAL_YEAR_MONTH -> (int) number;
            case BIGINT, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_DAY_TIME -> number;
            case DECIMAL ->
                new BigDecimal(
                        random.nextInt(3) > 0
                                ? BigInteger.valueOf(number)
                                : new BigInteger(random.nextInt(1, 126), new java.util.Random(number))
                                        .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)),
                        type.scale());
            case REAL -> (float) real(random, number);
            case DOUBLE -> real(random, number);
            case CHAR, VARCHAR, JSON -> text(random);
            case BINARY, VARBINARY -> bytes(random);
            case UUID -> new UUID(number, whole(random));
        };
    }

    private static long whole(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextLong();
            case 2 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
            default -> random.nextInt(-5, 5);
        };
    }

    private static double real(RandomGenerator random, long number) {
        double[] odd = {0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE};
        return random.nextInt(4) == 0 ? odd[random.nextInt(odd.length)] : number / 8.0;
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static byte[] bytes(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(4)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(-2, 3);
        }
        return bytes;
    }

    /** A table of one to six columns with a primary key, a unique and a plain index on random columns. */
    static Table table(RandomGenerator random) {
        List<Column> columns = new ArrayList<>();
        int id = 1;
        for (int i = random.nextInt(1, 7); i > 0; i--) {
            columns.add(column(id, type(random), null));
            id += random.nextInt(1, random.nextInt(20) == 0 ? 90 : 3);
        }
        List<Index> indexes = List.of(
                new Index(id, "I1", true, parts(random, columns), Index.State.PUBLIC, false),
                new Index(id + 1, "I2", false, parts(random, columns), Index.State.PUBLIC, false));
        return table(columns, parts(random, columns), indexes, id + 2);
    }

    static Table table(List<Column> columns, List<Index.Part> primaryKey, List<Index> indexes, int nextId) {
        return new Table(300, 7, "PUBLIC", "T", 1, columns, primaryKey, "T_PK", indexes, List.of(), nextId, Map.of());
    }

    static Column column(int id, SqlType type, @Nullable Object missing) {
        return new Column(id, "C" + id, type, true, null, Column.Identity.NONE, missing, false);
    }

    private static List<Index.Part> parts(RandomGenerator random, List<Column> columns) {
        List<Index.Part> parts = new ArrayList<>();
        int start = random.nextInt(columns.size());
        for (int i = random.nextInt(1, columns.size() + 1); i > 0; i--) {
            parts.add(new Index.Part(columns.get((start + i) % columns.size()).id(), random.nextBoolean()));
        }
        return parts;
    }

    static @Nullable Object[] row(RandomGenerator random, Table table) {
        @Nullable Object[] row = new Object[table.columns().size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextInt(6) == 0
                    ? null
                    : value(random, table.columns().get(i).type());
        }
        return row;
    }

    /** The order that keys must have: by part, NULL first, reversed where descending. */
    static Comparator<@Nullable Object[]> order(Table table, List<Index.Part> parts) {
        return (a, b) -> {
            for (Index.Part part : parts) {
                int at = table.position(part.column());
                int order = compare(a[at], b[at]);
                if (order != 0) {
                    return part.descending() ? -order : order;
                }
            }
            return 0;
        };
    }

    @SuppressWarnings("unchecked")
    static int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? -1 : 1;
        }
        return a instanceof byte[] left
                ? Arrays.compareUnsigned(left, (byte[]) b)
                : ((Comparable<Object>) a).compareTo(b);
    }
}
