package io.atlasdb.sql.system;

import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table made by the system.
 *
 * @param definition its columns as a catalog table, so that it is planned like any other; the first column is named as its
 *     key, which says nothing about order or uniqueness
 */
public record SystemTable(Table definition, Rows rows) {
    /** Makes the rows. */
    @FunctionalInterface
    public interface Rows {
        /** Rows as they are now, each with one value per column. Called once per scan, from any thread. */
        Iterable<@Nullable Object[]> read(SystemContext context);
    }

    /** The columns of a system table: a name followed by its type, and so on; all of them nullable. */
    public static List<Column> columns(Object... namesAndKinds) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < namesAndKinds.length; i += 2) {
            columns.add(new Column(
                    i / 2 + 1,
                    (String) namesAndKinds[i],
                    SqlType.of((SqlType.Kind) namesAndKinds[i + 1]),
                    true,
                    null,
                    Column.Identity.NONE,
                    null,
                    false));
        }
        return columns;
    }

    static Table definition(long id, String schema, String name, List<Column> columns) {
        return new Table(
                id,
                -1,
                schema,
                name,
                1,
                columns,
                List.of(new Index.Part(columns.get(0).id(), false)),
                name + "_PK",
                List.of(),
                List.of(),
                columns.size() + 1,
                Map.of());
    }
}
