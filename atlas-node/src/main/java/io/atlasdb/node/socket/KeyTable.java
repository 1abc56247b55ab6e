package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.KeyTables;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.IndexEntry;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.tx.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One version of a table of schema KV, as keys and values see it. SQL may have added columns and indexes to it: then a write
 * must read the old row, so as to keep what it does not set and to maintain the indexes.
 */
final class KeyTable {
    private final Table table;
    private final TableCodec codec;
    private final Guard guard;
    private final int key;
    private final int value;
    private final int updatedAt;
    private final int owner;
    private final boolean plain;

    private KeyTable(Table table) {
        this.table = table;
        codec = new TableCodec(table);
        guard = CatalogStore.guard(table);
        key = table.position("KEY");
        value = table.position("VALUE");
        updatedAt = table.position("UPDATED_AT");
        owner = table.position("OWNER");
        Table original = KeyTables.definition(table.name(), table.id(), table.group());
        plain = table.indexes().isEmpty()
                && table.checks().isEmpty()
                && table.columns().equals(original.columns());
    }

    /** The table as one of keys, or null when SQL made it with another key or value, or a name that no key can have. */
    static @Nullable KeyTable of(Table table) {
        int key = table.position("KEY");
        int value = table.position("VALUE");
        boolean fits = key >= 0
                && value >= 0
                && table.name().indexOf('.') < 0
                && table.primaryKey().size() == 1
                && table.position(table.primaryKey().get(0).column()) == key
                && table.columns().get(key).type().kind() == SqlType.Kind.VARCHAR
                && table.columns().get(value).type().kind() == SqlType.Kind.VARBINARY;
        return fits ? new KeyTable(table) : null;
    }

    Table table() {
        return table;
    }

    /** Whether a write can be made without looking at the old row. */
    boolean plain() {
        return plain;
    }

    /** The condition that the table still has this version. */
    Guard guard() {
        return guard;
    }

    byte[] rowKey(String row) {
        return codec.rowKeyOf(row);
    }

    /** A new row, encoded; columns that SQL added keep the values of {@code old}. */
    byte[] encode(@Nullable Object[] row, Retention until) {
        return codec.encode(row, until);
    }

    /** The columns of a row with a new value, bytes or a {@code LargeValue}, the others from the old row or null. */
    @Nullable
    Object[] row(String row, Object bytes, @Nullable String principal, @Nullable Object @Nullable [] old) {
        @Nullable Object[] columns = old == null ? new Object[table.columns().size()] : Arrays.copyOf(old, old.length);
        columns[key] = row;
        columns[value] = bytes;
        if (updatedAt >= 0) {
            columns[updatedAt] = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        }
        if (owner >= 0) {
            columns[owner] = principal;
        }
        return columns;
    }

    /** The value of a row, bytes or a {@code LargeValue}; NULL, which only SQL can write, counts as empty. */
    Object value(byte[] rowKey, byte[] rowValue) {
        Object bytes = codec.decode(rowKey, rowValue, new int[] {value})[value];
        return bytes == null ? new byte[0] : bytes;
    }

    /** The text of a row's key. */
    String key(byte[] rowKey, byte[] rowValue) {
        return String.valueOf(codec.decode(rowKey, rowValue, new int[] {key})[key]);
    }

    /** The rows with keys at or above a text. */
    KeyRange rowsFrom(String row) {
        return row.isEmpty() ? codec.rows() : codec.range(null, new Object[0], row, true, null, false);
    }

    /** Replaces, retains longer, or removes a row and its index entries in a transaction that reads the old row. */
    void replace(
            Transaction transaction, String row, @Nullable Object bytes, @Nullable String principal, Retention until) {
        long group = table.group();
        byte[] rowKey = rowKey(row);
        byte[] stored = transaction.check(group, rowKey);
        @Nullable Object @Nullable [] old = stored == null ? null : codec.decode(rowKey, stored);
        if (old != null) {
            for (Index index : table.indexes()) {
                transaction.delete(group, codec.entry(index, old).key());
            }
        }
        if (bytes == null) {
            transaction.delete(group, rowKey);
        } else {
            // As it was stored, byte by byte: an older version of the table may have written it.
            byte[] same = stored != null && !until.isNone() && isRetained(stored) && isValue(rowKey, stored, bytes)
                    ? Retention.body(stored)
                    : null;
            @Nullable Object[] columns = old != null && same != null ? old : row(row, bytes, principal, old);
            checkConstraints(columns);
            for (Index index : table.indexes()) {
                IndexEntry entry = codec.entry(index, columns);
                if (entry.unique() && transaction.check(group, entry.key()) != null) {
                    throw ErrorCode.UNIQUE.error(index.name(), "an entry like that of KEY " + row);
                }
                transaction.put(group, entry.key(), until.on(entry.value()));
            }
            transaction.put(group, rowKey, same == null ? codec.encode(columns, until) : until.on(same));
        }
        transaction.guard(guard);
    }

    private static boolean isRetained(byte[] stored) {
        return !Retention.of(stored).isNone();
    }

    private boolean isValue(byte[] rowKey, byte[] stored, Object bytes) {
        return Objects.deepEquals(value(rowKey, stored), bytes);
    }

    private void checkConstraints(@Nullable Object[] columns) {
        if (!table.checks().isEmpty()) {
            throw ErrorCode.UNSUPPORTED.error("KEY PUT into table " + table.qualifiedName()
                    + ", which has CHECK constraints; write it by SQL: this");
        }
        for (int i = 0; i < columns.length; i++) {
            Column column = table.columns().get(i);
            if (columns[i] == null && !column.nullable()) {
                throw ErrorCode.NOT_NULL.error(column.name(), table.qualifiedName());
            }
        }
    }
}
