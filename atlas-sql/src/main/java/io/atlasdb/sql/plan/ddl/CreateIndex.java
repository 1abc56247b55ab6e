package io.atlasdb.sql.plan.ddl;

import java.util.List;
import java.util.stream.Collectors;

/** {@code CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON table (columns)}; the index lives in the schema of its table. */
public record CreateIndex(
        String name, QualifiedName table, boolean unique, boolean ifNotExists, List<IndexColumn> columns)
        implements DdlCommand {
    public CreateIndex {
        columns = List.copyOf(columns);
    }

    @Override
    public String sql() {
        return "CREATE " + (unique ? "UNIQUE " : "") + "INDEX " + (ifNotExists ? "IF NOT EXISTS " : "")
                + QualifiedName.quote(name) + " ON " + table.sql() + " "
                + columns.stream().map(IndexColumn::sql).collect(Collectors.joining(", ", "(", ")"));
    }
}
