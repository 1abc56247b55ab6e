package io.atlasdb.sql.codec;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Retention;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys, rows and index entries of one version of a table. Immutable, safe for several threads; made in time proportional to the
 * number of columns, so make one per plan or statement rather than per row.
 *
 * <p>Everywhere a row is an {@code Object[]} of the table's columns in declaration order, with the Java classes of
 * {@code SqlType.Kind}, converted and checked ({@link Convert}).
 */
public final class TableCodec {
    private static final byte[] NOTHING = {};
    private static final long MICROS_PER_MS = 1_000;
    private static final int SHOWN_CHARACTERS_MAX = 100;

    private final Table table;
    private final KeyShape rows;
    private final Map<Integer, KeyShape> indexes = new HashMap<>();
    private final int[] ids;
    private final SqlType[] types;
    private final @Nullable Object[] missing;
    private final boolean[] inKey;
    /** Position of the column that shows until when a row is retained, which stands before the row; -1 for none. */
    private final int retention;
    /** Positions of the columns that are stored in the value, by ascending column id. */
    private final int[] stored;

    public TableCodec(Table table) {
        this.table = table;
        int count = table.columns().size();
        ids = new int[count];
        types = new SqlType[count];
        missing = new Object[count];
        inKey = new boolean[count];
        for (int i = 0; i < count; i++) {
            Column column = table.columns().get(i);
            ids[i] = column.id();
            types[i] = column.type();
            missing[i] = column.missing();
        }
        rows = new KeyShape(table, GroupKeys.rows(table.id(), 0), table.primaryKey());
        for (int i = 0; i < rows.size(); i++) {
            inKey[rows.position(i)] = true;
        }
        for (Index index : table.indexes()) {
            indexes.put(index.id(), new KeyShape(table, GroupKeys.rows(table.id(), index.id()), index.parts()));
        }
        retention = table.retentionPosition();
        stored = IntStream.range(0, count)
                .filter(i -> !inKey[i] && i != retention)
                .boxed()
                .sorted(Comparator.comparingInt(i -> ids[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    public Table table() {
        return table;
    }

    /**
     * The key of a row.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LIMIT} when it is too long
     */
    public byte[] rowKey(@Nullable Object[] row) {
        KeyWriter out = rows.start();
        rows.append(out, row);
        return bounded(out.toBytes(), table.primaryKeyName());
    }

    /** The key of the row with these values of the primary key, in the order of the key. */
    public byte[] rowKeyOf(@Nullable Object... primaryKey) {
        if (primaryKey.length != rows.size()) {
            throw new IllegalArgumentException(primaryKey.length + " values for a key of " + rows.size());
        }
        KeyWriter out = rows.start();
        rows.appendValues(out, primaryKey);
        return bounded(out.toBytes(), table.primaryKeyName());
    }

    /**
     * The value of a row: all columns but those of the primary key. A column of bytes may be a {@link LargeValue}.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LIMIT} when it is too large
     */
    public byte[] encode(@Nullable Object[] row) {
        return encode(row, retention(row));
    }

    /** Whether rows of this table can be retained. */
    public boolean canRetain() {
        return retention >= 0;
    }

    /** Until when a row says that it is retained. A time between two milliseconds counts as the later one. */
    public Retention retention(@Nullable Object[] row) {
        return retention >= 0 && row[retention] instanceof Long micros
                ? Retention.until(-Math.floorDiv(-micros, MICROS_PER_MS))
                : Retention.NONE;
    }

    /** The value of a row that is retained otherwise than the row itself says. */
    public byte[] encode(@Nullable Object[] row, Retention retained) {
        byte[] value = encodeWithReferences(row);
        if (value.length > Limits.ROW_BYTES_MAX) {
            throw ErrorCode.LIMIT.error(
                    "a row of table " + table.qualifiedName(), value.length + " bytes", Limits.ROW_BYTES_MAX);
        }
        return retained.on(value);
    }

    private byte[] encodeWithReferences(@Nullable Object[] row) {
        SortedMap<Integer, LargeValue> references = null;
        @Nullable Object[] inner = row;
        for (int position : stored) {
            if (row[position] instanceof LargeValue value) {
                if (references == null) {
                    references = new TreeMap<>();
                    inner = row.clone();
                }
                references.put(ids[position], value);
                inner[position] = NOTHING;
            }
        }
        byte[] value = RowCodec.encode(stored, ids, types, inner);
        return references == null ? value : References.write(references, value);
    }

    /**
     * Reads columns of a row, written by this version of the table or an older one.
     *
     * @param columns positions of the wanted columns; the others are null in the result. A value that stands outside of the row
     *     is a {@link LargeValue}
     * @throws io.atlasdb.proto.AtlasException {@code CORRUPT}
     */
    public @Nullable Object[] decode(byte[] key, byte[] value, int[] columns) {
        @Nullable Object[] row = new Object[ids.length];
        try {
            RowCodec.Reader reader = null;
            boolean keyRead = false;
            for (int column : columns) {
                if (inKey[column]) {
                    if (!keyRead) {
                        rows.read(new KeyReader(key, rows.prefix().length), row);
                        keyRead = true;
                    }
                } else if (column == retention) {
                    row[column] = retainedUntil(value);
                } else {
                    if (reader == null) {
                        reader = new RowCodec.Reader(References.withoutReferences(value));
                    }
                    row[column] = reader.holds(ids[column]) ? reader.read(ids[column], types[column]) : missing[column];
                }
            }
            return References.isReferring(value) ? withReferences(row, value, columns) : row;
        } catch (IndexOutOfBoundsException | IllegalStateException | IllegalArgumentException e) {
            throw damaged(e, key);
        }
    }

    private @Nullable Object[] withReferences(@Nullable Object[] row, byte[] value, int[] columns) {
        SortedMap<Integer, LargeValue> references = References.read(value);
        for (int column : columns) {
            LargeValue reference = inKey[column] ? null : references.get(ids[column]);
            if (reference != null) {
                row[column] = reference;
            }
        }
        return row;
    }

    /** Reads all columns of a row. */
    public @Nullable Object[] decode(byte[] key, byte[] value) {
        return decode(key, value, IntStream.range(0, ids.length).toArray());
    }

    /** Microseconds since 1970; null when it is not retained, or not stored yet. */
    private static @Nullable Long retainedUntil(byte[] value) {
        Retention retained = Retention.of(value);
        return retained.pending() || retained.isNone() ? null : retained.untilMs() * MICROS_PER_MS;
    }

    /**
     * A row or an index entry in words, by its key alone: {@code row (ID) = (7) of table PUBLIC.T}.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CORRUPT}
     */
    public String describe(byte[] key) {
        for (Index index : table.indexes()) {
            byte[] prefix = shape(index).prefix();
            if (Arrays.equals(key, 0, Math.min(key.length, prefix.length), prefix, 0, prefix.length)) {
                return "an entry of index " + index.name() + " of table " + table.qualifiedName();
            }
        }
        int[] positions = IntStream.range(0, rows.size()).map(rows::position).toArray();
        @Nullable Object[] row = decode(key, NOTHING, positions);
        StringJoiner names = new StringJoiner(", ", "(", ")");
        StringJoiner values = new StringJoiner(", ", "(", ")");
        for (int position : positions) {
            names.add(table.columns().get(position).name());
            values.add(text(types[position], row[position]));
        }
        return table.hasHiddenKey()
                ? "a row of table " + table.qualifiedName()
                : "row " + names + " = " + values + " of table " + table.qualifiedName();
    }

    /** A message is for people; a value of megabytes would hide the rest. */
    private static String text(SqlType type, @Nullable Object value) {
        String text = value == null ? "NULL" : Convert.text(type, value);
        return text.length() <= SHOWN_CHARACTERS_MAX ? text : text.substring(0, SHOWN_CHARACTERS_MAX) + "…";
    }

    /** What {@code index} holds for a row. */
    public IndexEntry entry(Index index, @Nullable Object[] row) {
        KeyShape shape = shape(index);
        KeyWriter out = shape.start();
        boolean hasNull = shape.append(out, row);
        if (!index.unique() || hasNull) {
            rows.append(out, row);
        }
        byte[] key = bounded(out.toBytes(), index.name());
        byte[] value = index.unique() ? rowKeyWithoutPrefix(row) : NOTHING;
        return new IndexEntry(key, value, index.unique() && !hasNull);
    }

    /** The key of the row that an index entry belongs to. */
    public byte[] rowKey(Index index, byte[] entryKey, byte[] entryValue) {
        byte[] prefix = rows.prefix();
        byte[] from = entryValue;
        int at = Retention.bodyAt(entryValue);
        if (!index.unique()) {
            from = entryKey;
            at = endOfColumns(index, entryKey);
        }
        byte[] key = Arrays.copyOf(prefix, prefix.length + from.length - at);
        System.arraycopy(from, at, key, prefix.length, from.length - at);
        return key;
    }

    /** A row with only those columns that an index entry holds: the indexed ones and the primary key. */
    public @Nullable Object[] decodeEntry(Index index, byte[] entryKey, byte[] entryValue) {
        @Nullable Object[] row = new Object[ids.length];
        KeyShape shape = shape(index);
        try {
            KeyReader in = new KeyReader(entryKey, shape.prefix().length);
            shape.read(in, row);
            rows.read(index.unique() ? new KeyReader(entryValue, Retention.bodyAt(entryValue)) : in, row);
            return row;
        } catch (IndexOutOfBoundsException | IllegalStateException | IllegalArgumentException e) {
            throw damaged(e, entryKey);
        }
    }

    /** All rows of the table. */
    public KeyRange rows() {
        return KeyRange.prefix(table.group(), rows.prefix());
    }

    /** All entries of an index. */
    public KeyRange entries(Index index) {
        return KeyRange.prefix(table.group(), shape(index).prefix());
    }

    /**
     * The keys within bounds. Values have the Java class of their column; a DECIMAL may have any scale.
     *
     * @param index null for the primary key
     * @param equal values of the leading key columns; null stands for NULL
     * @param lower, upper bounds on the next key column, null for none; with either of them NULLs are left out
     */
    public KeyRange range(
            @Nullable Index index,
            @Nullable Object[] equal,
            @Nullable Object lower,
            boolean lowerInclusive,
            @Nullable Object upper,
            boolean upperInclusive) {
        KeyShape shape = index == null ? rows : shape(index);
        return shape.range(equal, lower, lowerInclusive, upper, upperInclusive);
    }

    private byte[] rowKeyWithoutPrefix(@Nullable Object[] row) {
        KeyWriter out = new KeyWriter(NOTHING);
        rows.append(out, row);
        return out.toBytes();
    }

    private int endOfColumns(Index index, byte[] entryKey) {
        KeyShape shape = shape(index);
        try {
            KeyReader in = new KeyReader(entryKey, shape.prefix().length);
            shape.skip(in);
            return in.position();
        } catch (IndexOutOfBoundsException | IllegalStateException | IllegalArgumentException e) {
            throw damaged(e, entryKey);
        }
    }

    private KeyShape shape(Index index) {
        KeyShape shape = indexes.get(index.id());
        if (shape == null) {
            throw new IllegalArgumentException("table " + table.name() + " has no index " + index.name());
        }
        return shape;
    }

    private byte[] bounded(byte[] key, String name) {
        if (key.length > Limits.KEY_BYTES_MAX) {
            throw ErrorCode.LIMIT.error(
                    "a key of " + name + " in table " + table.qualifiedName(),
                    key.length + " bytes",
                    Limits.KEY_BYTES_MAX);
        }
        return key;
    }

    private RuntimeException damaged(RuntimeException cause, byte[] key) {
        return ErrorCode.CORRUPT.error(
                cause,
                "a row of table " + table.qualifiedName() + " at "
                        + HexFormat.of().formatHex(key, 0, Math.min(64, key.length)));
    }
}
