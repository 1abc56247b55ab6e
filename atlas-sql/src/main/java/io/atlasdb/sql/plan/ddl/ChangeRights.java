package io.atlasdb.sql.plan.ddl;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code GRANT privileges ON TABLE t | SCHEMA s TO principals} and {@code REVOKE … FROM …}.
 *
 * @param privileges SELECT, INSERT, UPDATE, DELETE, OWNERSHIP or ALL, not checked
 * @param table null when the statement is about a schema
 * @param schema null when it is about a table
 * @param principals as they were written
 */
public record ChangeRights(
        boolean grants,
        List<String> privileges,
        @Nullable QualifiedName table,
        @Nullable String schema,
        List<String> principals)
        implements DdlCommand {
    public ChangeRights {
        privileges = List.copyOf(privileges);
        principals = List.copyOf(principals);
    }

    @Override
    public String sql() {
        String target =
                table != null ? "TABLE " + table.sql() : "SCHEMA " + QualifiedName.quote(String.valueOf(schema));
        return (grants ? "GRANT " : "REVOKE ") + String.join(", ", privileges) + " ON " + target
                + (grants ? " TO " : " FROM ")
                + principals.stream().map(QualifiedName::quote).collect(Collectors.joining(", "));
    }
}
