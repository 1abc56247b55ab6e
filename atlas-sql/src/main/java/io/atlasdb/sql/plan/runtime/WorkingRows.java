package io.atlasdb.sql.plan.runtime;

import java.util.Objects;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.schema.ScannableTable;
import org.jspecify.annotations.Nullable;

/** Reads the working table of a recursive query. */
public final class WorkingRows {
    private WorkingRows() {}

    /** Called by generated code; a row of one column is the bare value. */
    public static Enumerable<@Nullable Object> scan(DataContext context, String name, int width) {
        ScannableTable table = (ScannableTable) Objects.requireNonNull(
                Objects.requireNonNull(context.getRootSchema()).tables().get(name));
        Enumerable<@Nullable Object[]> rows = table.scan(context);
        return width == 1 ? rows.select(row -> row[0]) : rows.select(row -> row);
    }
}
