package io.atlasdb.sql.exec;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.codec.IndexEntry;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.tx.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one table and their index entries into a transaction, for one statement. Every index is kept, those that are
 * still being built as well. Whether a key is free is asked by {@code check}, which the commit validates at every isolation
 * level.
 *
 * <p>A failure leaves part of the statement's writes behind; the caller rolls back to where the statement began.
 */
final class RowWriter {
    private final TableRuntime table;
    private final TableCodec codec;
    private final StatementContext statement;
    private final Transaction transaction;
    private final long group;
    private final List<Index> indexes;
    /** What may be written; null when there is no limit. */
    private final @Nullable TableAccess access;

    private final Retained retained;

    RowWriter(TableRuntime table, StatementContext statement) {
        this.table = table;
        this.statement = statement;
        codec = table.codec();
        transaction = statement.transaction();
        group = table.table().group();
        indexes = table.table().indexes();
        access = statement.writable(table.table());
        retained = new Retained(table, transaction);
    }

    /** The row with that key as the transaction sees it, or null. */
    @Nullable
    Object @Nullable [] find(byte[] key) {
        @Nullable Object[] stored = findStored(key);
        if (stored == null) {
            return null;
        }
        @Nullable Object[] row = stored.clone();
        if (statement.readLarge(group, row) > 0) {
            statement.large().remember(stored, row);
        }
        return row;
    }

    /** The same with a reference in place of each value that stands outside of the row. */
    @Nullable
    Object @Nullable [] findStored(byte[] key) {
        byte[] value = transaction.get(group, key);
        return value == null ? null : codec.decode(key, value, table.allPositions());
    }

    /** Adds a row; its primary key and its unique keys must be free. */
    void insert(@Nullable Object[] row) {
        statement.check();
        table.requireValid(row, statement);
        byte[] key = codec.rowKey(row);
        require(key, Rights.INSERT);
        if (table.table().hasHiddenKey()) {
            putNew(key, row);
            return;
        }
        if (transaction.check(group, key) != null) {
            requireVisible(key);
            throw table.duplicate(table.table().primaryKeyName(), table.keyPositions(), row);
        }
        putNew(key, row);
    }

    /**
     * Adds a row, or replaces the one with the same primary key.
     *
     * @param generated columns GENERATED ALWAYS that the statement gave values for: only the value that a row has already may be
     *     given
     */
    void upsert(@Nullable Object[] row, List<Integer> generated) {
        statement.check();
        table.requireValid(row, statement);
        byte[] key = codec.rowKey(row);
        requireAny(key, Rights.INSERT, Rights.UPDATE);
        byte[] value = transaction.check(group, key);
        require(key, value == null ? Rights.INSERT : Rights.UPDATE);
        if (value != null) {
            @Nullable Object[] old = codec.decode(key, value, table.allPositions());
            retained.requireFree(old);
            for (int position : generated) {
                if (!Objects.equals(old[position], row[position])) {
                    throw generatedAlways(position);
                }
            }
            for (Index index : indexes) {
                IndexEntry before = codec.entry(index, old);
                if (!Arrays.equals(before.key(), codec.entry(index, row).key())) {
                    transaction.delete(group, before.key());
                }
            }
            Retention until = retained.ofNew(row);
            for (Index index : indexes) {
                IndexEntry after = codec.entry(index, row);
                if (!Arrays.equals(codec.entry(index, old).key(), after.key())) {
                    putEntry(index, after, row, until);
                } else if (codec.canRetain()) {
                    transaction.put(group, after.key(), until.on(after.value()));
                }
            }
            transaction.put(group, key, codec.encode(statement.large().store(row), until));
            return;
        }
        if (!generated.isEmpty()) {
            throw generatedAlways(generated.get(0));
        }
        putNew(key, row);
    }

    private AtlasException generatedAlways(int position) {
        return ErrorCode.GENERATED_ALWAYS.error(
                table.table().columns().get(position).name());
    }

    /** Removes a row with its index entries. */
    void delete(@Nullable Object[] row) {
        statement.check();
        byte[] key = codec.rowKey(row);
        require(key, Rights.DELETE);
        retained.requireFree(row);
        transaction.delete(group, key);
        for (Index index : indexes) {
            transaction.delete(group, codec.entry(index, row).key());
        }
    }

    private void require(byte[] key, int rights) {
        if (access != null && !access.may(key, rights)) {
            throw access.denied(rights);
        }
    }

    private void requireAny(byte[] key, int one, int other) {
        if (access != null && !access.may(key, one) && !access.may(key, other)) {
            throw access.denied(one | other);
        }
    }

    /** A row that may not be read must not be told of by the error that it is there. */
    private void requireVisible(byte[] key) {
        if (access != null && !access.may(key, Rights.SELECT)) {
            throw access.denied(Rights.SELECT);
        }
    }

    /** An UPDATE of these columns. */
    Change change(int[] set) {
        return new Change(set);
    }

    private void putNew(byte[] key, @Nullable Object[] row) {
        Retention until = retained.ofNew(row);
        transaction.put(group, key, codec.encode(statement.large().store(row), until));
        for (Index index : indexes) {
            putEntry(index, codec.entry(index, row), row, until);
        }
    }

    /** An entry is retained as its row is: without it a query by this index would not find the row. */
    private void putEntry(Index index, IndexEntry entry, @Nullable Object[] row, Retention until) {
        byte[] other = entry.unique() ? transaction.check(group, entry.key()) : null;
        if (other != null) {
            requireVisible(codec.rowKey(index, entry.key(), other));
            throw table.duplicate(index.name(), table.positions(index.parts()), row);
        }
        transaction.put(group, entry.key(), until.on(entry.value()));
    }

    /**
     * An UPDATE in two steps: all rows leave their old keys, then all take their new ones, so that uniqueness is asked of the
     * result and not of a moment in between ({@code SET id = id + 1}).
     */
    final class Change {
        private final boolean movesRows;
        private final List<Index> affected;
        /** Whether the statement says until when rows are retained, so that all their index entries change. */
        private final boolean retains;

        private Change(int[] set) {
            movesRows = meets(set, table.keyPositions());
            retains = retained.isSet(set);
            affected = indexes.stream()
                    .filter(index -> movesRows || retains || meets(set, table.positions(index.parts())))
                    .toList();
        }

        /** Whether rows may be taken one after the other, since no key of theirs changes. */
        boolean keepsKeys() {
            return !movesRows && affected.isEmpty();
        }

        /** The first step for one row. */
        void leave(@Nullable Object[] before, @Nullable Object[] after) {
            statement.check();
            table.requireValid(after, statement);
            byte[] key = codec.rowKey(before);
            require(key, Rights.UPDATE);
            retained.leave(before, after);
            if (movesRows) {
                byte[] to = codec.rowKey(after);
                if (!Arrays.equals(key, to)) {
                    require(key, Rights.DELETE);
                    require(to, Rights.INSERT);
                    transaction.delete(group, key);
                }
            }
            for (Index index : affected) {
                byte[] entry = codec.entry(index, before).key();
                if (entryChanges(index, entry, before, after)) {
                    transaction.delete(group, entry);
                }
            }
        }

        /** The second step for one row. */
        void take(@Nullable Object[] before, @Nullable Object[] after) {
            statement.check();
            byte[] key = codec.rowKey(after);
            if (movesRows && !Arrays.equals(key, codec.rowKey(before)) && transaction.check(group, key) != null) {
                requireVisible(key);
                throw table.duplicate(table.table().primaryKeyName(), table.keyPositions(), after);
            }
            Retention until = retained.take(before, after);
            byte[] same = retained.body(before, key);
            byte[] value = same == null ? codec.encode(statement.large().store(after), until) : until.on(same);
            transaction.put(group, key, value);
            for (Index index : affected) {
                if (entryChanges(index, codec.entry(index, before).key(), before, after)) {
                    putEntry(index, codec.entry(index, after), after, until);
                }
            }
        }

        /** A unique entry holds the primary key as its value, so it changes with it even when its own key does not. */
        private boolean entryChanges(Index index, byte[] oldKey, @Nullable Object[] before, @Nullable Object[] after) {
            IndexEntry entry = codec.entry(index, after);
            return retains
                    || !Arrays.equals(oldKey, entry.key())
                    || (movesRows
                            && !Arrays.equals(
                                    entry.value(), codec.entry(index, before).value()));
        }

        private static boolean meets(int[] set, int[] positions) {
            return Arrays.stream(set).anyMatch(s -> Arrays.stream(positions).anyMatch(p -> p == s));
        }
    }
}
