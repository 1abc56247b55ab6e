package io.atlasdb.sql.plan.ddl;

/**
 * {@code DROP SCHEMA [IF EXISTS] name [CASCADE | RESTRICT]}.
 *
 * @param cascade whether its tables go with it; otherwise it must be empty
 */
public record DropSchema(String name, boolean ifExists, boolean cascade) implements DdlCommand {
    @Override
    public String sql() {
        return "DROP SCHEMA " + (ifExists ? "IF EXISTS " : "") + QualifiedName.quote(name)
                + (cascade ? " CASCADE" : "");
    }
}
