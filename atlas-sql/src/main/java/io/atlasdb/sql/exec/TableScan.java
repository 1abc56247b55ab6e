package io.atlasdb.sql.exec;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.access.RowAccess;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.plan.RowSource.KeyBounds;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table or an index within bounds. An index that holds all wanted columns answers alone; otherwise each entry leads to
 * its row. Rows are read as they are asked for, so that a limit costs what it shows.
 */
final class TableScan implements Iterator<@Nullable Object[]>, AutoCloseable {
    private final StatementContext statement;
    private final TableCodec codec;
    private final @Nullable Index index;
    private final boolean covering;
    private final int[] columns;
    private final RowIterator pairs;
    /** What may be read; null when nothing is kept from the reader. */
    private final @Nullable TableAccess access;
    /** The rights on rows beside a scan of the rows themselves. */
    private final @Nullable RowAccess rowAccess;

    private long left;
    private @Nullable Object @Nullable [] ahead;
    private boolean closed;
    /** What the last row has of values that stand outside of it. */
    private long largeBytes;

    TableScan(StatementContext statement, TableCodec codec, KeyBounds bounds, int[] columns) {
        this.statement = statement;
        this.codec = codec;
        this.columns = columns;
        index = bounds.index();
        covering = index != null && covers(codec.table(), index, columns);
        KeyRange range = codec.range(
                index,
                bounds.equal(),
                bounds.lower(),
                bounds.lowerInclusive(),
                bounds.upper(),
                bounds.upperInclusive());
        TableAccess limits = statement.readable(codec.table());
        access = limits == null || limits.mayReadAll() ? null : limits;
        left = access == null || access.mayReadSome() ? bounds.limit() : 0;
        rowAccess = access == null || index != null ? null : access.rows(range, bounds.reverse());
        pairs = statement.transaction().scan(range, bounds.reverse());
    }

    private static boolean covers(Table table, Index index, int[] columns) {
        for (int column : columns) {
            int id = table.columns().get(column).id();
            if (index.parts().stream().noneMatch(part -> part.column() == id)
                    && table.primaryKey().stream().noneMatch(part -> part.column() == id)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean hasNext() {
        if (ahead == null && !closed) {
            advance();
        }
        return ahead != null;
    }

    /** Goes to the next row that may be read; what may not counts towards no limit. */
    private void advance() {
        while (left > 0) {
            statement.check();
            if (!pairs.next()) {
                break;
            }
            if (isVisible()) {
                left--;
                ahead = read();
                return;
            }
        }
        close();
    }

    private boolean isVisible() {
        if (rowAccess != null) {
            return rowAccess.may(pairs.key(), Rights.SELECT);
        }
        return access == null
                || index == null
                || access.may(codec.rowKey(index, pairs.key(), pairs.value()), Rights.SELECT);
    }

    @Override
    public @Nullable Object[] next() {
        @Nullable Object[] row = hasNext() ? ahead : null;
        if (row == null) {
            throw new NoSuchElementException("the scan is at its end");
        }
        ahead = null;
        return row;
    }

    private @Nullable Object[] read() {
        if (largeBytes > 0) {
            statement.reserve(-largeBytes, "a large value"); // whoever keeps the last row has counted it
        }
        @Nullable Object[] row = readStored();
        largeBytes = statement.readLarge(codec.table().group(), row);
        return row;
    }

    private @Nullable Object[] readStored() {
        if (index == null) {
            return codec.decode(pairs.key(), pairs.value(), columns);
        }
        if (covering) {
            return codec.decodeEntry(index, pairs.key(), pairs.value());
        }
        byte[] key = codec.rowKey(index, pairs.key(), pairs.value());
        byte[] value = statement.transaction().get(codec.table().group(), key);
        if (value == null) {
            throw ErrorCode.CORRUPT.error("index " + index.name() + " of table "
                    + codec.table().qualifiedName() + " names a row that is not there");
        }
        return codec.decode(key, value, columns);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pairs.close();
            if (rowAccess != null) {
                rowAccess.close();
            }
            statement.closed(this);
        }
    }
}
