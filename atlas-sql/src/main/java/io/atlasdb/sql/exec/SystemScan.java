package io.atlasdb.sql.exec;

import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.RowSource.KeyBounds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of a system table within bounds and in the order of its first column, which stands for its key. */
final class SystemScan {
    private SystemScan() {}

    static Iterator<@Nullable Object[]> open(
            StatementContext.SystemRows source, Table table, KeyBounds bounds, StatementContext statement) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        int key = table.position(table.primaryKey().get(0).column());
        Iterator<@Nullable Object[]> all = source.rows(table, statement);
        while (all.hasNext()) {
            statement.check();
            @Nullable Object[] row = all.next();
            if (isWithin(row[key], bounds)) {
                statement.reserveRow(row, "reading " + table.qualifiedName());
                rows.add(row);
            }
        }
        Comparator<@Nullable Object[]> order = (a, b) -> compare(a[key], b[key]);
        rows.sort(bounds.reverse() ? order.reversed() : order);
        return rows.iterator();
    }

    private static boolean isWithin(@Nullable Object value, KeyBounds bounds) {
        if (bounds.equal().length > 0) {
            return Objects.equals(value, bounds.equal()[0]);
        }
        if (bounds.lower() == null && bounds.upper() == null) {
            return true;
        }
        int low = bounds.lower() == null ? 1 : compare(value, bounds.lower());
        int high = bounds.upper() == null ? -1 : compare(value, bounds.upper());
        return value != null
                && (low > 0 || (low == 0 && bounds.lowerInclusive()))
                && (high < 0 || (high == 0 && bounds.upperInclusive()));
    }

    @SuppressWarnings("unchecked") // the values of one column are of one class, and every such class is comparable
    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? -1 : 1;
        }
        return ((Comparable<Object>) a).compareTo(b);
    }
}
