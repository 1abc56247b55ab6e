package io.atlasdb.sql.plan.ddl;

import java.util.List;

/** {@code DROP TABLE [IF EXISTS] names}; all or none. CASCADE says nothing, since nothing outside a table depends on it. */
public record DropTable(List<QualifiedName> names, boolean ifExists) implements DdlCommand {
    public DropTable {
        names = List.copyOf(names);
    }

    @Override
    public String sql() {
        return "DROP TABLE " + (ifExists ? "IF EXISTS " : "") + QualifiedName.sqlOf(names);
    }
}
