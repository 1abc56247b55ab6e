package io.atlasdb.sql.plan.ddl;

import java.util.List;

/** {@code TRUNCATE [TABLE] names}: takes all rows away, in one transaction. */
public record TruncateTable(List<QualifiedName> names) implements DdlCommand {
    public TruncateTable {
        names = List.copyOf(names);
    }

    @Override
    public String sql() {
        return "TRUNCATE TABLE " + QualifiedName.sqlOf(names);
    }
}
