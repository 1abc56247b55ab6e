package io.atlasdb.sql.access;

import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.store.RowIterator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rights on rows that are asked for in the order of their keys: lists of rows stand in the same order as the rows, so that
 * reading them beside a scan costs a step for each list and nothing for the rows without one.
 */
public final class RowAccess implements AutoCloseable {
    private final TableAccess table;
    private final @Nullable RowIterator lists;
    private final boolean reverse;
    private boolean ahead;
    private boolean ended;

    RowAccess(TableAccess table, @Nullable RowIterator lists, boolean reverse) {
        this.table = table;
        this.lists = lists;
        this.reverse = reverse;
    }

    /** Whether the principal has all these rights on a row; keys come in the order that was said. */
    public boolean may(byte[] rowKey, int rights) {
        return table.may(list(rowKey), rights);
    }

    private AccessList list(byte[] rowKey) {
        RowIterator from = lists;
        if (from == null || ended) {
            return AccessList.EMPTY;
        }
        byte[] wanted = GroupKeys.rowAccess(table.table().id(), rowKey);
        while (true) {
            if (!ahead && !from.next()) {
                ended = true;
                return AccessList.EMPTY;
            }
            ahead = true;
            int order = Arrays.compareUnsigned(from.key(), wanted);
            if (order == 0) {
                return AccessList.decode(from.value());
            }
            if (order > 0 != reverse) {
                return AccessList.EMPTY;
            }
            ahead = false;
        }
    }

    @Override
    public void close() {
        if (lists != null) {
            lists.close();
        }
    }
}
